#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs a program on a terminal of its own, and plays the one who sits there.

terminal.py STEP... -- PROGRAM [ARG...]

    wait:TEXT       until the program has printed TEXT; fails after 10 seconds
    await:TEXT      the same, for as long as the program runs
    send:TEXT       types TEXT, which knows the escapes of Python's strings (send:\\x03 is ^C)
    resize:ROWSxCOLUMNS
    signal:NUMBER   to the process that was started, not to its group
    hangup          closes the terminal

Prints what the program printed; the exit status is the program's, 128+N when signal N killed it, 99 when a wait failed.
"""
import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time


class Terminal:
    def __init__(self, program):
        self.seen = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvp(program[0], program)

    def read(self, seconds):
        """False when the other side is closed."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return False
        self.seen += data
        return bool(data)

    def wait(self, text, seconds):
        end = time.monotonic() + seconds
        while text not in self.seen:
            if time.monotonic() > end or not self.read(0.1):
                return text in self.seen
        return True

    def step(self, name, value):
        if name == "wait":
            return self.wait(value.encode(), 10)
        if name == "await":
            return self.wait(value.encode(), float("inf"))
        if name == "send":
            os.write(self.fd, value.encode().decode("unicode_escape").encode("latin-1"))
        elif name == "resize":
            rows, columns = value.split("x")
            fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", int(rows), int(columns), 0, 0))
        elif name == "signal":
            os.kill(self.pid, int(value))
        elif name == "hangup":
            os.close(self.fd)
            self.fd = -1
        else:
            sys.exit("terminal.py: unknown step " + name)
        return True

    def finish(self):
        while self.fd >= 0 and self.read(10):
            if os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                while select.select([self.fd], [], [], 0)[0] and self.read(0):
                    pass
                break
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def main(words):
    border = words.index("--")
    terminal = Terminal(words[border + 1 :])
    for word in words[:border]:
        name, _, value = word.partition(":")
        if not terminal.step(name, value):
            print(terminal.seen.decode(errors="replace").replace("\r", ""), end="")
            sys.stderr.write("terminal.py: in vain: %s\n" % word)
            # Stopped ones too, who would not hear of the terminal's end.
            for end, who in ((os.killpg, os.tcgetpgrp(terminal.fd)), (os.kill, terminal.pid)):
                try:
                    end(who, 9)
                except ProcessLookupError:
                    pass
            return 99
    status = terminal.finish()
    print(terminal.seen.decode(errors="replace").replace("\r", ""), end="")
    return 128 - status if status < 0 else status


sys.exit(main(sys.argv[1:]))
