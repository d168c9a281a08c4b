"""Give the project another version: every file that names it, from this one place.

    .venv/bin/python -m scripts.release 0.3.0

Home Assistant and HACS read the manifest's; a test finds a file that says something else. CHANGELOG.md is written by hand.
"""

import json
from pathlib import Path
import re
import sys
from typing import Final

ROOT: Final = Path(__file__).parent.parent
# The file, and what stands around the version in it.
PLACES: Final = (
    ("custom_components/niiza_cctv/manifest.json", r'(\n  "version": ")([^"]+)(")'),
    ("pyproject.toml", r'(\nname = "niiza-cctv"\nversion = ")([^"]+)(")'),
    ("uv.lock", r'(\nname = "niiza-cctv"\nversion = ")([^"]+)(")'),
    ("frontend/package.json", r'(\n  "version": ")([^"]+)(")'),
    ("frontend/package-lock.json", r'(\n  "version": ")([^"]+)(")'),
    (
        "frontend/package-lock.json",
        r'(\n    "": \{\n      "name": "[^"]+",\n      "version": ")([^"]+)(")',
    ),
)


def versions() -> dict[str, str]:
    """Return what each file says; raises LookupError where one says nothing."""
    found = {}
    for number, (name, pattern) in enumerate(PLACES):
        if (match := re.search(pattern, (ROOT / name).read_text())) is None:
            raise LookupError(name)
        found[f"{name} ({number})"] = match[2]
    return found


def write(version: str) -> None:
    """Write a version everywhere."""
    for name, pattern in PLACES:
        path = ROOT / name
        text, count = re.subn(pattern, rf"\g<1>{version}\g<3>", path.read_text(), count=1)
        if count != 1:
            raise LookupError(name)
        path.write_text(text)


def main() -> int:
    """Do what the command line says."""
    if len(sys.argv) != 2 or not re.fullmatch(r"\d+\.\d+\.\d+", sys.argv[1]):
        print(__doc__, file=sys.stderr)
        return 2
    write(sys.argv[1])
    print(json.dumps(versions(), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
