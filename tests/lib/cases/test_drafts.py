"""What people write before a step: for that step, once, by whom, for how long, and how much of it."""

import pytest

from custom_components.niiza_cctv.lib.access.errors import FieldsInvalid, NotAllowed
from custom_components.niiza_cctv.lib.access.permissions import Permission
from custom_components.niiza_cctv.lib.cases.drafts import DRAFTED, LIFETIME, MAX_OF_ONE, Drafts

NAME = "印付 太郎 Marked"


class Clock:
    """A steady clock that a test sets."""

    now = 1000.0

    def __call__(self) -> float:
        """Return its seconds."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Return a clock."""
    return Clock()


@pytest.fixture
def drafts(clock: Clock) -> Drafts:
    """Return what keeps drafts."""
    return Drafts(clock)


def why_not(drafts: Drafts, author: str, draft_id: str, step: Permission) -> str:
    """Return why a draft cannot be taken."""
    with pytest.raises((FieldsInvalid, NotAllowed)) as caught:
        drafts.take(author, draft_id, step)
    assert NAME not in f"{caught.value} {caught.value.placeholders}"
    return caught.value.key


def test_draft_is_used_once(drafts: Drafts) -> None:
    """It waits while its step is tried, comes back when that fails, and is gone when it was taken."""
    saved = drafts.save("sato", "reject", {"reason": f" {NAME} \n"})
    assert saved.texts == {"reason": NAME}
    taken = drafts.take("sato", saved.id, Permission.REJECT)
    assert why_not(drafts, "sato", saved.id, Permission.REJECT) == "draft_in_use"
    drafts.put_back(taken)
    drafts.done(drafts.take("sato", saved.id, Permission.REJECT))
    assert why_not(drafts, "sato", saved.id, Permission.REJECT) == "draft_gone"


def test_draft_is_its_authors_for_its_step(drafts: Drafts) -> None:
    """Nobody else uses or discards it, and it says nothing at another step; it stays."""
    saved = drafts.save("sato", "reject", {"reason": NAME})
    assert why_not(drafts, "suzuki", saved.id, Permission.REJECT) == "draft_of_another"
    assert why_not(drafts, "sato", saved.id, Permission.APPROVE) == "draft_of_another_step"
    drafts.discard("suzuki", saved.id)
    assert drafts.take("sato", saved.id, Permission.REJECT).texts == {"reason": NAME}
    # What is being used is not taken away under it.
    drafts.discard("sato", saved.id)
    drafts.put_back(saved)
    drafts.discard("sato", saved.id)
    assert why_not(drafts, "sato", saved.id, Permission.REJECT) == "draft_gone"


def test_draft_goes_with_its_time_and_its_log_in(drafts: Drafts, clock: Clock) -> None:
    """A step takes moments; what nobody used in a working day, and what was written in a log-in that is over, is forgotten."""
    first = drafts.save("sato", "reject", {"reason": NAME}, session="a")
    clock.now += 60
    other = drafts.save("sato", "reject", {"reason": NAME}, session="b")
    assert drafts.seconds_left() == LIFETIME.total_seconds() - 60
    drafts.forget_session("a")
    assert why_not(drafts, "sato", first.id, Permission.REJECT) == "draft_gone"
    clock.now += LIFETIME.total_seconds()
    assert why_not(drafts, "sato", other.id, Permission.REJECT) == "draft_gone"
    assert drafts.seconds_left() is None


def test_somebody_who_goes_on_writing_loses_their_oldest(drafts: Drafts) -> None:
    """Memory is bounded, at nobody else's cost."""
    others = drafts.save("suzuki", "approve", {"note": NAME})
    mine = [drafts.save("sato", "reject", {"reason": str(each)}) for each in range(MAX_OF_ONE + 3)]
    kept = [one.id for one in mine[3:]]
    for draft in mine:
        if draft.id in kept:
            drafts.take("sato", draft.id, Permission.REJECT)
        else:
            assert why_not(drafts, "sato", draft.id, Permission.REJECT) == "draft_gone"
    assert drafts.take("suzuki", others.id, Permission.APPROVE)


@pytest.mark.parametrize(
    ("step", "texts", "why"),
    [
        ("release", {"note": NAME}, "draft_step_unknown"),
        (NAME, {"note": NAME}, "draft_step_unknown"),
        ("approve", {NAME: NAME}, "draft_field_unknown"),
        ("approve", {"note": 5}, "draft_field_unknown"),
        ("approve", {"note": {NAME: NAME}}, "draft_field_unknown"),
        ("approve", {"note": NAME * 1000}, "field_too_long"),
        ("hand_over", {"medium_serial": NAME * 50}, "field_too_long"),
    ],
)
def test_what_no_step_takes_is_given_back(
    drafts: Drafts, step: str, texts: dict[str, object], why: str
) -> None:
    """In words that hold nothing of it: messages are logged."""
    with pytest.raises(FieldsInvalid) as caught:
        drafts.save("sato", step, texts)
    assert caught.value.key == why
    assert NAME not in str(caught.value.placeholders)
    assert drafts.seconds_left() is None


def test_draft_shows_nothing_of_what_it_holds(drafts: Drafts) -> None:
    """Where it is printed, in a log or a traceback."""
    assert NAME not in repr(drafts.save("sato", "reject", {"reason": NAME}))


def test_every_field_has_a_bound() -> None:
    """What is written for one step fits into a few pages."""
    for fields in DRAFTED.values():
        assert 0 < sum(rule.max_length for rule in fields.values()) <= 5000
