#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""odd_server.py WAY PORTFILE [ADDRESS]: a server on 127.0.0.1, or ADDRESS, that answers every connection in one odd way.

Writes its port to PORTFILE once it listens. With a '/' in it ADDRESS is the path of a socket, and the port is 0.
WAY: a status (200), or
    drip, hang, reset, garbage, short, endless
    early           answers and hangs up, whatever was asked
    early-reset     the same, with a reset a moment later
    interim         100 and 103 before 200
    newlines        100 and 204, the lines ended by newlines alone, and without a reason
    interim-only    103 and nothing more
    interim-endless 103 again and again
    switch          101
"""
import os
import socket
import struct
import sys
import time

HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nX-Long: " + b"x" * 5000 + b"\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\n\r\n"
ENDLESS = {"endless": (OK, b"x" * 65536), "interim-endless": (b"", HINTS * 40)}
AT_ONCE = {
    "garbage": b"\x00\xff" * 4096,
    "early": OK,
    "early-reset": OK,
}
ASKED = {
    "interim": b"HTTP/1.1 100 Continue\r\n\r\n" + HINTS + OK,
    "newlines": b"HTTP/1.1 100\n\nHTTP/1.1 204\n\n",
    "interim-only": HINTS,
    "switch": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n" + OK,
    "short": b"HTTP/1.1 2",
}


def reset_at_close(conn):
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def answer(conn, way):
    if way in AT_ONCE:
        conn.sendall(AT_ONCE[way])
        if way == "early-reset":
            time.sleep(0.1)
            reset_at_close(conn)
    elif way in ASKED:
        conn.recv(4096)
        conn.sendall(ASKED[way])
    elif way in ENDLESS:
        first, again = ENDLESS[way]
        conn.sendall(first)
        while True:
            conn.sendall(again)
    elif way == "hang":
        time.sleep(30)
    elif way == "reset":
        conn.recv(1)
        reset_at_close(conn)
    elif way == "drip":
        for byte in OK:
            conn.sendall(bytes([byte]))
            time.sleep(0.3)
    else:
        request = conn.recv(4096)
        ok = request.startswith(b"GET /page HTTP/1.1\r\n") and b"\r\nHost: localhost\r\n" in request
        conn.sendall(f"HTTP/1.1 {way if ok else 400} X\r\n\r\n".encode())


def listen(address):
    if "/" not in address:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return socket.create_server((address, 0), family=family)
    server = socket.socket(socket.AF_UNIX)
    server.bind(address)
    server.listen()
    return server


def main():
    way, portfile = sys.argv[1:3]
    server = listen(sys.argv[3] if len(sys.argv) > 3 else "127.0.0.1")
    with open(portfile + ".new", "w", encoding="ascii") as out:
        out.write(str(server.getsockname()[1] if server.family != socket.AF_UNIX else 0))
    os.rename(portfile + ".new", portfile)
    while True:
        conn, _ = server.accept()
        try:
            answer(conn, way)
        except OSError:
            pass
        conn.close()


main()
