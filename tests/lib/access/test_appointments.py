"""Who is named, who is confirmed, and what changed: folded from a real ledger, by the one rule of who confirms whom."""

from collections.abc import AsyncGenerator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from custom_components.niiza_cctv.lib.access.appointments import (
    Appointment,
    Appointments,
    LastKnown,
    check_confirms,
    may_be_confirmed,
)
from custom_components.niiza_cctv.lib.access.errors import CaseError, NotAllowed
from custom_components.niiza_cctv.lib.access.model import Actor, Role
from custom_components.niiza_cctv.lib.access.section_changes import (
    ACTIONS,
    Hider,
    Things,
    as_kept,
    changes,
    fold,
    outside,
)
from custom_components.niiza_cctv.lib.ledger.model import Entry, Person
from custom_components.niiza_cctv.lib.ledger.store import Ledger

SATO, SUZUKI, ITO, OWNER = (
    Person(id=name, name=name) for name in ("sato", "suzuki", "ito", "owner")
)
EVERYBODY = {"sato", "suzuki", "ito", "owner"}


def actor(person: Person, *roles: Role, owner: bool = False, direct: bool = True) -> Actor:
    """Return somebody who is there."""
    return Actor(
        person=person,
        roles=frozenset(roles),
        owner=owner,
        human=True,
        active=True,
        direct=direct,
    )


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncGenerator[Ledger]:
    """Return an empty ledger."""
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger.db", "chain")
    await ledger.open()
    yield ledger
    await ledger.close()


@pytest.fixture
async def book(ledger: Ledger) -> Appointments:
    """Return what it says."""
    book = Appointments(ledger)
    await book.load()
    return book


async def read_again(ledger: Ledger) -> Appointments:
    """Return what another start reads."""
    again = Appointments(ledger)
    await again.load()
    return again


def of(one: Appointment) -> tuple[str, str, bool]:
    """Return who is named for what, in effect or not."""
    return one.user.id, one.role, one.in_effect


async def test_what_is_taken_over_is_so_once(ledger: Ledger, book: Appointments) -> None:
    """A second entry of the kind, whoever wrote it, gives nobody anything."""
    await book.take_over({Role.APPROVER: [SUZUKI], Role.VIEWER: [SATO]}, {})
    await book.take_over({Role.APPROVER: [ITO]}, {})
    assert [one.action for one in await all_entries(ledger)] == ["taken_over"]
    await ledger.append(
        "taken_over",
        "section",
        {"roles": {"approver": [{"id": "ito", "name": "ito"}]}},
        person=None,
    )
    again = await read_again(ledger)
    assert {of(one) for one in again.all()} == {
        ("suzuki", "approver", True),
        ("sato", "viewer", True),
    }
    assert all(one.inherited for one in again.all())


async def all_entries(ledger: Ledger) -> list[Entry]:
    """Return everything that was written."""
    return [one async for one in ledger.entries()]


async def test_what_was_folded_is_what_is_read_again(ledger: Ledger, book: Appointments) -> None:
    """Named, confirmed, declined, dismissed: another start knows the same."""
    await book.take_over({Role.EXPORTER: [SATO], Role.APPROVER: [SUZUKI]}, {})
    wanted = {Role.EXPORTER: [SATO, ITO], Role.APPROVER: [SUZUKI, ITO], Role.VIEWER: [OWNER]}
    await book.name(OWNER, lambda: wanted)
    exporter, approver = book.pending()
    assert (exporter.role, approver.role) == (Role.EXPORTER, Role.APPROVER)
    await book.confirm(actor(SATO, Role.EXPORTER), exporter.number, EVERYBODY)
    await book.decline(actor(SUZUKI, Role.APPROVER), approver.number)
    await book.name(OWNER, lambda: {Role.EXPORTER: [ITO], Role.APPROVER: [SUZUKI]})
    assert {of(one) for one in book.all()} == {
        ("ito", "exporter", True),
        ("suzuki", "approver", True),
    }
    assert (await read_again(ledger)).all() == book.all()
    (held,) = [one for one in book.all() if one.user == ITO]
    assert (held.named_by, held.confirmed_by, held.inherited) == (OWNER, SATO, False)


async def test_a_later_naming_is_another_appointment(book: Appointments) -> None:
    """What somebody saw and confirms is not what was named since."""
    await book.take_over({Role.EXPORTER: [SATO], Role.APPROVER: [SUZUKI]}, {})
    before = {Role.EXPORTER: [SATO], Role.APPROVER: [SUZUKI]}
    await book.name(OWNER, lambda: {**before, Role.EXPORTER: [SATO, ITO]})
    (seen,) = book.pending()
    await book.name(OWNER, lambda: before)
    await book.name(OWNER, lambda: {**before, Role.EXPORTER: [SATO, ITO]})
    with pytest.raises(CaseError) as refused:
        await book.confirm(actor(SATO, Role.EXPORTER), seen.number, EVERYBODY)
    assert refused.value.key == "appointment_unknown"
    assert [of(one) for one in book.pending()] == [("ito", "exporter", False)]


async def test_what_was_found_gives_nobody_a_role_and_takes_no_limit_off(
    book: Appointments,
) -> None:
    """Nobody is known to have done it: viewers wait, too, and a tablet stays one."""
    await book.take_over({Role.TABLET: [ITO], Role.VIEWER: [SATO]}, {})
    await book.name(None, lambda: {Role.VIEWER: [SUZUKI], Role.APPROVER: [OWNER]}, found=True)
    assert {of(one) for one in book.all()} == {
        ("ito", "tablet", True),
        ("suzuki", "viewer", False),
        ("owner", "approver", False),
    }


async def test_a_new_section_has_nobody_of_the_one_before(
    ledger: Ledger, book: Appointments
) -> None:
    """Whoever held a role in a section that was removed is not named in the next."""
    await book.take_over({Role.APPROVER: [SUZUKI]}, {})
    await book.set_up(SATO, {Role.EXPORTER: [ITO], Role.VIEWER: [SATO]}, {})
    assert {of(one) for one in (await read_again(ledger)).all()} == {
        ("ito", "exporter", False),
        ("sato", "viewer", True),
    }


def pending(user: Person, named_by: Person | None) -> Appointment:
    """Return an appointment that waits."""
    entry: Any = {"number": 7, "named_at": None}
    return Appointment(role=Role.APPROVER, user=user, named_by=named_by, in_effect=False, **entry)


HOLDER = (Role.EXPORTER,)


@pytest.mark.parametrize(
    ("user", "named_by", "deciding", "who", "reason"),
    [
        # Another holder does.
        (ITO, OWNER, {"sato", "suzuki"}, actor(SATO, *HOLDER), None),
        # Neither the named person nor who named them, whatever they hold.
        (SATO, OWNER, {"sato", "suzuki"}, actor(SATO, *HOLDER), "not_allowed_own_appointment"),
        (ITO, SATO, {"sato", "suzuki"}, actor(SATO, *HOLDER), "not_allowed_appointed_by_you"),
        # The owner is nobody special while there are others.
        (ITO, SATO, {"suzuki"}, actor(OWNER, owner=True), "not_allowed_needs_deciding"),
        # At the beginning, or where the only other one is the named person or who named them.
        (ITO, OWNER, set(), actor(OWNER, owner=True), None),
        (ITO, SATO, {"sato"}, actor(OWNER, owner=True), None),
        (SUZUKI, SATO, {"suzuki", "sato"}, actor(OWNER, owner=True), None),
        # Never themselves, alone as they may be.
        (OWNER, OWNER, set(), actor(OWNER, owner=True), "not_allowed_own_appointment"),
        (OWNER, SATO, set(), actor(OWNER, owner=True), "not_allowed_own_appointment"),
        # An owner who holds a role is one of those who do.
        (
            ITO,
            OWNER,
            {"owner", "sato"},
            actor(OWNER, *HOLDER, owner=True),
            "not_allowed_appointed_by_you",
        ),
        (ITO, None, {"sato"}, actor(SATO, *HOLDER), None),
        # Watching is no role that decides; a tablet, and what is not one's own hand, neither.
        (ITO, OWNER, set(), actor(SATO, Role.VIEWER), "not_allowed_needs_deciding"),
        (ITO, OWNER, {"sato"}, actor(SATO, *HOLDER, Role.TABLET), "not_allowed_tablet"),
        (ITO, OWNER, set(), actor(OWNER, owner=True, direct=False), "not_by_own_hand"),
        (ITO, OWNER, set(), Actor(person=None), "not_allowed_nobody"),
    ],
)
def test_who_confirms_whom(
    user: Person, named_by: Person | None, deciding: set[str], who: Actor, reason: str | None
) -> None:
    """The one rule, case by case."""
    if reason is None:
        assert check_confirms(who, pending(user, named_by), deciding) == who.person
        assert may_be_confirmed(pending(user, named_by), deciding, {"owner"})
        return
    with pytest.raises(NotAllowed) as refused:
        check_confirms(who, pending(user, named_by), deciding)
    assert refused.value.key == reason


def test_it_is_said_where_nobody_can_confirm() -> None:
    """One person, whoever they are, is not two."""
    assert not may_be_confirmed(pending(OWNER, OWNER), set(), {"owner"})
    assert not may_be_confirmed(pending(SATO, OWNER), {"sato"}, set())
    assert may_be_confirmed(pending(OWNER, OWNER), {"sato"}, {"owner"})


async def test_who_lets_footage_out(book: Appointments) -> None:
    """Only who holds it in effect, may log in, and is no tablet."""
    await book.take_over(
        {
            Role.EXPORTER: [SATO, ITO],
            Role.APPROVER: [SUZUKI],
            Role.TABLET: [ITO],
            Role.VIEWER: [OWNER],
        },
        {},
    )
    assert book.deciding(EVERYBODY) == {"sato", "suzuki"}
    assert book.deciding({"sato", "ito", "owner"}) == {"sato"}
    last = LastKnown(book.in_effect())
    assert all(last.holds(one.role, one.user.id) for one in book.all())
    assert not last.holds(Role.APPROVER, "sato")


# --- What changed -------------------------------------------------------------------------------------------------

HIDER = Hider(b"k" * 32)
CAMERA = {
    "name": "北口",
    "host": "192.0.2.1",
    "port": 80,
    "username": "viewer",
    "password": "old",
    "serial": "SN-1",
    "macs": ["00:00:5e:00:53:01"],
    "quota_gb": 1.5,
}


def things(**camera: object) -> Things:
    """Return a section with one camera."""
    return {
        "section": HIDER.fields({"name": "課", "retention_days": 14, "db_url": "sqlite:///secret"}),
        "camera/kita": HIDER.fields(CAMERA | camera),
    }


async def test_whatever_is_kept_can_be_written(ledger: Ledger) -> None:
    """A maker's name in another script, fractions and great numbers keep no ledger from being begun."""
    odd: Things = {
        "camera/防犯-1": HIDER.fields(
            {"name": "北口", "quota_gb": 0.5, "mail_interval": 2**60, "own_checks": [{"鍵": 1.25}]}
        )
    }
    entry = await ledger.append("taken_over", "section", {"things": as_kept(odd)}, person=None)
    for change in changes({}, odd):
        await ledger.append(change.action, change.subject, change.details, person=None)
    folded: Things = {}
    fold(folded, entry)
    assert folded == odd


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": "南口"}, {"camera_changed": ["name"]}),
        ({"host": "192.0.2.2", "port": 81}, {"camera_changed": ["host", "port"]}),
        ({"password": "new"}, {"password_renewed": ["password"]}),
        ({"fingerprint": "ab"}, {"certificate_pinned": ["fingerprint"]}),
        ({"digest_only": True}, {"digest_learnt": ["digest_only"]}),
        # A field of a later version is hidden until it is said to be harmless.
        ({"api_token": "secret"}, {"camera_changed": ["api_token"]}),
        (
            {"username": "other", "serial": "SN-2"},
            {"camera_changed": ["serial"], "password_renewed": ["username"]},
        ),
    ],
)
def test_a_change_has_its_word_and_shows_no_secret(
    changed: Mapping[str, object], words: dict[str, list[str]]
) -> None:
    """Passwords and places are in no entry; whether they are the same is."""
    found = changes(things(), things(**changed))
    assert {one.action.value: one.details["changed"] for one in found} == words
    written = str(found)
    for secret in ("192.0.2", "secret", "'new'", "'old'", "viewer", "'other'"):
        assert secret not in written
    assert changes(things(), things()) == []
    # The other way round, too.
    assert changes(things(**changed), things()) != []


def test_a_hidden_value_is_another_under_another_key() -> None:
    """Without the key nobody tries passwords out on an export of the ledger."""
    other = Hider(b"x" * 32).fields(CAMERA)
    assert other["password"] != HIDER.fields(CAMERA)["password"]
    # Nor is the same word the same in two fields.
    twice = HIDER.fields({"username": "same", "password": "same"})
    assert twice["username"] != twice["password"]


async def test_what_was_written_gives_how_it_stands(ledger: Ledger) -> None:
    """Folding the entries of any way there gives the end, whether somebody did it or it was found."""
    way = [
        things(),
        things(host="192.0.2.9", digest_only=True, fingerprint="ab"),
        things(digest_only=False, password="new", location="改札"),
        {"section": HIDER.fields({"name": "課", "audio_allowed": False})},
        {**things(), "tablet/t": HIDER.fields({"name": "会議室", "user_id": "ito"})},
    ]
    await ledger.append(
        "taken_over", "section", {"things": as_kept(way[0]), "roles": {}}, person=None
    )
    for number, (before, after) in enumerate(pairwise(way)):
        for change in changes(before, after):
            written = outside(change) if number % 2 else change
            await ledger.append(written.action, written.subject, written.details, person=SATO)
    folded: Things = {}
    async for entry in ledger.entries(actions=ACTIONS):
        fold(folded, entry)
    assert folded == way[-1]
