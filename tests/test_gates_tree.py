"""Gates: what the tree as a whole promises: layering, and nothing of a machine or a secret in it."""

import ast
from collections.abc import Iterator
from pathlib import Path
import re
import subprocess

import pytest

ROOT = Path(__file__).parent.parent
INTEGRATION = ROOT / "custom_components" / "niiza_cctv"
LIB = INTEGRATION / "lib"
PLAIN = ("access", "device", "footage", "cases", "checks", "settings", "inbound", "ledger")


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


def imports(file: Path) -> Iterator[tuple[int, str, int]]:
    """Yield line, absolute module name and relative level of every import, nested ones included."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name, 0
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, node.module or "", node.level


def files_of(folder: Path) -> list[Path]:
    """List a package's Python files; a package that is not there yet has none."""
    return sorted(folder.rglob("*.py"))


@pytest.mark.parametrize("layer", PLAIN)
def test_plain_layer_knows_nothing_of_home_assistant(layer: str) -> None:
    """Keep the plain packages usable without Home Assistant."""
    for file in files_of(LIB / layer):
        depth = len(file.relative_to(LIB).parts) - 1
        for line, module, level in imports(file):
            where = f"{file.relative_to(ROOT)}:{line}"
            assert module.split(".")[0] not in {"homeassistant", "custom_components", "probatio"}, (
                where
            )
            # Relative imports reach another plain layer at most, never the files above.
            if level > depth:
                assert level == depth + 1, where
                assert module.split(".")[0] in PLAIN, where


def test_every_plain_layer_is_looked_at() -> None:
    """The gate above forgets no package."""
    assert {file.relative_to(LIB).parts[0] for file in files_of(LIB)} == {"__init__.py", *PLAIN}
    assert len(files_of(LIB / "device")) > 3


def test_simulator_shares_no_code_with_the_integration() -> None:
    """Keep the camera that tests us independent of us."""
    files = files_of(ROOT / "simulator")
    assert files
    for file in files:
        for line, module, _ in imports(file):
            assert module.split(".")[0] not in {"custom_components", "homeassistant"}, (
                f"{file}:{line}"
            )


def test_annotations_are_not_postponed() -> None:
    """Python 3.14 evaluates annotations lazily of itself."""
    for folder in ("custom_components", "simulator", "bench", "scripts", "tests"):
        for file in files_of(ROOT / folder):
            if "node_modules" not in file.parts:
                assert all(module != "__future__" for _, module, _ in imports(file)), file


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
