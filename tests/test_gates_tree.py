"""Gates: what the tree as a whole promises: nothing of a machine or a secret in it, and nothing silenced without a reason."""

from pathlib import Path
import re
import subprocess

import pytest

ROOT = Path(__file__).parent.parent


def git(*arguments: str) -> str:
    """Ask git about this checkout."""
    return subprocess.run(  # noqa: S603 (see above)
        ["git", *arguments],  # noqa: S607 (see above)
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    """List the files that are, or are about to be, in the repository."""
    listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard")
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def test_annotations_are_not_postponed(tracked: list[Path]) -> None:
    """Python 3.14 evaluates annotations lazily of itself."""
    pattern = re.compile(r"^\s*from __future__ import", re.MULTILINE)
    for file in tracked:
        if file.suffix == ".py":
            assert not pattern.search(file.read_text()), file


def test_no_type_is_ignored(tracked: list[Path]) -> None:
    """Find no silenced type error."""
    pattern = re.compile("type: " + "ignore")
    for file in tracked:
        if file.suffix == ".py":
            assert not pattern.search(file.read_text()), file


def test_every_silenced_rule_has_its_reason(tracked: list[Path]) -> None:
    """A silenced lint names its rule; a reason stands in the line or in the comment above it."""
    for file in tracked:
        if file.suffix != ".py" or file == Path(__file__):
            continue
        lines = file.read_text().splitlines()
        for number, line in enumerate(lines):
            # What a program prints is its purpose.
            if file.name == "__main__.py" and line.rstrip().endswith("noqa: T201"):
                continue
            if "# noqa" in line or "# pragma: no cover" in line:
                above = lines[number - 1].strip() if number else ""
                reason = re.search(r"(noqa: [A-Z0-9, ]+|no cover)\s+[#—(-]+\s*\w+", line)
                assert reason or above.startswith("#"), f"{file}:{number + 1}"


def text_of(file: Path) -> str | None:
    """Read a text file; binary files give nothing."""
    try:
        return file.read_text()
    except UnicodeDecodeError:
        return None


def test_no_path_of_a_machine(tracked: list[Path]) -> None:
    """A path that is true on one developer's machine only."""
    machine = re.compile(r"(?<![\w.}])/(?:root|work|home/\w+|Users/\w+)/[\w.]|/opt/(?:py|wheels)")
    for file in tracked:
        if file == Path(__file__) or file.name in {"uv.lock", "package-lock.json"}:
            continue
        for number, line in enumerate((text_of(file) or "").splitlines(), 1):
            assert not machine.search(line), f"{file.relative_to(ROOT)}:{number}"


def test_no_secret(tracked: list[Path]) -> None:
    """Find no key or token."""
    secret = re.compile(
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bgh[pousr]_[A-Za-z0-9]{30,}|\bAKIA[A-Z0-9]{16}\b"
        r"|\bxox[abp]-[A-Za-z0-9-]{20,}|\beyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}\."
    )
    for file in tracked:
        if file == Path(__file__):
            continue
        for number, line in enumerate((text_of(file) or "").splitlines(), 1):
            assert not secret.search(line), f"{file.relative_to(ROOT)}:{number}"


def test_nothing_large_is_tracked(tracked: list[Path]) -> None:
    """Recordings are made on the fly; pictures of the docs are the largest things."""
    assert {file for file in tracked if file.stat().st_size > 1_500_000} == set()


@pytest.mark.parametrize(
    "name", ["scripts/test", "scripts/setup", "scripts/demo", "scripts/look", ".ci/run"]
)
def test_scripts_have_their_run_bit(name: str) -> None:
    """Find the scripts executable in the repository, not only here."""
    assert git("ls-files", "--stage", "--", name).startswith("100755 ")
