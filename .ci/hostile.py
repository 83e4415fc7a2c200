"""Writes hostile variants of a sound scenario, each with one defect.

    python3 hostile.py SCENARIO.ron FOLDER

A variant that comes out equal to the scenario means that the scenario has changed and the pattern
no longer finds its place: that is an error, or the check behind it would test nothing.
"""

import re
import sys
from pathlib import Path

DURATION = re.compile(r"duration_s: [^,]+,")
CLASS = re.compile(r'class: "[^"]+",')
TERRAIN = re.compile(r'path: "[^"]+"')
TITLE = re.compile(r'title: "[^"]*"')


def variants(text):
    """Name and text of every variant."""

    def put(pattern, replacement):
        return pattern.sub(lambda _: replacement, text, count=1)

    yield "nan", put(DURATION, "duration_s: NaN,")
    yield "infinite", put(DURATION, "duration_s: inf,")
    yield "overflow", put(DURATION, "duration_s: 1e400,")
    yield "duplicate-key", put(DURATION, "duration_s: 900, duration_s: 901,")
    yield "unknown-key", put(DURATION, "duration_s: 900, durations_s: 900,")
    yield "huge-count", put(CLASS, CLASS.search(text)[0] + " count: 4000000000,")
    yield "absolute-path", put(TERRAIN, 'path: "/etc/hostname"')
    yield "upward-path", put(TERRAIN, 'path: "../../../../etc/hostname"')
    yield "control-character", put(TITLE, 'title: "a\\u{0}b"')
    yield "bidi-character", put(TITLE, 'title: "a\\u{202E}b"')
    yield "nesting-bomb", put(TITLE, "title: " + "(" * 1_000_000)
    yield "comment-bomb", "/*" * 400_000 + text
    yield "oversize", text + "// padding\n" * 1_000_000
    yield "truncated", text[: len(text) // 2]
    yield "empty", ""


def main(scenario, folder):
    """Writes the variants of a scenario into a new folder."""
    text = Path(scenario).read_text(encoding="utf-8")
    folder = Path(folder)
    folder.mkdir(parents=True)
    for name, variant in variants(text):
        if variant == text:
            sys.exit(f"the variant `{name}` equals {scenario}: mend its pattern")
        (folder / f"{name}.ron").write_text(variant, encoding="utf-8")
    (folder / "binary.ron").write_bytes(bytes(range(256)) * 64)


if __name__ == "__main__":
    main(*sys.argv[1:])
