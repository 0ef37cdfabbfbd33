# SPDX-License-Identifier: MIT
"""What zsh offers for a command line: zsh_complete.py FOLDER-OF-COMPLETIONS LINE

Types LINE and a tab into an interactive zsh, and prints what it shows until its next prompt, ten seconds at most."""
import os
import pty
import re
import select
import sys
import tempfile
import time

PROMPT = "READY> "
RC = """
PS1='%s' LISTMAX=0
unsetopt prompt_cr prompt_sp list_beep
unset zle_bracketed_paste
fpath=(%s $fpath)
autoload -Uz compinit && compinit -u -D
bindkey '^I' list-choices
"""


def read_until(fd, pattern):
    seen, end = "", time.monotonic() + 10
    while not re.search(pattern, seen) and time.monotonic() < end:
        if select.select([fd], [], [], 0.1)[0]:
            try:
                seen += os.read(fd, 65536).decode(errors="replace")
            except OSError:
                break
    return seen


def main(folder, line):
    with tempfile.TemporaryDirectory() as home:
        with open(home + "/.zshrc", "w", encoding="utf-8") as rc:
            rc.write(RC % (PROMPT, folder))
        pid, fd = pty.fork()
        if pid == 0:
            os.environ.update(TERM="dumb", HOME=home, ZDOTDIR=home, COLUMNS="200", LINES="200")
            os.execvp("zsh", ["zsh", "-d", "-i"])
        read_until(fd, PROMPT)
        os.write(fd, (line + "\t").encode())
        print(read_until(fd, r"\n(.|\n)*" + PROMPT).replace("\r", ""))
        # ^U empties the line.
        os.write(fd, b"\x15exit\n")
        read_until(fd, r"\0")
        os.close(fd)
        os.waitpid(pid, 0)


main(*sys.argv[1:])
