#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes a 64-bit program claim to be a 32-bit one, which the kernel does not read, with a 32-bit header that makes sense.

flip_class.py FROM TO: that header has one part to load, of 64 bytes. The program runs as before.
"""
import struct
import sys

ENTRY = 32  # of a 32-bit program header


def main(source, target):
    with open(source, "rb") as file:
        data = bytearray(file.read())
    table, size, count = *struct.unpack_from("<Q", data, 32), *struct.unpack_from("<HH", data, 54)
    entries = [bytes(data[table + i * size : table + (i + 1) * size]) for i in range(count)]
    kind = lambda entry: struct.unpack_from("<I", entry)[0]
    loads = [e for e in entries if kind(e) == 1]
    others = [e for e in entries if kind(e) != 1]
    # An entry that stands where a 32-bit one would begin must not be one to load.
    order = []
    for i in range(count):
        here = others if (table + i * size) % ENTRY == 0 or not loads else loads
        order.append(here.pop(0))
    data[table : table + count * size] = b"".join(order)
    # The build id is a note that nobody reads at run time.
    start = data.find(b"GNU\0", table + count * size, 4096 - ENTRY) + 4
    place = -(-start // ENTRY) * ENTRY
    if start < 4 or place + 20 > start + 20 + ENTRY:
        sys.exit("flip_class.py: no room in the notes")
    struct.pack_into("<IIIIIIII", data, place, 1, 0, 0, 0, 64, 64, 4, 4096)
    data[4] = 1
    struct.pack_into("<Q", data, 40, 0)
    struct.pack_into("<HHH", data, 42, ENTRY, place // ENTRY + 1, 0)
    with open(target, "wb") as file:
        file.write(data)


main(*sys.argv[1:])
