"""Gate: what README, docs and examples point to is there."""

from functools import cache
from pathlib import Path
import re
import subprocess

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/*.md", "config_examples/*.yaml")
    for path in ROOT.glob(pattern)
)
# A file's name, with folders or without.
FILE = re.compile(
    r"(?<![\w./*…{}-])[\w@-][\w.@/-]*\.(?:py|md|yaml|json|ts|toml)\b(?![\w/*{-])", re.ASCII
)
# A folder or a program of the tree.
FOLDER = re.compile(r"`((?:\w+/)+)`", re.ASCII)
PROGRAM = re.compile(r"\bscripts/[\w.-]*\w", re.ASCII)


@cache
def tracked() -> frozenset[str]:
    """Return every file of the tree, and every folder with a slash behind it."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 (git of this checkout)
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    files = {name for name in listed.split("\0") if (ROOT / name).is_file()}
    folders = {f"{parent.as_posix()}/" for name in files for parent in Path(name).parents}
    return frozenset(files | folders)


def there(name: str) -> bool:
    """Return whether something of the tree is called so, with the folders that are named before it."""
    return any(f"/{path}".endswith(f"/{name}") for path in tracked())


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings
    }


@pytest.mark.parametrize("name", [page for page in PAGES if page.endswith(".md")])
def test_links_lead_somewhere(name: str) -> None:
    """A page, a picture, a heading."""
    page = ROOT / name
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if re.match(r"\w+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("name", PAGES)
def test_files_that_are_named_exist(name: str) -> None:
    """A file, a folder or a program that a page names was neither moved nor renamed since."""
    # Home Assistant knows the blueprints by where it keeps them.
    text = re.sub(r"\w+://\S+|\bpath: niiza_cctv/", "", (ROOT / name).read_text())
    named = {*FILE.findall(text), *FOLDER.findall(text), *PROGRAM.findall(text)}
    assert {one for one in named if not there(one)} == set()
