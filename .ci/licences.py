"""Checks every crate's licence against the list that deny.toml allows, and its source.

    python3 licences.py deny.toml METADATA.json

METADATA.json is the output of `cargo metadata --format-version 1`. `cargo deny check` does more, where it is
installed; this needs Python 3.11 or later and nothing else.
"""

import json
import re
import sys
import tomllib


def is_allowed(expression, allowed):
    """Whether an SPDX expression can be satisfied with allowed licences."""
    expression = expression.replace("/", " OR ")
    words = []
    for part in re.findall(r"\(|\)|\bAND\b|\bOR\b|[\w.+-]+(?: WITH [\w.-]+)?", expression):
        is_word = part not in ("(", ")", "AND", "OR")
        words.append(str(part in allowed) if is_word else part.lower())
    return eval(" ".join(words), {"__builtins__": {}})


def main(config, metadata):
    """Lists every crate that is refused; exits 1 if there is one."""
    with open(config, "rb") as file:
        allowed = set(tomllib.load(file)["licenses"]["allow"])
    with open(metadata, encoding="utf-8") as file:
        packages = json.load(file)["packages"]
    refused = []
    for package in packages:
        name = f"{package['name']} {package['version']}"
        licence = package["license"] or ""
        if not licence or not is_allowed(licence, allowed):
            refused.append(f"{name}: licence `{licence}` is not allowed")
        if package["source"] and not package["source"].startswith("registry+"):
            refused.append(f"{name}: comes from {package['source']}, not from the registry")
    print("\n".join(refused) or f"{len(packages)} crates, licences and sources as allowed")
    sys.exit(1 if refused else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
