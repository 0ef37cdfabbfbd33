# SPDX-License-Identifier: MIT
# fastcgi.py PORT SCRIPT: asks a FastCGI server on 127.0.0.1 for the script once, and prints what it says.
import socket
import struct
import sys

BEGIN, PARAMS, STDIN, STDOUT = 1, 4, 5, 6


def record(kind, body):
    return struct.pack('>BBHHBB', 1, kind, 1, len(body), 0, 0) + body


variables = {'SCRIPT_FILENAME': sys.argv[2], 'SCRIPT_NAME': '/', 'REQUEST_METHOD': 'GET', 'REQUEST_URI': '/'}
params = b''.join(bytes((len(name), len(value))) + (name + value).encode() for name, value in variables.items())
with socket.create_connection(('127.0.0.1', int(sys.argv[1])), 3) as peer:
    peer.sendall(record(BEGIN, struct.pack('>HB5x', 1, 0)) + record(PARAMS, params) + record(PARAMS, b'') + record(STDIN, b''))
    answer = peer.makefile('rb')
    while header := answer.read(8):
        kind, size, padding = struct.unpack('>xBxxHBx', header)
        body = answer.read(size + padding)[:size]
        if kind == STDOUT:
            sys.stdout.write(body.decode())
