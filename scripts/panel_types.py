"""Write the panel's types of answers, frontend/src/api-types.ts, from the TypedDicts that the integration answers with.

`.venv/bin/python -m scripts.panel_types` writes them; with `--check` it only says whether the committed file is current.
"""

import argparse
from collections.abc import Iterable, Mapping
from enum import StrEnum
import importlib
import inspect
from pathlib import Path
import sys
import types
import typing
from typing import Any

INTEGRATION = "custom_components.niiza_cctv"
# Where the shapes of the answers stand: every TypedDict of these modules becomes a type of the panel's.
MODULES = (
    "responses.base",
    "responses.cases",
    "responses.ledger",
    "responses.panel",
    "responses.people",
    "responses.checks",
    "responses.drafts",
    "responses.settings",
    "responses.acceptance",
    "responses.playback",
    "responses.masking",
    "responses.board",
)
# The words of a field whose TypedDict says only that it is a text. A line goes once the TypedDict names the enum itself.
WORDS = {
    "ByHandShown.network": "lib.cases.model.Network",
    "CaseListed.kind": "lib.cases.model.CaseKind",
    "CaseListed.state": "lib.cases.model.CaseState",
    "ClipShown.state": "lib.cases.model.ClipState",
    "CutShown.state": "lib.cases.model.ClipState",
    "ClockShown.mode": "lib.device.model.ClockMode",
    "ClockStretchShown.known": "lib.device.clock_history.ClockKnown",
    "ConclusionShown.outcome": "lib.cases.model.Outcome",
    "DoneShown.setting": "lib.settings.change.Setting",
    "AcceptancePartShown.step": "lib.acceptance.model.Step",
    "DutyShown.verdict": "lib.acceptance.model.Fitness",
    "ReportShown.verdict": "lib.acceptance.model.Fitness",
    "SentenceShown.mark": "lib.acceptance.model.Mark",
    "AppointmentShown.role": "lib.access.model.Role",
    "Info.roles": "lib.access.model.Role",
    "KindShown.kind": "lib.cases.model.CaseKind",
    "KindShown.outcomes": "lib.cases.model.Outcome",
    "ObjectShown.kind": "lib.checks.model.AssetKind",
    "ProgressShown.state": "lib.footage.retrieval.RetrievalState",
    "RecordShown.result": "lib.checks.model.Result",
    "RequestShown.setting": "lib.settings.change.Setting",
}
FILE = Path(__file__).parent.parent / "frontend" / "src" / "api-types.ts"
HEAD = "/** What the integration answers, written by scripts/panel_types.py from its TypedDicts: change those, and run it. */\n"
PLAIN = {
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    object: "unknown",
    types.NoneType: "null",
}


class NoSuchType(Exception):
    """The panel has no type for something, or two of the same name."""


class Writer:
    """Writes interfaces, and beside them the enums and aliases that they name."""

    def __init__(self) -> None:
        """Begin with nothing."""
        # What has a name, and its definition: an enum or an alias.
        self._named: dict[str, tuple[Any, str]] = {}
        self._words = dict(WORDS)

    def write(self) -> str:
        """Return the whole file."""
        interfaces = [
            self._interface(one)
            for module in map(_module, MODULES)
            for one in vars(module).values()
            if typing.is_typeddict(one) and one.__module__ == module.__name__
        ]
        if self._words:
            raise NoSuchType(f"No field has the words of {', '.join(self._words)}")
        named = [f"export type {name} = {self._named[name][1]};" for name in sorted(self._named)]
        return "\n".join((HEAD, *named, "", "\n\n".join(interfaces), ""))

    def _interface(self, shape: Any) -> str:
        bases = [one for one in types.get_original_bases(shape) if typing.is_typeddict(one)]
        inherited = {name for base in bases for name in typing.get_type_hints(base)}
        hints = typing.get_type_hints(shape, include_extras=True)
        extends = f" extends {', '.join(base.__name__ for base in bases)}" if bases else ""
        lines = [
            self._field(shape.__name__, *one) for one in hints.items() if one[0] not in inherited
        ]
        return "\n".join(
            (
                f"/** {inspect.getdoc(shape)} */",
                f"export interface {shape.__name__}{extends} {{",
                *lines,
                "}",
            )
        )

    def _field(self, shape: str, name: str, hint: Any) -> str:
        optional = ""
        if typing.get_origin(hint) is typing.NotRequired:
            optional, (hint,) = "?", typing.get_args(hint)
        value = self._type(hint)
        if (where := self._words.pop(f"{shape}.{name}", None)) is not None:
            if "string" not in value:
                raise NoSuchType(f"{shape}.{name} is no text: take it out of WORDS")
            module, _, enum = where.rpartition(".")
            value = value.replace("string", self._type(getattr(_module(module), enum)))
        return f"  {name}{optional}: {value};"

    def _type(self, hint: Any) -> str:
        """Return the type of a value, as it comes over the wire."""
        if isinstance(hint, typing.TypeAliasType):
            return self._name(hint)
        if isinstance(hint, type) and issubclass(hint, StrEnum):
            return self._name(hint)
        if typing.is_typeddict(hint):
            return str(hint.__name__)
        if plain := PLAIN.get(hint):
            return plain
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
        if origin is typing.Union:
            return " | ".join(self._type(one) for one in arguments)
        if origin is typing.Literal:
            return _words(arguments)
        if origin is list:
            inner = self._type(arguments[0])
            return f"({inner})[]" if " | " in inner else f"{inner}[]"
        if origin in {dict, Mapping} and arguments[0] is str:
            inner = self._type(arguments[1])
            # An alias that names itself cannot be a `Record`.
            unfinished = [name for name, (_, definition) in self._named.items() if not definition]
            return (
                f"{{ [key: string]: {inner} }}"
                if inner in unfinished
                else f"Record<string, {inner}>"
            )
        raise NoSuchType(f"The panel has no type for {hint}")

    def _name(self, named: Any) -> str:
        """Return the name of an enum or an alias, which is defined once and may name itself."""
        name = str(named.__name__)
        known, _ = self._named.get(name, (None, ""))
        if known is None:
            self._named[name] = (named, "")
            is_enum = isinstance(named, type)
            self._named[name] = (named, _words(named) if is_enum else self._type(named.__value__))
        elif known is not named:
            raise NoSuchType(f"Two types are called {name}: {known} and {named}")
        return name


def _words(words: Iterable[Any]) -> str:
    return " | ".join(f'"{word}"' for word in words)


def _module(name: str) -> types.ModuleType:
    return importlib.import_module(f"{INTEGRATION}.{name}")


def main() -> None:
    """Write the file, or say that it is not current."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare with the committed file")
    arguments = parser.parse_args()
    written = Writer().write()
    if not arguments.check:
        FILE.write_text(written)
    elif not FILE.exists() or FILE.read_text() != written:
        sys.exit(
            "scripts/panel_types.py: frontend/src/api-types.ts is not what the integration answers; run"
            " `.venv/bin/python -m scripts.panel_types`, then scripts/frontend, and commit both"
        )


if __name__ == "__main__":
    main()
