# SPDX-License-Identifier: MIT
"""mtree_words.py FILE: each line of an mtree with its keywords sorted and its numbers as numbers, lines sorted."""
import sys

lines = []
with open(sys.argv[1], encoding="ascii") as manifest:
    for line in manifest:
        if line.startswith("#"):
            continue
        path, *words = line.split()
        words = ["mode=%o" % int(w[5:], 8) if w.startswith("mode=") else w for w in words]
        lines.append(" ".join([path] + sorted(words)))
print("\n".join(sorted(lines)))
