#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Copies a 64-bit program with its constants marked executable, and with another segment that claims to hold the constants.

mark_constants.py FROM TO

The kernel and the loader run the copy like the program: its tables for unwinding are mapped twice.
"""
import struct
import sys

PT_LOAD, PT_GNU_EH_FRAME, R, RX = 1, 0x6474E550, 4, 5

with open(sys.argv[1], "rb") as file:
    out = bytearray(file.read())
(table,) = struct.unpack_from("<Q", out, 32)
(count,) = struct.unpack_from("<H", out, 56)
for entry in range(table, table + 56 * count, 56):
    kind, flags, offset = struct.unpack_from("<IIQ", out, entry)
    if kind == PT_LOAD and flags == R and offset:
        struct.pack_into("<I", out, entry + 4, RX)
    if kind == PT_GNU_EH_FRAME:
        struct.pack_into("<I", out, entry, PT_LOAD)
with open(sys.argv[2], "wb") as file:
    file.write(out)
