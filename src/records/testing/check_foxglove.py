"""Publishes a record again with foxglove-sdk: every message of a Foxglove schema through the SDK's own type, the others
by their JSON Schema. Prints the counts of what the SDK wrote, per topic, as JSON. Usage: check_foxglove.py RECORD OUT
"""

import base64
import json
import sys

import foxglove
from foxglove import Schema, channels, messages
from mcap.reader import make_reader

# Our field -> type in the SDK; lists hold that type.
TYPES = {
    "timestamp": "Timestamp",
    "pose": "Pose",
    "poses": "Pose",
    "position": "Vector3",
    "orientation": "Quaternion",
    "translation": "Vector3",
    "rotation": "Quaternion",
    "transforms": "FrameTransform",
    "fields": "PackedElementField",
    "joints": "JointState",
}
ENUMS = {
    "level": lambda number: list_of(messages.LogLevel)[number],
    "type": lambda number: list_of(messages.PackedElementFieldNumericType)[number],
}


def list_of(enum):
    """Members of one of the SDK's enums, in the order of their numbers."""
    members = [getattr(enum, name) for name in dir(enum) if not name.startswith("_") and isinstance(getattr(enum, name), enum)]
    return sorted(members, key=int)


def typed(kind, value):
    def convert(key, entry):
        if key == "data":
            return base64.b64decode(entry)
        if key in ENUMS:
            return ENUMS[key](entry)
        if isinstance(entry, list):
            return [typed(TYPES[key], item) for item in entry]
        return typed(TYPES[key], entry) if isinstance(entry, dict) else entry

    return getattr(messages, kind)(**{key: convert(key, entry) for key, entry in value.items()})


with open(sys.argv[1], "rb") as file, foxglove.open_mcap(sys.argv[2], allow_overwrite=True):
    opened = {}
    for schema, channel, message in make_reader(file).iter_messages():
        name = schema.name
        kind = name.removeprefix("foxglove.")
        if channel.topic not in opened:
            opened[channel.topic] = (
                foxglove.Channel(channel.topic, schema=Schema(name=name, encoding="jsonschema", data=schema.data), message_encoding="json")
                if kind == name
                else getattr(channels, f"{kind}Channel")(channel.topic)
            )
        value = message.data if kind == name else typed(kind, json.loads(message.data))
        opened[channel.topic].log(value, log_time=message.log_time)

counts = {}
with open(sys.argv[2], "rb") as file:
    for schema, channel, message in make_reader(file).iter_messages():
        counts[channel.topic] = counts.get(channel.topic, 0) + 1
print(json.dumps(counts))
