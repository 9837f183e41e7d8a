"""Loads a record with rerun-sdk and prints the entity paths that came out of it, as JSON. Usage: check_rerun.py RECORD OUT"""

import json
import subprocess
import sys
from pathlib import Path

import rerun as rr

rr.init("waybook-interop")
rr.save(sys.argv[2])
rr.log_file_from_path(sys.argv[1])
rr.disconnect()
viewer = Path(sys.executable).parent / "rerun"
stats = subprocess.run([viewer, "rrd", "stats", sys.argv[2]], capture_output=True, text=True, check=True, timeout=60)
paths = [line.rsplit(":", 1)[0] for line in stats.stdout.splitlines() if line.startswith("/")]
print(json.dumps(paths))
