#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""reach.py BINARY FROM [CUT...]: the functions that FROM can reach by direct calls and jumps, one a line; those that
call through a pointer have " *" behind their name. What the functions CUT call is left out. For amd64's objdump."""
import re
import subprocess
import sys

binary, start, cut = sys.argv[1], sys.argv[2], set(sys.argv[3:])
listing = subprocess.run(["objdump", "-d", "--no-show-raw-insn", binary], capture_output=True, text=True, check=True).stdout
calls, indirect, name = {}, set(), None
for line in listing.splitlines():
    head = re.match(r"^[0-9a-f]+ <([^>]+)>:", line)
    if head:
        name = head.group(1)
        calls[name] = set()
        continue
    insn = re.match(r"^\s+[0-9a-f]+:\s+(?:(?:notrack|bnd)\s+)?(call|j[a-z]+)\s+(.*)", line)
    if not insn or name is None:
        continue
    if insn.group(2).startswith("*"):
        indirect.add(name)
        continue
    target = re.search(r"<([^>+]+)(\+0x[0-9a-f]+)?>", insn.group(2))
    if target and target.group(1) != name:
        calls[name].add(target.group(1))
if start not in calls:
    sys.exit(f"reach.py: {binary} has no function {start}: is it stripped?")
seen, todo = set(), [start]
while todo:
    function = todo.pop()
    if function in seen:
        continue
    seen.add(function)
    if function not in cut:
        todo.extend(calls.get(function, ()))
for function in sorted(seen):
    print(function.split(".")[0] + (" *" if function in indirect else ""))
