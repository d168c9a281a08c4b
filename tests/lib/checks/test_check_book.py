"""Checks: due, confirmed, failed, by whom; folded from the ledger."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import override

import pytest

from custom_components.niiza_cctv.lib.access.errors import FieldsInvalid, FieldsMissing, NotAllowed
from custom_components.niiza_cctv.lib.access.model import Actor, Role
from custom_components.niiza_cctv.lib.checks.errors import CheckUnknown
from custom_components.niiza_cctv.lib.checks.kinds import KINDS
from custom_components.niiza_cctv.lib.checks.model import AssetKind, Photo, Record, Result
from custom_components.niiza_cctv.lib.ledger.errors import LedgerUnavailable
from custom_components.niiza_cctv.lib.ledger.model import Entry, Json, Person
from custom_components.niiza_cctv.lib.ledger.store import Ledger
from tests.lib.checks.rounds import (
    LOOKER,
    NORTH,
    SATO,
    SECTION,
    SIGN,
    TABLET_USER,
    Rounds,
    actor,
    open_rounds,
)
from tests.section import PATIENCE

_PHOTO = Photo(name="a.jpg", sha256="0" * 64, size=1000)


async def test_everything_is_due_until_somebody_looked(rounds: Rounds) -> None:
    """Ask for each kind on what it is about, and for nothing else."""
    assert {check.id for check in rounds.book.checks()} == {
        "signage:camera:acme-1234",
        "sd_card:camera:acme-1234",
        "clock_by_eye:camera:acme-1234",
        "signage:offline_camera:offline-01",
        "sd_card:offline_camera:offline-01",
        "clock_by_eye:offline_camera:offline-01",
        "viewing_password:section:section",
        "settings_password_sealed:section:section",
        "contractor:section:section",
        "standard:section:section",
        "antivirus:tablet:tablet-1",
    }
    assert all(check.due and check.due_at is None for check in rounds.book.checks())


async def test_what_passed_is_due_again_after_its_interval(rounds: Rounds) -> None:
    """Tell who found what, and ask again when the days are over."""
    check = await rounds.book.record(SATO, SIGN, Result.PASSED, note="改札の横", photo=_PHOTO)
    assert not check.due
    assert check.passed is not None
    assert (check.passed.person.name, check.passed.note, check.passed.photo) == (
        "佐藤",
        "改札の横",
        _PHOTO,
    )
    days = timedelta(days=KINDS["signage"].interval_days)
    assert check.due_at == check.passed.at + days
    rounds.ahead = days - timedelta(minutes=1)
    assert not rounds.book.check(SIGN).due
    rounds.ahead = days + timedelta(minutes=1)
    assert rounds.book.check(SIGN).due


async def test_what_failed_stays_due_until_it_passes(rounds: Rounds) -> None:
    """Keep what has to be fixed in view."""
    await rounds.book.record(SATO, SIGN, Result.PASSED)
    check = await rounds.book.record(LOOKER, SIGN, Result.FAILED, note="はがれている")
    assert check.failed
    assert check.due
    assert check.last is not None
    assert check.due_since == check.last.at
    check = await rounds.book.record(SATO, SIGN, Result.PASSED)
    assert not check.failed
    assert not check.due
    assert check.due_since is None
    assert [record.result for record in await rounds.book.history(SIGN)] == [
        Result.PASSED,
        Result.FAILED,
        Result.PASSED,
    ]
    assert len(await rounds.book.history(SIGN, limit=2)) == 2


async def test_failing_needs_a_word_of_what_to_mend(rounds: Rounds) -> None:
    """Give a form back that does not say it."""
    with pytest.raises(FieldsMissing, match="check_needs_note"):
        await rounds.book.record(SATO, SIGN, Result.FAILED, note="  ")
    assert await rounds.entries("check_recorded") == []


async def test_card_number_and_spare_cards(rounds: Rounds) -> None:
    """Keep what belongs to a kind, refuse what does not, and what is no number."""
    check = await rounds.book.record(
        SATO,
        "sd_card:camera:acme-1234",
        Result.PASSED,
        fields={"card_number": " K-12 ", "spare_cards": "3"},
    )
    assert check.passed
    assert check.passed.fields == {"card_number": "K-12", "spare_cards": "3"}
    # As a Japanese keyboard writes it; what is no number stays as it was written.
    check = await rounds.book.record(
        SATO,
        "sd_card:camera:acme-1234",
        Result.PASSED,
        fields={"card_number": "Ｋ-12", "spare_cards": "１２"},
    )
    assert check.passed
    assert check.passed.fields == {"card_number": "Ｋ-12", "spare_cards": "12"}
    with pytest.raises(FieldsInvalid, match="field_no_number"):
        await rounds.book.record(
            SATO, "sd_card:camera:acme-1234", Result.PASSED, fields={"spare_cards": "三"}
        )
    with pytest.raises(FieldsInvalid, match="field_unknown"):
        await rounds.book.record(SATO, SIGN, Result.PASSED, fields={"card_number": "1"})


@pytest.mark.parametrize(
    ("who", "check", "reason"),
    [
        (Actor(person=None), SIGN, "not_allowed_nobody"),
        (actor("機械", Role.EXPORTER, human=False), SIGN, "not_allowed_not_human"),
        (actor("元職員", Role.EXPORTER, active=False), SIGN, "not_allowed_inactive"),
        (actor("よその課"), SIGN, "not_allowed_needs_role"),
        (TABLET_USER, "viewing_password:section:section", "not_allowed_tablet_check"),
    ],
)
async def test_nobody_else_may(rounds: Rounds, who: Actor, check: str, reason: str) -> None:
    """Refuse on the record, and change nothing."""
    with pytest.raises(NotAllowed, match=reason):
        await rounds.book.record(who, check, Result.PASSED)
    subject = rounds.book.check(check).asset.subject
    assert rounds.refused == [(who, "record_check", subject, reason)]
    assert await rounds.entries("check_recorded") == []


async def test_a_tablet_confirms_what_is_looked_at_on_the_spot(rounds: Rounds) -> None:
    """Let the tablet's user confirm a sign."""
    check = await rounds.book.record(TABLET_USER, SIGN, Result.PASSED)
    assert check.passed
    assert check.passed.person.name == "タブレット"


async def test_unknown_checks_are_refused(rounds: Rounds) -> None:
    """Say that there is none: gone, switched off, of another object, or nonsense."""
    rounds.intervals["contractor"] = 0
    for named in (
        "signage:camera:gone",
        "contractor:section:section",
        "antivirus:camera:acme-1234",
        "x" * 5000,
        "",
    ):
        with pytest.raises(CheckUnknown):
            await rounds.book.record(SATO, named, Result.PASSED)
    assert {reason for _, _, _, reason in rounds.refused} == {"check_unknown"}


async def test_a_kind_of_the_sections_own(rounds: Rounds) -> None:
    """Ask for it, let the ledger keep its name, and keep what was found when it is no longer asked for."""
    rounds.own = [
        {"key": "own_1", "name": "レンズの清掃", "objects": ["camera"], "interval_days": 90},
        {"key": "own_2", "name": "年次報告", "objects": ["section"], "interval_days": 365},
    ]
    lens = "own_1:camera:acme-1234"
    assert (await rounds.book.record(TABLET_USER, lens, Result.PASSED)).kind.name == "レンズの清掃"
    with pytest.raises(NotAllowed):
        await rounds.book.record(TABLET_USER, "own_2:section:section", Result.PASSED)
    [entry] = await rounds.entries("check_recorded")
    assert entry.details["kind_name"] == "レンズの清掃"
    rounds.own = []
    with pytest.raises(CheckUnknown):
        rounds.book.check(lens)


async def test_a_new_interval_counts_at_once(rounds: Rounds) -> None:
    """Judge what passed by the interval of now."""
    await rounds.book.record(SATO, SIGN, Result.PASSED)
    rounds.ahead = timedelta(days=10)
    assert not rounds.book.check(SIGN).due
    rounds.intervals["signage"] = 7
    assert rounds.book.check(SIGN).due


async def test_becoming_due_is_noted_once(rounds: Rounds) -> None:
    """Note it when it happens, never twice, not even by another start, and anew after the next pass."""
    rounds.assets = [NORTH]
    on_a_camera = sum(AssetKind.CAMERA in kind.assets for kind in KINDS.values())
    noted = await rounds.book.note_due()
    assert len(noted) == on_a_camera
    assert all(check.due_since is not None for check in noted)
    assert await rounds.book.note_due() == ()
    again = rounds.new_book()
    assert await again.note_due() == ()
    since = again.check(SIGN).due_since
    assert since == rounds.book.check(SIGN).due_since
    await rounds.book.record(SATO, SIGN, Result.PASSED)
    assert rounds.book.check(SIGN).due_since is None
    assert await rounds.book.note_due() == ()
    # A note is of before the interval ran out: the ledger's own clock stays where it is.
    rounds.intervals["signage"] = 0
    assert await rounds.book.note_due() == ()
    assert len(await rounds.entries("check_due")) == on_a_camera


async def test_a_restart_shows_the_same(rounds: Rounds) -> None:
    """Fold the same from the ledger as was shown while it was written."""
    await rounds.book.record(SATO, SIGN, Result.PASSED, note="よし", photo=_PHOTO)
    await rounds.book.record(LOOKER, SIGN, Result.FAILED, note="汚れ")
    await rounds.book.record(
        SATO, "sd_card:camera:acme-1234", Result.PASSED, fields={"card_number": "7"}
    )
    again = rounds.new_book()
    await again.load()
    assert again.checks() == rounds.book.checks()
    assert again.photo("a.jpg") == _PHOTO
    assert again.photo("../a.jpg") is None


async def test_entries_of_other_versions_are_left_out(rounds: Rounds) -> None:
    """Read what can be read; nothing that cannot stops the rest."""
    named: dict[str, Json] = {
        "kind": "signage",
        "object_kind": "camera",
        "object": "acme-1234",
        "object_name": "北口",
    }
    person = SATO.person
    strange: tuple[dict[str, Json], ...] = (
        {},
        named,
        named | {"result": "perhaps", "note": "", "fields": {}, "photo": None},
        named | {"result": "passed", "note": 1, "fields": {}, "photo": None},
        {"kind": 3, "object_kind": "camera", "object": "acme-1234"},
    )
    for details in strange:
        await rounds.ledger.append("check_recorded", NORTH.subject, details, person=person)
    # Without a person there is nobody who looked.
    passed: dict[str, Json] = {"result": "passed", "note": "", "fields": {}, "photo": None}
    await rounds.ledger.append("check_recorded", NORTH.subject, named | passed, person=None)
    again = rounds.new_book()
    await again.load()
    assert again.check(SIGN).last is None
    assert await again.history(SIGN) == []
    await rounds.ledger.append(
        "check_recorded",
        NORTH.subject,
        named | passed | {"photo": {"name": 1}},
        person=person,
    )
    await again.load()
    last = again.check(SIGN).last
    assert last is not None
    assert last.photo is None


async def test_two_people_at_once(rounds: Rounds) -> None:
    """Keep both records, in the order of the ledger; listeners hear of both."""
    heard: list[Record] = []
    stop = rounds.book.add_listener(lambda _check, record: heard.append(record))
    await asyncio.gather(
        rounds.book.record(SATO, SIGN, Result.PASSED),
        rounds.book.record(LOOKER, SIGN, Result.FAILED, note="ない"),
    )
    await asyncio.sleep(0)
    numbers = [entry.number for entry in await rounds.entries("check_recorded")]
    assert [record.number for record in heard] == numbers
    assert rounds.book.check(SIGN).last == heard[-1]
    stop()
    await rounds.book.record(SATO, SIGN, Result.PASSED)
    await asyncio.sleep(0)
    assert len(heard) == 2


async def test_a_caller_that_goes_leaves_nothing_half_done(rounds: Rounds) -> None:
    """Finish what was begun."""
    recorded = asyncio.Event()
    rounds.book.add_listener(lambda _check, _record: recorded.set())
    task = asyncio.create_task(rounds.book.record(SATO, SIGN, Result.PASSED))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(PATIENCE):
        await recorded.wait()
    assert not rounds.book.check(SIGN).due
    assert len(await rounds.entries("check_recorded")) == 1


class Moody(Ledger):
    """A real ledger whose answer gets lost on request."""

    lost_answers = 0

    @override
    async def append(
        self,
        action: str,
        subject: str,
        details: Mapping[str, Json] | None = None,
        *,
        person: Person | None,
        patient: bool = False,
    ) -> Entry:
        entry = await super().append(action, subject, details, person=person, patient=patient)
        if self.lost_answers:
            self.lost_answers -= 1
            raise LedgerUnavailable("The connection broke before the answer")
        return entry


async def test_a_lost_answer_is_found_in_the_ledger(tmp_path: Path) -> None:
    """Show what the ledger carries, whatever the caller was told."""
    async with open_rounds(tmp_path, Moody) as rounds:
        assert isinstance(rounds.ledger, Moody)
        rounds.ledger.lost_answers = 1
        with pytest.raises(LedgerUnavailable):
            await rounds.book.record(SATO, SIGN, Result.PASSED)
        await rounds.book.note_due()
        check = rounds.book.check(SIGN)
        assert check.passed is not None
        assert not check.due


async def test_the_section_is_a_thing_to_look_at(rounds: Rounds) -> None:
    """Name things in the ledger as cases and cameras are named."""
    assert [each.subject for each in rounds.assets] == [
        "section",
        "camera/acme-1234",
        "camera/offline-01",
        "tablet/tablet-1",
    ]
    assert rounds.book.check("standard:section:section").asset == SECTION
