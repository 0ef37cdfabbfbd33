#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""dns_server.py WAY READYFILE LOGFILE NAME=ADDRESS...: a name server on 127.0.0.1 that knows these, in one way or another.

Writes to READYFILE once it listens, and "NAME TYPE" to LOGFILE for each question. WAY:
    plain           answers
    alias           with an alias before the address
    stranger-first  after an answer to somebody else's question
    fails           SERVFAIL
    fails-elsewhere SERVFAIL for names that it does not know
    cut             TC: none of the addresses fits
    silent          not at all
    garbage, short, endless-name, other-number, other-question: answers that are none
"""
import ipaddress
import socket
import struct
import sys

TYPES = {1: "A", 28: "AAAA"}


def name_of(message):
    labels, at = [], 12
    while message[at]:
        labels.append(message[at + 1 : at + 1 + message[at]].decode())
        at += message[at] + 1
    return ".".join(labels), at + 1


def record(kind, data, name=b"\xc0\x0c"):
    return name + struct.pack(">HHIH", kind, 1, 60, len(data)) + data


def answer(question, known):
    name, at = name_of(question)
    kind = struct.unpack(">H", question[at : at + 2])[0]
    addresses = [ipaddress.ip_address(a) for n, a in known if n == name]
    records = [record(kind, a.packed) for a in addresses if a.version == (4 if kind == 1 else 6)]
    code = 0 if addresses or any(n.endswith("." + name) for n, _ in known) else 3
    return name, TYPES.get(kind, str(kind)), question[: at + 4], code, records


def message(asked, code, records):
    return asked[:2] + struct.pack(">HHHHH", 0x8180 | code, 1, len(records), 0, 0) + asked[12:] + b"".join(records)


def replies(way, asked, code, records):
    right = message(asked, code, records)
    other = bytes([asked[0] ^ 1]) + asked[1:]
    changed = asked[:13] + bytes([asked[13] ^ 1]) + asked[14:]
    return {
        "plain": [right],
        "alias": [message(asked, code, [record(5, b"\x05other\xc0\x0c")] + records)],
        "stranger-first": [message(other, code, []), message(changed, 3, []), right],
        "fails": [message(asked, 2, [])],
        "fails-elsewhere": [message(asked, code and 2, records)],
        "cut": [bytes([*asked[:2], 0x83, 0x80, 0, 1, *bytes(6), *asked[12:]])],
        "silent": [],
        "garbage": [b"\xff" * 512],
        "short": [b"", right[:11], right[: len(asked) + 5]],
        "endless-name": [message(asked, 0, [b"\xbf" * 300])],
        "other-number": [message(other, code, records)],
        "other-question": [message(changed, code, records)],
    }[way]


def main():
    way, ready, log = sys.argv[1:4]
    known = [word.split("=") for word in sys.argv[4:]]
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 53))
    with open(ready, "w", encoding="ascii") as file:
        file.write("ready\n")
    while True:
        question, sender = server.recvfrom(512)
        name, kind, asked, code, records = answer(question, known)
        with open(log, "a", encoding="ascii") as file:
            print(name, kind, file=file)
        for reply in replies(way, asked, code, records):
            server.sendto(reply, sender)


main()
