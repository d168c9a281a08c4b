"""Gate: what was called by a riddle once is called by the field's term now, and does not come back."""

import ast
from collections.abc import Iterator
from pathlib import Path
import re

import pytest

from custom_components.niiza_cctv.const import DOMAIN

ROOT = Path(__file__).parent.parent
FOLDERS = ("bench", "custom_components", "scripts", "simulator", "tests")

# Old name → new name; the old one is nowhere.
RENAMED = {
    "_AGAIN": "RETRY_DELAY",
    "_NoSense": "InvalidDetails",
    "_no_garbage_hunt": "gc_paused",
    "approves_own": "lacks_second_person",
    "ByHand": "ManualCollection",
    "Carried": "ChangeResult",
    "CaseBook": "CaseRegistry",
    "CheckObject": "Asset",
    "CheckWatch": "CheckManager",
    "decides": "has_deciding_role",
    "Deed": "Permission",
    "hand_data": "called_with",
    "lead_to": "use_address",
    "masters": "approved_digests",
    "own_hand": "is_direct_call",
    "Patience": "RetryTiming",
    "Raised": "TemporaryResolution",
    "Rates": "RateLimiter",
    "Remark": "Advisory",
    "setback": "transient_failure",
    "Sittings": "ViewingSessions",
    "standing": "status",
    "to_put_back": "overdue_reverts",
    "Unwritten": "LedgerOutbox",
    "Wish": "ChangeRequest",
}
# These say something elsewhere: nothing of the integration is defined by them any more.
REDEFINED = {
    "Asked": "ActionCall",
    "deaf": "stop_expecting",
    "heard": "record",
    "leave": "abandon",
    "Offer": "AddressCandidate",
    "plain": "unmap_ipv4",
    "readable": "format_fingerprint",
    "Request": "PendingChange",
    "Section": "Cameras",
    "Told": "SentNotifications",
    "When": "SendPolicy",
    "whole": "int_field",
    "Word": "DynDnsReply",
}
LIMITS = re.compile(r"_?(?:MOST|LONGEST)_")
MODULES = {
    "alert_actions": "actions/notify, actions/summary",
    "camera_settings": "managers/setting_requests, managers/setting_issues",
    "check_actions": "actions/checks",
    "check_watch": "managers/checks",
    "check_websocket": "websocket/checks",
    "intake": "lib/inbound",
    "mail_actions": "actions/mail",
    "notices": "managers/notifications",
    "phones": "managers/mobile_app",
    "raised": "lib/settings/book",
    "roles": "people",
    "settings_actions": "actions/settings",
    "settings_views": "websocket/settings, views/settings",
    "shown": "responses/cases",
    "sitting": "lib/footage/viewing_sessions",
    "unwritten": "managers/outbox",
}


def files(*folders: str) -> list[Path]:
    """Return the Python files of folders."""
    return [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "node_modules" not in path.parts
    ]


def named(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield every name of a file with its line."""
    for node in ast.walk(tree):
        match node:
            case (
                ast.ClassDef(name=name)
                | ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
            ):
                yield name, node.lineno
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield name, node.lineno
            case ast.alias(name=name):
                yield name.rpartition(".")[2], node.lineno
            case _:
                continue


def defined(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield every class and function of a file with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.lineno


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_name_of_the_old_house(folder: str) -> None:
    """Nor in the backquotes of a comment or a docstring."""
    left = []
    for file in files(folder):
        if file == Path(__file__):
            continue
        text = file.read_text()
        quoted = (
            (word, number)
            for number, line in enumerate(text.splitlines(), 1)
            for word in re.findall(r"(?<!`)`(\w+)`(?!`)", line)
        )
        left += [
            f"{file.relative_to(ROOT)}:{line}: {name} is called {RENAMED.get(name, 'MAX_…')}"
            for name, line in (*named(ast.parse(text)), *quoted)
            if name in RENAMED or LIMITS.match(name)
        ]
    assert left == []


def test_nothing_is_defined_by_an_old_name() -> None:
    """Words that say something else elsewhere."""
    assert [
        f"{file.relative_to(ROOT)}:{line}: {name} is called {REDEFINED[name]}"
        for file in files(f"custom_components/{DOMAIN}")
        for name, line in defined(ast.parse(file.read_text()))
        if name in REDEFINED
    ] == []


def test_no_file_of_the_old_house() -> None:
    """Prefixes are folders now."""
    assert [
        f"{file.relative_to(ROOT)} is called {MODULES[name]}"
        for file in files(f"custom_components/{DOMAIN}")
        for name in {file.stem, file.parent.name}
        if name in MODULES
    ] == []
