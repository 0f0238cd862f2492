#!/usr/bin/env python3
"""Line coverage of src by the unit tests, room by room: coverage.py BUILD ROOM_LEAST ALL_LEAST.

BUILD was configured with -DCMAKE_C_FLAGS=--coverage, and its tests have run. The status is 1 when a
room, or all of src together, has fewer lines covered than it should (percent)."""
import json
import os
import subprocess
import sys
from collections import defaultdict

build, room_least, all_least = os.path.abspath(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
source = os.getcwd()
lines = defaultdict(dict)  # file: {line: how often}


def read(objects):
    """A file may be compiled into many objects; a line counts if any of them ran it."""
    out = subprocess.run(["gcov", "--json-format", "--stdout", *objects], stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, text=True, check=True).stdout
    for document in filter(None, out.splitlines()):
        for file in json.loads(document)["files"]:
            path = os.path.relpath(os.path.join(source, file["file"]), source)
            if path.startswith("src/") and os.path.exists(path):  # an old build knows files that are gone
                seen = lines[path]
                for line in file["lines"]:
                    number = line["line_number"]
                    seen[number] = seen.get(number, 0) + line["count"]


notes = [os.path.join(folder, name)
         for folder, _, names in os.walk(os.path.join(build, "CMakeFiles/credctl_core.dir/src"))
         for name in names if name.endswith(".gcno")]
for start in range(0, len(notes), 32):
    read(notes[start:start + 32])

rooms = defaultdict(lambda: [0, 0])
for path, seen in lines.items():
    for key in (path.split("/")[1], "all"):
        rooms[key][0] += sum(count > 0 for count in seen.values())
        rooms[key][1] += len(seen)

# What is least covered comes last, where a reader of the log looks first.
for path in sorted(lines, key=lambda p: -sum(c > 0 for c in lines[p].values()) / max(1, len(lines[p]))):
    covered = sum(count > 0 for count in lines[path].values())
    missing = [str(n) for n, count in sorted(lines[path].items()) if count == 0]
    print(f"{100 * covered / max(1, len(lines[path])):5.1f} %  {path}  {' '.join(missing[:12])}")
print()
failed = not rooms
for room, (covered, total) in sorted(rooms.items()):
    percent = 100 * covered / total
    least = all_least if room == "all" else room_least
    print(f"{percent:5.1f} %  {room} ({covered} of {total} lines){'' if percent >= least else f', less than {least:g} %'}")
    failed = failed or percent < least
sys.exit(failed)
