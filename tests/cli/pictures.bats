#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The pictures of the documentation are what granit prints today.

@test "the pictures are those that scripts/pictures.sh makes" {
	[ "$(id -u)" -eq 0 ] || skip "containers need root"
	local picture tree=$BATS_TEST_DIRNAME/../..
	"$tree/scripts/pictures.sh" "$BATS_TEST_TMPDIR"
	for picture in refusal start overview starts; do
		cmp "$BATS_TEST_TMPDIR/$picture.svg" "$tree/doc/$picture.svg" || {
			printf 'granit says something else by now: scripts/pictures.sh\n'
			return 1
		}
	done
}

# The renderer of a browser decides what is seen; that the text is inside of its box is a matter of its length.
@test "the overview: XML, and no text wider than its box" {
	python3 - "$BATS_TEST_DIRNAME/../../doc/overview.svg" <<'PYTHON'
import sys
import xml.etree.ElementTree as tree

svg = tree.parse(sys.argv[1]).getroot()
name = "{http://www.w3.org/2000/svg}"
assert svg.find(name + "title").text
boxes = [float(box.get("x")) for box in svg.iter(name + "rect")]
assert len(boxes) == 5
texts = [text for text in svg.iter(name + "text") if not text.get("text-anchor")]
assert len(texts) == 20, len(texts)
for text in texts:
    left = max(x for x in boxes if x <= float(text.get("x")))
    assert float(text.get("x")) + 7.2 * len(text.text) <= left + 150, text.text
dark = svg.find(name + "style").text
assert "prefers-color-scheme:dark" in dark
PYTHON
}

@test "whole starts: XML, two bars for each image of the table, as long as it says" {
	python3 - "$BATS_TEST_DIRNAME/../../doc/starts.svg" "$BATS_TEST_DIRNAME/../../bench/results.md" <<'PYTHON'
import re
import sys
import xml.etree.ElementTree as tree

table = open(sys.argv[2]).read().split("### Whole starts of images")[1].split("###")[0]
rows = re.findall(r"^\| ([a-z0-9][^|]*) \| ([0-9.]+) \| [0-9.]+ \| ([0-9.]+) \|", table, re.M)
svg = tree.parse(sys.argv[1]).getroot()
name = "{http://www.w3.org/2000/svg}"
texts = [text.text for text in svg.iter(name + "text")]
assert len(rows) >= 5, rows
for image, without, with_granit in rows:
    assert image in texts and without + " ms" in texts and with_granit + " ms" in texts, image
bars = [float(bar.get("width")) for bar in svg.iter(name + "rect")][2:]
values = [float(value) for row in rows for value in row[1:]]
assert len(bars) == len(values)
for bar, value in zip(bars, values):
    assert abs(bar / value - bars[0] / values[0]) < 0.1, value
PYTHON
}
