"""Reads a record with the Python `mcap` package: CRCs, summary, and every message by its channel's schema.

Prints one JSON document.
"""

import json
import sys
from mcap.reader import make_reader


def check(value, schema, where):
    """The part of JSON Schema that our schemas use."""
    kind = schema.get("type")
    if kind == "object":
        assert isinstance(value, dict), where
        for key in schema.get("required", []):
            assert key in value, f"{where}: {key} is missing"
        for key, sub in schema.get("properties", {}).items():
            if key in value:
                check(value[key], sub, f"{where}.{key}")
    elif kind == "array":
        assert isinstance(value, list), where
        for item in value:
            check(item, schema.get("items", {}), f"{where}[]")
    elif kind == "number":
        assert isinstance(value, (int, float)) and not isinstance(value, bool), where
    elif kind == "integer":
        assert isinstance(value, int) and not isinstance(value, bool), where
    elif kind == "string":
        assert isinstance(value, str), where
    elif kind == "boolean":
        assert isinstance(value, bool), where
    if "enum" in schema:
        assert value in schema["enum"], where


counts = {}
schemas = {}
with open(sys.argv[1], "rb") as file:
    reader = make_reader(file, validate_crcs=True)
    summary = reader.get_summary()
    for schema, channel, message in reader.iter_messages():
        assert schema is not None and schema.encoding == "jsonschema", channel.topic
        assert channel.message_encoding == "json", channel.topic
        check(json.loads(message.data), json.loads(schema.data), channel.topic)
        counts[channel.topic] = counts.get(channel.topic, 0) + 1
        schemas[channel.topic] = schema.name
    attachments = [attachment.name for attachment in reader.iter_attachments()]

result = {
    "counts": counts,
    "schemas": schemas,
    "attachments": attachments,
    "total": summary.statistics.message_count,
    "chunks": len(summary.chunk_indexes),
}
print(json.dumps(result))
