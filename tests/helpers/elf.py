#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes an ELF file of any class and byte order that maps just the parts it is told to.

elf.py FILE [--class=32|64] [--data=lsb|msb] [--size=N] [--load=OFFSET:SIZE]... [--note=OFFSET:SIZE]... [--put=OFFSET:TEXT]... [--phoff=N]

TEXT knows the escapes of Python's strings. The headers stand at the front; OFFSETs should lie behind them.
"""
import struct
import sys


def main(path, *words):
    wide, order, size, loads, puts, phoff = True, "<", 0, [], [], None
    for word in words:
        name, value = word.split("=", 1)
        if name == "--class":
            wide = value == "64"
        elif name == "--data":
            order = "<" if value == "lsb" else ">"
        elif name == "--size":
            size = int(value)
        elif name == "--load":
            loads.append((1, *(int(n) for n in value.split(":"))))
        elif name == "--note":
            loads.append((4, *(int(n) for n in value.split(":"))))
        elif name == "--put":
            at, text = value.split(":", 1)
            puts.append((int(at), text.encode().decode("unicode_escape").encode("latin-1")))
        elif name == "--phoff":
            phoff = int(value)
        else:
            sys.exit("elf.py: unknown word " + word)
    head = 64 if wide else 52
    entry = 56 if wide else 32
    ident = b"\x7fELF" + bytes([2 if wide else 1, 1 if order == "<" else 2, 1]) + bytes(9)
    form = order + ("HHIQQQIHHHHHH" if wide else "HHIIIIIHHHHHH")
    table = head if phoff is None else phoff
    out = bytearray(ident + struct.pack(form, 2, 62 if wide else 3, 1, 0, table, 0, 0, head, entry, len(loads), 0, 0, 0))
    for kind, offset, length in loads:
        if wide:
            out += struct.pack(order + "IIQQQQQQ", kind, 5, offset, offset, offset, length, length, 4096)
        else:
            out += struct.pack(order + "IIIIIIII", kind, offset, offset, offset, length, length, 5, 4096)
    for at, text in puts:
        size = max(size, at + len(text))
    out += bytes(max(0, size - len(out)))
    for at, text in puts:
        out[at : at + len(text)] = text
    with open(path, "wb") as file:
        file.write(out)


main(*sys.argv[1:])
