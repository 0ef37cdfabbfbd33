#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""find_in_memory.py PID NAME...: whether the values of these variables are anywhere in a process.

Takes the values from its own environment, looks for each in /proc/PID/environ, /proc/PID/cmdline and all memory that
can be read, and prints "NAME found" or "NAME absent". Fails where it cannot look.
"""
import os
import sys

KERNELS_OWN = ("[vvar", "[vsyscall]")


def memory(pid):
    """What the process has mapped, one mapping after the other."""
    with open(f"/proc/{pid}/maps", encoding="utf-8") as maps, open(f"/proc/{pid}/mem", "rb") as mem:
        for line in maps:
            words = line.split()
            if "r" not in words[1] or (len(words) > 5 and words[5].startswith(KERNELS_OWN)):
                continue
            start, end = (int(word, 16) for word in words[0].split("-"))
            mem.seek(start)
            yield mem.read(end - start)


def main():
    pid, names = sys.argv[1], sys.argv[2:]
    parts = list(memory(pid))
    for name in ("environ", "cmdline"):
        with open(f"/proc/{pid}/{name}", "rb") as file:
            parts.append(file.read())
    for name in names:
        value = os.environb[name.encode()]
        print(name, "found" if any(value in part for part in parts) else "absent")


main()
