"""Gates: a new row of a table has its words, icons, options and docs; what is missing is named by file and key.

What belongs together in the panel's source is held together by its compiler: `scripts/frontend --check`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
import json
from pathlib import Path
import re
from typing import Any

from homeassistant.util.yaml import load_yaml_dict
import pytest

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.lib.access.permissions import NEEDS, Permission
from custom_components.niiza_cctv.lib.cases import fold, kinds as case_kinds
from custom_components.niiza_cctv.lib.cases.drafts import DRAFTED
from custom_components.niiza_cctv.lib.cases.model import (
    CaseKind,
    CaseState,
    ClipState,
    Decided,
    Ground,
    Outcome,
    Way,
)
from custom_components.niiza_cctv.lib.cases.offers import STEPS
from custom_components.niiza_cctv.lib.cases.rules import STATES
from custom_components.niiza_cctv.lib.checks.kinds import KINDS as CHECK_KINDS
from custom_components.niiza_cctv.lib.checks.model import AssetKind, Result
from custom_components.niiza_cctv.lib.footage import package_model
from custom_components.niiza_cctv.lib.footage.masking.errors import MaskProblem
from custom_components.niiza_cctv.lib.ledger.actions import LedgerAction
from custom_components.niiza_cctv.lib.settings.values import Setting
from custom_components.niiza_cctv.services import ACTIONS

ROOT = Path(__file__).parent.parent
HERE = f"custom_components/{DOMAIN}"
TRANSLATIONS = (f"{HERE}/translations/en.json", f"{HERE}/translations/ja.json")
SERVICES = f"{HERE}/services.yaml"
DRAFTS = f"{HERE}/lib/cases/drafts.py"

# Where something is named: a file, a key in it ("a.b.c", "[]" goes through a list), and what is found there.
type Place = tuple[str, str, Collection[str]]


def read(file: str) -> dict[str, Any]:
    """Read a file of descriptions."""
    path = ROOT / file
    if path.suffix == ".json":
        data: dict[str, Any] = json.loads(path.read_text())
        return data
    return load_yaml_dict(path)


def at(file: str, key: str) -> Place:
    """Return what stands in a file under a key: the names of a mapping, or the members of a list."""
    found: Any = read(file)
    for part in key.split("."):
        found = [each[part[2:]] for each in found] if part.startswith("[]") else found.get(part, {})
    return file, key, found


def words(*keys: str) -> Iterator[Place]:
    """Return what stands under keys of the translations, in each language."""
    for file in TRANSLATIONS:
        for key in keys:
            yield at(file, key)


def documented(page: str, pattern: str) -> Iterator[Place]:
    """Return what a page of the docs names, in each language; `pattern` finds the place of a name, which it groups."""
    for file in (f"docs/{page}.md", f"docs/{page}.ja.md"):
        yield file, pattern, set(re.findall(pattern, (ROOT / file).read_text(), re.MULTILINE))


def missing(wanted: Iterable[str], places: Iterable[Place]) -> list[str]:
    """Say which place lacks which name."""
    wanted = list(wanted)
    return [
        f"{file}: {key}: {name} is missing"
        for file, key, found in places
        for name in wanted
        if name not in found
    ]


def unknown(known: Collection[str], places: Iterable[Place]) -> list[str]:
    """Say which place has a name that nobody knows."""
    return [
        f"{file}: {key}: {name} is of nothing that there is"
        for file, key, found in places
        for name in found
        if name not in known
    ]


def differing(
    wanted: Collection[str], places: Iterable[Place], besides: Collection[str] = ()
) -> list[str]:
    """Say which place lacks a name, and which has one that nobody knows."""
    places = list(places)
    return missing(wanted, places) + unknown({*wanted, *besides}, places)


def leaves(node: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """Yield the path of every text."""
    for key, value in node.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{above}{key}.")
        else:
            yield f"{above}{key}"


def diagram() -> Iterator[Place]:
    """Return the states in the picture of a case's life; the Japanese page has those of the Japanese screen."""
    for (file, key, _), (page, pattern, drawn) in zip(
        words("config_panel.states"), documented("cases", r"--> (\S+):"), strict=True
    ):
        shown: dict[str, str] = read(file)["config_panel"]["states"]
        japanese = page.endswith(".ja.md")
        yield (
            page,
            f"{pattern} (as {file}: {key})",
            {name for name, text in shown.items() if (text if japanese else name) in drawn},
        )


def none_of(problems: list[str]) -> None:
    """Fail with all of them, one a line."""
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)


def test_a_kind_of_check_has_its_words() -> None:
    """A row of lib/checks/kinds.py, and all that shows it."""
    entities: list[Place] = [
        place
        for key in ("entity.binary_sensor", "entity.button", "entity.sensor")
        for place in (at(f"{HERE}/icons.json", key), *words(key))
    ]
    options = "selector.select.options"
    named: list[Place] = [
        *words(
            "selector.check_kind.options",
            "options.step.intervals.data",
            "options.step.intervals.data_description",
        ),
        at(SERVICES, f"list_checks.fields.kind.{options}"),
        at(f"{HERE}/triggers.yaml", f"check_became_due.fields.checks.{options}"),
        at(
            f"{HERE}/blueprints/automation/check_due.yaml",
            f"blueprint.input.kinds.{options}.[]value",
        ),
        *documented("checks", r"^\|[^|]*`(\w+)`"),
    ]
    none_of(
        missing([f"check_{key}" for key in CHECK_KINDS], entities) + differing(CHECK_KINDS, named)
    )


def test_entities_of_checks_have_the_same_words() -> None:
    """Each has the states, attributes and icons that a check of the section's own has."""
    problems = []
    for file in (f"{HERE}/icons.json", *TRANSLATIONS):
        for platform in ("binary_sensor", "button", "sensor"):
            entities = read(file)["entity"][platform]
            places = [
                (file, f"entity.{platform}.{key}", set(leaves(entity)))
                for key, entity in entities.items()
                if key.startswith("check_")
            ]
            problems += differing(set(leaves(entities["check_own"])), places)
    none_of(problems)


def test_what_a_kind_of_check_calls_its_failure() -> None:
    """A kind may say in words of its own that something is wrong: then the panel and the notifications both do."""
    (_, _, panel), *_ = words("config_panel.failed")
    prefix = "notice_check_failed_"
    notified = [
        (
            file,
            f"common.{prefix}…",
            [key.removeprefix(prefix) for key in found if key.startswith(prefix)],
        )
        for file, _, found in words("common")
    ]
    none_of(differing(panel, notified) + unknown(CHECK_KINDS, words("config_panel.failed")))


def test_a_field_of_a_check_has_its_words() -> None:
    """What a kind lets people write down: a draft takes it, the panel asks for it."""
    none_of(
        missing(
            {field for kind in CHECK_KINDS.values() for field in kind.fields},
            [
                (f"{HERE}/lib/cases/kinds.py", "STEP_FIELDS", case_kinds.STEP_FIELDS),
                (DRAFTS, "record_check", DRAFTED[Permission.RECORD_CHECK]),
                *words("config_panel.fields"),
            ],
        )
    )


def test_a_kind_of_case_has_its_words() -> None:
    """A row of lib/cases/kinds.py, and all that shows it; tests/lib/cases/test_case_kinds.py reads the docs' tables."""
    named: list[Place] = [
        (f"{HERE}/lib/cases/kinds.py", "KINDS", case_kinds.KINDS),
        (f"{HERE}/lib/footage/package_model.py", "KINDS", package_model.KINDS),
        *words("config_panel.kinds", "selector.case_kind.options"),
        at(SERVICES, "create_case.fields.kind.selector.select.options"),
    ]
    none_of(
        differing(set(CaseKind), named)
        + missing(CaseKind, documented("cases", r"`(\w+)`[^|\n]*\|"))
    )


def test_a_field_of_a_case_has_its_words() -> None:
    """What a request is asked for."""
    named: list[Place] = [
        (DRAFTS, "create", DRAFTED[Permission.CREATE]),
        *words("config_panel.fields"),
        *documented("cases", r"`(\w+)`[^|\n]*\|"),
    ]
    none_of(missing(case_kinds.FIELDS, named))


AT_THE_CLIP = {
    Permission.CANCEL_CLIP,
    Permission.CUT_CLIP,
    Permission.WITHDRAW_CLIP,
    Permission.CHOOSE_FOR_RELEASE,
}


def test_a_step_of_a_case_has_its_words() -> None:
    """A permission, an entry of the ledger, a state: each is judged, folded and named."""
    of_cases = {
        action
        for action in LedgerAction
        if action.startswith(("case_", "clip_", "decision_", "item_", "release_"))
    }
    states = [
        *words("config_panel.states", "selector.case_state.options"),
        at(SERVICES, "list_cases.fields.state.selector.select.options"),
        *diagram(),
    ]
    # What needs no case, or leaves it where it is: whatever else is done to one is done in some of its states only.
    anywhere = {
        Permission.SEE_CASES, Permission.CREATE, Permission.WATCH, Permission.EXPORT_LEDGER,
        Permission.CHANGE_SETTING, Permission.TEST_CAMERA, Permission.MUTE_ALERTS, Permission.SEE_CHECKS, Permission.SEE_CHECK_PHOTO,
        Permission.RECORD_CHECK, Permission.NOTIFY, Permission.GET_SUMMARY, Permission.SEE_BOARD, Permission.CONFIRM_CLOCK, Permission.REMOVE_FOLDER,
        Permission.SEE_APPOINTMENTS, Permission.CONFIRM_APPOINTMENT, Permission.DECLINE_APPOINTMENT,
        # By where its footage lies, whatever the state.
        Permission.RESTORE,
    }  # fmt: skip
    steps = set(Permission) - anywhere
    # Offered at the clip alone.
    of_clips = {Permission.SEAL_EARLY, Permission.MASK_CLIP, Permission.SHOW_AT_COUNTER}
    rules = "frontend/src/rules.ts"
    panel = (
        rules,
        "STEPS",
        re.findall(r'^  \w+: "(\w+)",$', (ROOT / rules).read_text(), re.MULTILINE),
    )
    refusals = {
        *(rule.otherwise for rule in STATES.values()),
        *(need.without_role for need in NEEDS.values()),
        *(need.on_tablet for need in NEEDS.values() if need.on_tablet is not None),
        *(need.by_own_hand for need in NEEDS.values() if need.by_own_hand is not None),
    }
    none_of(
        differing(set(Permission), [(f"{HERE}/lib/access/permissions.py", "NEEDS", NEEDS)])
        + differing(set(Permission), words("config_panel.deeds"), {"save_live", "several"})
        + differing(steps, [(f"{HERE}/lib/cases/rules.py", "STATES", STATES)])
        + missing(
            steps,
            [(f"{HERE}/lib/cases/offers.py", "STEPS", {*STEPS, "search", "download", *of_clips})],
        )
        # Those of a single clip have their buttons beside it.
        + missing({*STEPS} - AT_THE_CLIP, [panel])
        + missing(steps, documented("cases", r"`(\w+)`[^|\n]*\|"))
        + missing(of_cases, [(f"{HERE}/lib/cases/fold.py", "_EFFECTS", fold.ACTIONS)])
        + differing(set(LedgerAction), words("config_panel.history"), {"clip", "nobody", "told"})
        + differing(set(CaseState), states)
        + missing(refusals, words("exceptions"))
    )


def test_what_keeps_a_clip_from_being_masked_has_its_words() -> None:
    """Each reason is a message, in each language."""
    none_of(missing(MaskProblem, words("exceptions")))


def test_what_is_chosen_has_its_words() -> None:
    """What people choose from, and what comes of it."""
    options = "selector.select.options"
    none_of(
        differing(
            set(case_kinds.OUTCOMES),
            [
                *words("selector.case_outcome.options"),
                at(SERVICES, f"conclude_case.fields.outcome.{options}"),
            ],
        )
        + differing(
            set(Decided),
            [
                *words("selector.case_decision.options"),
                at(SERVICES, f"propose_decision.fields.outcome.{options}"),
            ],
        )
        + differing(
            set(Way),
            [
                *words("selector.case_way.options"),
                at(SERVICES, f"propose_decision.fields.way.{options}"),
            ],
        )
        + differing(
            set(Ground),
            [
                *words("selector.case_ground.options"),
                at(SERVICES, f"propose_decision.fields.grounds.{options}"),
            ],
        )
        + missing({*Decided, *Way, *Ground}, documented("cases", r"`(\w+)`[^|\n]*\|"))
        + missing(
            Outcome, [*words("config_panel.outcomes"), *documented("cases", r"`(\w+)`[^|\n]*\|")]
        )
        + missing(ClipState, words("config_panel.clip"))
        + differing(set(AssetKind), words("selector.check_object.options"))
        + differing(
            set(Result),
            [
                *words("selector.check_result.options"),
                at(SERVICES, f"record_check.fields.result.{options}"),
            ],
        )
        + differing(set(Setting), words("config_panel.setting"))
    )


def test_an_action_is_described() -> None:
    """An entry of a table in `actions/`, and all that Home Assistant and the docs say of it."""
    none_of(
        differing(
            ACTIONS,
            [
                (SERVICES, "(top)", read(SERVICES)),
                at(f"{HERE}/icons.json", "services"),
                *words("services"),
            ],
        )
        + missing(ACTIONS, documented("actions", r"`(\w+)`"))
    )


@pytest.mark.parametrize("name", ACTIONS)
def test_a_field_of_an_action_is_described(name: str) -> None:
    """Whoever fills in an action sees every field that it takes."""
    if name in (described := read(SERVICES)):
        fields = {str(key) for key in ACTIONS[name].schema}
        shown = (SERVICES, f"{name}.fields", ((described[name] or {}).get("fields") or {}))
        none_of(differing(fields, [shown, *words(f"services.{name}.fields")]))


def test_an_action_has_a_name_and_a_description() -> None:
    """And each of its fields has a name."""
    for file, key, actions in words("services"):
        for name in actions:
            none_of(missing(("name", "description"), [at(file, f"{key}.{name}")]))
            fields = at(file, f"{key}.{name}.fields")[2]
            none_of(
                missing(["name"], [at(file, f"{key}.{name}.fields.{field}") for field in fields])
            )


def test_what_is_missing_is_named() -> None:
    """The gate is worth what it tells."""
    places = [("a.json", "x.y", ["one", "three"])]
    assert differing(["one", "two"], places) == [
        "a.json: x.y: two is missing",
        "a.json: x.y: three is of nothing that there is",
    ]
