#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""odd_server.py WAY PORTFILE: a server on 127.0.0.1 that answers every connection in one odd way.

Writes its port to PORTFILE once it listens. WAY: a status (200), or drip, hang, reset, garbage, short, endless.
"""
import os
import socket
import struct
import sys
import time


def answer(conn, way):
    if way == "hang":
        time.sleep(30)
    elif way == "reset":
        conn.recv(1)
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    elif way == "garbage":
        conn.sendall(b"\x00\xff" * 4096)
    elif way == "short":
        conn.sendall(b"HTTP/1.1 2")
        conn.recv(4096)
    elif way == "drip":
        for byte in b"HTTP/1.1 200 OK\r\n":
            conn.sendall(bytes([byte]))
            time.sleep(0.3)
    elif way == "endless":
        conn.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            conn.sendall(b"x" * 65536)
    else:
        request = conn.recv(4096)
        ok = request.startswith(b"GET /page HTTP/1.1\r\n") and b"\r\nHost: localhost\r\n" in request
        conn.sendall(f"HTTP/1.1 {way if ok else 400} X\r\n\r\n".encode())


def main():
    way, portfile = sys.argv[1:]
    server = socket.create_server(("127.0.0.1", 0))
    with open(portfile + ".new", "w", encoding="ascii") as out:
        out.write(str(server.getsockname()[1]))
    os.rename(portfile + ".new", portfile)
    while True:
        conn, _ = server.accept()
        try:
            answer(conn, way)
        except OSError:
            pass
        conn.close()


main()
