#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes an ELF file of any class and byte order that maps just the parts it is told to.

elf.py FILE [--class=32|64] [--data=lsb|msb] [--machine=N] [--size=N] [--load=OFFSET:SIZE[:FLAGS[:MEMORY]]]... [--note=OFFSET:SIZE]...
       [--interp=OFFSET:SIZE] [--headers=N] [--put=OFFSET:TEXT]... [--wide=OFFSET:TEXT]... [--entry=N] [--phoff=N] [--phentsize=N] [--byte=OFFSET:VALUE]...

TEXT knows the escapes of Python's strings; with --wide it has characters of four bytes. FLAGS are letters of rwx, "rx" if they are not
given. The headers stand at the front, or with --headers=N there; OFFSETs should lie behind them.
"""
import struct
import sys


def main(path, *words):
    wide, order, size, loads, puts, phoff, machine, phentsize, start, headers = True, "<", 0, [], [], None, None, None, 0, None
    for word in words:
        name, value = word.split("=", 1)
        if name == "--class":
            wide = value == "64"
        elif name == "--data":
            order = "<" if value == "lsb" else ">"
        elif name == "--size":
            size = int(value)
        elif name == "--load":
            at, length, flags, memory = (value + ":" * (3 - value.count(":"))).split(":")
            bits = sum({"x": 1, "w": 2, "r": 4}[c] for c in flags or "rx")
            loads.append((1, int(at), int(length), bits, int(memory or length)))
        elif name == "--note":
            at, length = (int(n) for n in value.split(":"))
            loads.append((4, at, length, 4, length))
        elif name == "--interp":
            at, length = (int(n) for n in value.split(":"))
            loads.append((3, at, length, 4, length))
        elif name == "--headers":
            phoff = headers = int(value)
        elif name in ("--put", "--wide"):
            at, text = value.split(":", 1)
            text = text.encode().decode("unicode_escape")
            puts.append((int(at), text.encode("latin-1" if name == "--put" else "utf-32-le" if order == "<" else "utf-32-be")))
        elif name == "--byte":
            at, value = value.split(":")
            puts.append((int(at), bytes([int(value, 0)])))
        elif name == "--machine":
            machine = int(value)
        elif name == "--phentsize":
            phentsize = int(value)
        elif name == "--entry":
            start = int(value)
        elif name == "--phoff":
            phoff = int(value)
        else:
            sys.exit("elf.py: unknown word " + word)
    head = 64 if wide else 52
    entry = 56 if wide else 32
    ident = b"\x7fELF" + bytes([2 if wide else 1, 1 if order == "<" else 2, 1]) + bytes(9)
    form = order + ("HHIQQQIHHHHHH" if wide else "HHIIIIIHHHHHH")
    table = head if phoff is None else phoff
    fields = (2, machine or (62 if wide else 3), 1, start, table, 0, 0, head, phentsize or entry, len(loads), 0, 0, 0)
    out = bytearray(ident + struct.pack(form, *fields))
    out += bytes(max(0, (headers or 0) - len(out)))
    for kind, offset, length, flags, memory in loads:
        if wide:
            out += struct.pack(order + "IIQQQQQQ", kind, flags, offset, offset, offset, length, memory, 4096)
        else:
            out += struct.pack(order + "IIIIIIII", kind, offset, offset, offset, length, memory, flags, 4096)
    for at, text in puts:
        size = max(size, at + len(text))
    out += bytes(max(0, size - len(out)))
    for at, text in puts:
        out[at : at + len(text)] = text
    with open(path, "wb") as file:
        file.write(out)


main(*sys.argv[1:])
