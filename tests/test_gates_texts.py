"""Gate: no action takes a text that somebody wrote, now or later: Home Assistant keeps the data of every call."""

from collections.abc import Callable, Iterator
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
import probatio
import pytest

from custom_components.niiza_cctv.lib.access.permissions import Permission
from custom_components.niiza_cctv.lib.cases.drafts import DRAFTED
from custom_components.niiza_cctv.services import ACTIONS

# What a person may write: names in both languages, in one word or more, sentences.
SENTENCES = (
    "山田太郎",
    "巡査部長 山田太郎(048-000-0000)",
    "Taro Yamada",
    "Sergeant Yamada, 048-000-0000",
    "北口で発生した\n自転車盗の捜査",
    "O'Neill-Yamada",
)
WORDS = ("Yamada", "yamada", "YAMADA7", "yamada-taro")
# What an automation's author writes, and no person who takes a step: the words of a notice, and a camera's own mail.
# docs/actions.md says that nobody's name belongs there.
AUTOMATIONS_OWN = {
    ("notify", "title"),
    ("notify", "message"),
    ("report_mail", "recipient"),
    ("report_mail", "sender"),
    ("report_mail", "subject"),
    ("report_mail", "text"),
    ("report_mail", "mail_id"),
}
# Names that somebody chooses, of things: no blank, nothing but ASCII.
ONE_WORD = {
    ("notify", "tag"),
    ("clear_notice", "tag"),
    ("notify", "path"),
    # A host's name.
    ("set_clock", "ntp_server"),
}


def fields() -> Iterator[tuple[str, str, Any]]:
    """Yield every field of every action, and what it takes."""
    for action, of in ACTIONS.items():
        for name, takes in of.schema.items():
            yield action, str(name), takes


def wrapped(text: str) -> Iterator[Any]:
    """Yield a text as it may come: alone, in a list, as a value or a key of whatever shape."""
    yield from (text, f" {text} ", [text], (text,), {text: text}, {text: "9f2c" * 16})
    yield from ({"2026-0001-01": text}, [{"a": text}], {"name": text}, {text: None}, {text: 1})


def takes_text(takes: Any, texts: tuple[str, ...]) -> list[Any]:
    """Return what of these texts, in any wrapping, a field lets pass."""
    schema = probatio.Schema({"field": takes})
    passed = []
    for given in (each for text in texts for each in wrapped(text)):
        try:
            schema({"field": given})
        except probatio.Invalid, ServiceValidationError:
            continue
        passed.append(given)
    return passed


@pytest.mark.parametrize(
    ("action", "name", "takes"), [pytest.param(*one, id=f"{one[0]}.{one[1]}") for one in fields()]
)
async def test_a_field_of_an_action_takes_no_text(
    hass: HomeAssistant, action: str, name: str, takes: Any
) -> None:
    """A new field that does belongs into a draft (lib/cases/drafts.py), or is a choice, an identifier, a time, a number."""
    if (action, name) in AUTOMATIONS_OWN:
        return
    texts = SENTENCES if (action, name) in ONE_WORD else SENTENCES + WORDS
    assert takes_text(takes, texts) == []


def test_exceptions_are_of_actions_that_there_are() -> None:
    """An exception whose field is gone would excuse another one later; none is a field of a step that takes drafts."""
    there = {(action, name) for action, name, _ in fields()}
    assert there >= AUTOMATIONS_OWN | ONE_WORD
    assert not any(ACTIONS[action].step for action, _ in AUTOMATIONS_OWN | ONE_WORD)


def test_every_step_with_texts_has_its_action() -> None:
    """What can be written can be used, by one action, and that action takes no field of such a name."""
    # A showing is begun by the page that shows it, and by nothing else.
    steps = [
        Permission.SHOW_AT_COUNTER,
        *(of.step for of in ACTIONS.values() if of.step is not None),
    ]
    assert sorted(steps) == sorted(DRAFTED)
    for action, of in ACTIONS.items():
        names = {str(name) for name in of.schema}
        assert ("draft_id" in names) == (of.step is not None), action
        if of.step is not None:
            assert names.isdisjoint(DRAFTED[of.step]), action


@pytest.mark.parametrize(
    "takes",
    [
        cv.string,
        str,
        object,
        dict,
        list,
        cv.match_all,
        {cv.string: cv.string},
        probatio.Any(int, cv.string),
        probatio.All(cv.ensure_list, [cv.string]),
        probatio.All(cv.string, probatio.Length(max=10)),
        probatio.Match(r"^\w+$"),
        cv.slug,
    ],
    # Not the functions' own words: those have an address, and each process another.
    ids=lambda takes: getattr(takes, "__name__", type(takes).__name__),
)
async def test_the_gate_notices_a_text(hass: HomeAssistant, takes: Callable[[Any], Any]) -> None:
    """What schemas are usually made of."""
    assert takes_text(takes, SENTENCES + WORDS)
