"""Gates: a test waits a fixed time only with a reason, and reaches into no module of ours."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
OURS = ("bench", "custom_components", "scripts", "simulator", "tests")
# What waits a fixed time, and how much of its unit a second is.
WAITS = {"sleep": 1, "wait_for_timeout": 1000}
REPLACES = {"delattr", "object", "patch", "setattr"}


def files(*folders: str) -> list[Path]:
    """Return the Python files below these folders."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def called(node: ast.AST) -> str | None:
    """Return the last name of what is called; None for what is no call."""
    match node:
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
            return name
    return None


def long_waits(tree: ast.AST) -> Iterator[int]:
    """Yield the lines that wait for a second or more, whatever happens meanwhile."""
    for node in ast.walk(tree):
        if (second := WAITS.get(called(node) or "")) is None:
            continue
        match node:
            case ast.Call(args=[ast.Constant(value=int() | float() as value)]) if value >= second:
                yield node.lineno


def long_waits_without_a_reason(text: str) -> list[int]:
    """Return the lines that wait for a second or more and say no why: at their end, or in the line above."""
    lines = text.splitlines()
    return [
        line
        for line in long_waits(ast.parse(text))
        if "#" not in lines[line - 1] and not lines[line - 2].lstrip().startswith("#")
    ]


def foreign_names(tree: ast.Module) -> set[str]:
    """Return the names in a file that stand for what others wrote."""
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                modules = [
                    (name.asname or name.name.partition(".")[0], name.name) for name in names
                ]
            case ast.ImportFrom(module=str(module), names=names):
                modules = [(name.asname or name.name, module) for name in names]
            case _:
                continue
        found |= {name for name, module in modules if module.partition(".")[0] not in OURS}
    return found


def private_names_replaced(text: str) -> list[str]:
    """Return what of ours begins with an underscore and is put aside: patched as an object's or by its path."""
    tree = ast.parse(text)
    foreign = foreign_names(tree)
    found = []
    for node in ast.walk(tree):
        if called(node) not in REPLACES:
            continue
        match node:
            case ast.Call(args=[ast.Constant(value=str(path)), *_]):
                top, *names = path.split(".")
                if top in OURS and any(name.startswith("_") for name in names):
                    found.append(path)
            case ast.Call(args=[of, ast.Constant(value=str(name)), *_]) if name.startswith("_"):
                root = of
                while isinstance(root, ast.Attribute):
                    root = root.value
                if not (isinstance(root, ast.Name) and root.id in foreign):
                    found.append(f"{ast.unparse(of)}.{name}")
    return found


def test_a_fixed_wait_of_a_second_or_more_has_a_reason() -> None:
    """What happens is waited for; what does not happen needs a time, and the time a comment."""
    for path in files("tests", "scripts"):
        lines = long_waits_without_a_reason(path.read_text(encoding="utf-8"))
        assert lines == [], path


def test_no_private_name_of_ours_is_replaced() -> None:
    """A limit or a clock that a test needs otherwise is a parameter."""
    for path in files("tests"):
        names = private_names_replaced(path.read_text(encoding="utf-8"))
        assert names == [], path


def test_the_gates_see_what_they_are_there_for() -> None:
    """Or the tests above would prove nothing."""
    waits = "await asyncio.sleep(1.5)\ntime.sleep(1)  # why\n# Why.\npage.wait_for_timeout(2000)\n"
    assert long_waits_without_a_reason(waits) == [1]
    assert long_waits_without_a_reason("\nawait page.wait_for_timeout(1000)\n") == [2]
    assert long_waits_without_a_reason("sleep(0.5)\npage.wait_for_timeout(999)\n") == []
    imports = "from homeassistant.components import stream\nfrom simulator import rtsp\n"
    for replaced in (
        'monkeypatch.setattr("custom_components.niiza_cctv.views.links._QUIET", 1)',
        'monkeypatch.setattr(rtsp, "_LIMIT", 1)',
        'patch.object(office.evidence, "_now", None)',
        'patch("simulator.rtsp._LIMIT", 1)',
        'monkeypatch.delattr(rtsp.RtspServer, "_limit")',
    ):
        assert private_names_replaced(imports + replaced), replaced
    for fine in (
        'monkeypatch.setattr(stream, "_LIMIT", 1)',
        'monkeypatch.setattr(rtsp, "LIMIT", 1)',
        'patch("homeassistant.core._name", 1)',
    ):
        assert private_names_replaced(imports + fine) == [], fine
