"""Writes MCAP files as other programs do, each with one cloud of four points: ROS 1, ROS 2 and Foxglove's protobuf.

Usage: make_clouds.py FOLDER. Needs mcap, mcap-ros1-support, mcap-ros2-support and foxglove-sdk.
"""

import struct
import sys
from pathlib import Path

import foxglove
from foxglove.channels import PointCloudChannel
from foxglove.messages import PackedElementField, PackedElementFieldNumericType as Type
from foxglove.messages import PointCloud, Pose, Quaternion, Timestamp, Vector3
from mcap.writer import Writer

folder = Path(sys.argv[1])
points = b"".join(struct.pack("<fffBBBBH", i, 10 + i, 20 + i, 1, 2, 3 + i, 255, 100 + i) for i in range(4))
STRIDE = 18

field = lambda name, offset, kind: PackedElementField(name=name, offset=offset, type=kind)
cloud = PointCloud(
    timestamp=Timestamp(sec=12, nsec=500_000_000),
    frame_id="lidar",
    pose=Pose(position=Vector3(x=0.5, y=0, z=0), orientation=Quaternion(x=0, y=0, z=0, w=1)),
    point_stride=STRIDE,
    fields=[
        *(field(name, 4 * k, Type.Float32) for k, name in enumerate("xyz")),
        *(field(name, 12 + k, Type.Uint8) for k, name in enumerate(("red", "green", "blue", "alpha"))),
        field("ring", 16, Type.Uint16),
    ],
    data=points,
)
path = folder / "cloud-protobuf.mcap"
path.unlink(missing_ok=True)
with foxglove.open_mcap(path):
    PointCloudChannel("/points").log(cloud, log_time=1)

ROS1 = """std_msgs/Header header
uint32 height
uint32 width
sensor_msgs/PointField[] fields
bool is_bigendian
uint32 point_step
uint32 row_step
uint8[] data
bool is_dense
================================================================================
MSG: std_msgs/Header
uint32 seq
time stamp
string frame_id
================================================================================
MSG: sensor_msgs/PointField
uint8 INT8=1
uint8 UINT8=2
uint8 INT16=3
uint8 UINT16=4
uint8 INT32=5
uint8 UINT32=6
uint8 FLOAT32=7
uint8 FLOAT64=8
string name
uint32 offset
uint8 datatype
uint32 count
"""
text = lambda s: struct.pack("<I", len(s)) + s.encode()
fields = [("x", 0, 7), ("y", 4, 7), ("z", 8, 7), ("ring", 16, 4)]
body = struct.pack("<III", 7, 12, 500_000_000) + text("lidar") + struct.pack("<II", 1, 4)
body += struct.pack("<I", len(fields)) + b"".join(text(n) + struct.pack("<IBI", o, d, 1) for n, o, d in fields)
body += struct.pack("<?II", False, STRIDE, 4 * STRIDE) + struct.pack("<I", len(points)) + points + b"\x01"
with open(folder / "cloud-ros1.mcap", "wb") as out:
    writer = Writer(out)
    writer.start(profile="ros1")
    schema = writer.register_schema(name="sensor_msgs/PointCloud2", encoding="ros1msg", data=ROS1.encode())
    channel = writer.register_channel(topic="/points", message_encoding="ros1", schema_id=schema)
    writer.add_message(channel, log_time=1, publish_time=1, data=body)
    writer.finish()
