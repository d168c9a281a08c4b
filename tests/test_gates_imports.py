"""Gate: who may know whom. The graph of all imports in the tree, those for type checkers included, shows what stands on what."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
import sys

import pytest

ROOT = Path(__file__).parent.parent
INTEGRATION = "custom_components/niiza_cctv"

# From below to above: what stands in a row may know what stands in it and before it. A name with a slash is a folder
# with all that is in it; a new file that is in none of them belongs to no tier, and fails.
TIERS: tuple[tuple[str, ...], ...] = (
    # Plain Python.
    ("lib/__init__.py", "lib/device/", "lib/ledger/", "lib/listening.py"),
    ("lib/access/", "lib/footage/", "lib/inbound/", "lib/settings/"),
    ("lib/acceptance/",),
    ("lib/cases/",),
    ("lib/checks/",),
    # Words, translated errors, panel paths.
    (
        "const.py",
        "core_internals.py",
        "entry_data.py",
        "errors.py",
        "issues.py",
        "paths.py",
        "people.py",
        "texts.py",
    ),
    ("coordinator.py",),
    ("cameras.py",),
    ("managers/",),
    ("runtime.py", "responses/"),
    # Ways in: how people and automations get to all of it.
    (
        "actions/",
        "flows/",
        "views/",
        "websocket/",
        "backup.py",
        "binary_sensor.py",
        "button.py",
        "calendar.py",
        "camera.py",
        "check_entity.py",
        "condition.py",
        "config_flow.py",
        "diagnostics.py",
        "entity.py",
        "event.py",
        "media_source.py",
        "panel.py",
        "repairs.py",
        "sensor.py",
        "services.py",
        "system_health.py",
        "todo.py",
        "trigger.py",
    ),
    ("__init__.py",),
)
# Programs beside the integration, and what of the tree each may know besides itself.
PROGRAMS = {
    "custom_components/__init__.py": (),
    "simulator/": (),
    "scripts/": (INTEGRATION, "simulator/"),
    "bench/": (INTEGRATION, "simulator/", "scripts/"),
    "tests/": (INTEGRATION, "simulator/", "scripts/", "bench/"),
}
# What Home Assistant looks for at the top of an integration.
LOOKED_FOR = {
    "__init__.py",
    "backup.py",
    "binary_sensor.py",
    "button.py",
    "calendar.py",
    "camera.py",
    "condition.py",
    "config_flow.py",
    "diagnostics.py",
    "event.py",
    "media_source.py",
    "repairs.py",
    "sensor.py",
    "system_health.py",
    "todo.py",
    "trigger.py",
}
MAX_AT_THE_TOP = 15
HOME_ASSISTANT = {"homeassistant", "probatio", "voluptuous"}


@cache
def files() -> dict[str, ast.Module]:
    """Return every Python file of the tree, parsed, by its path."""
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text())
        for place in PROGRAMS
        for path in sorted((ROOT / place.partition("/")[0]).rglob("*.py"))
        if "node_modules" not in path.parts
    }


def imported(file: str) -> Iterator[tuple[str, str | None]]:
    """Yield the modules that a file imports: absolute name, and the name taken out of it, if one is."""
    package = Path(file).parent.parts
    for node in ast.walk(files()[file]):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*above, node.module) if node.module else above)
            yield from ((module, alias.name) for alias in node.names)


def file_of(module: str) -> str | None:
    """Return the file of a module of the tree."""
    path = module.replace(".", "/")
    return next((file for file in (f"{path}.py", f"{path}/__init__.py") if file in files()), None)


@cache
def graph() -> dict[str, frozenset[str]]:
    """Return the files that each file imports; that importing a module runs its packages' own files does not count."""
    found = {}
    for file in files():
        beside = ".".join(Path(file).parent.parts)
        edges = {
            file_of(f"{module}.{name}")
            or file_of(module)
            # pytest has the folder of each test among the places to import from.
            or (file_of(f"{beside}.{module}") if file.startswith("tests/") else None)
            for module, name in imported(file)
        }
        found[file] = frozenset(edge for edge in edges if edge is not None) - {file}
    return found


def circles(edges: dict[str, frozenset[str]]) -> Iterable[frozenset[str]]:
    """Return the groups of files that reach one another (Kosaraju: twice through the graph, the second time backwards)."""
    order: list[str] = []
    seen: set[str] = set()

    def visit(file: str, following: dict[str, set[str]], into: list[str]) -> None:
        seen.add(file)
        for each in sorted(following[file] - seen):
            if each not in seen:
                visit(each, following, into)
        into.append(file)

    forward = {file: set(targets) for file, targets in edges.items()}
    backward: dict[str, set[str]] = {file: set() for file in edges}
    for file, targets in edges.items():
        for target in targets:
            backward[target].add(file)
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 10 * len(edges)))
    for file in edges:
        if file not in seen:
            visit(file, forward, order)
    seen.clear()
    for file in reversed(order):
        if file not in seen:
            group: list[str] = []
            visit(file, backward, group)
            if len(group) > 1:
                yield frozenset(group)


def _inside(file: str) -> str:
    return file.removeprefix(f"{INTEGRATION}/")


def tier(file: str) -> int | None:
    """Return the tier of a file of the integration, None where the table names none."""
    inside = _inside(file)
    for number, places in enumerate(TIERS):
        if any(
            inside.startswith(place) if place.endswith("/") else inside == place for place in places
        ):
            return number
    return None


def of_integration() -> list[str]:
    """Return the files of the integration."""
    return [file for file in files() if file.startswith(f"{INTEGRATION}/")]


def test_every_file_has_a_tier() -> None:
    """Whoever adds a file says what it may know; a place of the table that is empty goes."""
    assert [file for file in of_integration() if tier(file) is None] == []
    places = {place for row in TIERS for place in row}
    inside = [_inside(file) for file in of_integration()]
    assert {
        place
        for place in places
        if not any(
            file == place or (place.endswith("/") and file.startswith(place)) for file in inside
        )
    } == set()


def test_few_files_lie_at_the_top() -> None:
    """The folders show what stands on what; a file at the top shows nothing."""
    ours = {name for file in of_integration() if "/" not in (name := _inside(file))} - LOOKED_FOR
    assert len(ours) <= MAX_AT_THE_TOP, sorted(ours)


def test_nothing_knows_what_stands_above_it() -> None:
    """The library knows nothing of managers, managers of no way in, and no program of another that uses it."""
    assert {
        (_inside(file), _inside(target))
        for file in of_integration()
        for target in graph()[file]
        if not target.startswith(f"{INTEGRATION}/") or (tier(target) or 0) > (tier(file) or 0)
    } == set()


def test_programs_know_only_what_they_use() -> None:
    """The simulator shares no code with us, and nothing knows the tests."""
    for place, known in PROGRAMS.items():
        for file in files():
            if file == place or (place.endswith("/") and file.startswith(place)):
                for target in graph()[file]:
                    assert target.startswith((place, *known)), f"{file} → {target}"


def test_no_circles() -> None:
    """Files that import one another cannot be understood, tested or moved one by one."""
    assert [sorted(circle) for circle in circles(graph())] == []


@pytest.mark.parametrize("place", [f"{INTEGRATION}/lib/", "simulator/"])
def test_plain_python_knows_nothing_of_home_assistant(place: str) -> None:
    """The library can be used and tested without Home Assistant, and so can the simulator."""
    theirs = [file for file in files() if file.startswith(place)]
    assert len(theirs) > 20
    for file in theirs:
        for module, _ in imported(file):
            assert module.partition(".")[0] not in HOME_ASSISTANT, file


def test_the_library_is_imported_relatively() -> None:
    """Whoever registers it under another name gets that one, and not a second one by way of the integration."""
    for file in of_integration():
        if "/lib/" in file:
            for node in ast.walk(files()[file]):
                name = node.module if isinstance(node, ast.ImportFrom) and not node.level else None
                assert not (name or "").startswith("custom_components"), file


def test_circles_are_found() -> None:
    """The gate is worth what it finds."""
    edges = {
        "a": frozenset({"b"}),
        "b": frozenset({"c", "d"}),
        "c": frozenset({"a"}),
        "d": frozenset({"e"}),
        "e": frozenset(),
    }
    assert list(circles(edges)) == [frozenset({"a", "b", "c"})]
