"""Writes the LAS and LAZ files that the tests read, with laspy and lazrs. Usage: make_las.py FOLDER"""

import sys
from pathlib import Path
import laspy
import numpy as np

n = 50
i = np.arange(n)


def write(name, version, fmt, extra):
    header = laspy.LasHeader(version=version, point_format=fmt)
    header.scales = [0.001, 0.001, 0.001]
    header.offsets = [500000, 4000000, 0]
    if extra:
        header.add_extra_dim(laspy.ExtraBytesParams("range_m", np.uint16, scales=[0.01], offsets=[2.0]))
        header.add_extra_dim(laspy.ExtraBytesParams("stamp_ns", np.uint64))
        header.add_extra_dim(laspy.ExtraBytesParams("normal_z", np.float32))
    las = laspy.LasData(header)
    las.x = 500000 + i * 0.001
    las.y = 4000000 + i * 0.002
    las.z = i * 0.25
    las.intensity = 1000 + i
    las.return_number = 1 + i % 3
    las.number_of_returns = np.full(n, 3)
    las.classification = i % 10
    las.user_data = i
    las.point_source_id = 7 * i
    las.gps_time = 3e8 + i / 8
    las.red = 256 * i
    las.green = np.full(n, 300)
    las.blue = i
    if extra:
        las.range_m = 2 + i * 0.01
        las.stamp_ns = 1700000000000000000 + i
        las.normal_z = i / 64
    las.write(Path(sys.argv[1]) / name)


write("points-1.2.las", "1.2", 3, False)
write("points-1.4.las", "1.4", 7, True)
write("points-1.4.laz", "1.4", 7, True)
write("points-1.2.laz", "1.2", 3, True)
