"""Reveal tracks: what they reveal and when, their written form, and what is no track."""

from dataclasses import replace
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.niiza_cctv.lib.footage.clip_model import ClipInvalid
from custom_components.niiza_cctv.lib.footage.masking.errors import MaskInvalid, MaskProblem
from custom_components.niiza_cctv.lib.footage.masking.track import (
    HIDE_MARGIN,
    MAX_KEYS,
    MAX_TRACKS,
    WHOLE,
    Box,
    HideTrack,
    Key,
    RevealTrack,
    Shape,
    Tracks,
)

BOX = Box(100_000, 200_000, 300_000, 400_000)
DURATION = 60_000_000


def track(*times: int, confirmed: bool = True) -> RevealTrack:
    """Return a track with keys at these times."""
    return RevealTrack(tuple(Key(at, BOX, confirmed) for at in times))


def written(**changes: Any) -> dict[str, Any]:
    """Return a track in its written form, with changes of its only key."""
    key = {"at_us": 0, "box": [0, 0, 10, 10], "confirmed": True} | changes
    return {"reveal": [{"shape": "box", "keys": [key], "rejected": []}], "hide": []}


def test_a_box_moves_in_a_straight_line_between_two_confirmed_keys() -> None:
    """Exactly, whatever the times are."""
    moving = RevealTrack((Key(0, BOX), Key(3, Box(400_000, 500_000, 600_000, 700_000))))

    at = moving.at(1)

    assert at is not None
    assert [10 * numerator / denominator for numerator, denominator in at.edges()] == [2, 3, 4, 5]


def test_nothing_is_revealed_before_the_first_key_and_after_the_last() -> None:
    """One microsecond is enough."""
    seen = track(1_000, 2_000)

    assert [seen.at(at) is not None for at in (999, 1_000, 1_500, 2_000, 2_001)] == [
        False, True, True, True, False,
    ]  # fmt: skip


def test_what_is_not_confirmed_reveals_nothing() -> None:
    """Neither at its own time nor on the way to it or from it."""
    proposed = RevealTrack((Key(0, BOX), Key(10, BOX, confirmed=False), Key(20, BOX)))

    assert [at for at in range(21) if proposed.at(at)] == [0, 20]
    assert not any(track(0, 10, confirmed=False).at(at) for at in range(11))


def test_a_rejected_stretch_reveals_nothing_whatever_the_keys_say() -> None:
    """Both of its ends belong to it."""
    seen = replace(track(0, 5, 10), rejected=((4, 6), (9, 9)))

    assert [at for at in range(11) if seen.at(at)] == [0, 1, 2, 3, 7, 8, 10]


def test_what_hides_does_so_a_little_longer_than_its_keys_say() -> None:
    """A time that was rounded shows nothing, and a proposal hides, too."""
    hiding = HideTrack((Key(1_000_000, BOX, confirmed=False), Key(2_000_000, BOX)))

    assert hiding.at(1_000_000 - HIDE_MARGIN)
    assert hiding.at(1_500_000)
    assert hiding.at(2_000_000 + HIDE_MARGIN)
    assert not hiding.at(1_000_000 - HIDE_MARGIN - 1)
    assert not hiding.at(2_000_000 + HIDE_MARGIN + 1)


@pytest.mark.parametrize(
    ("reveal", "problem"),
    [
        (RevealTrack(()), MaskProblem.NO_KEYS),
        (track(-1), MaskProblem.BEYOND_CLIP),
        (track(0, DURATION + 1), MaskProblem.BEYOND_CLIP),
        (track(5, 5), MaskProblem.TIMES_NOT_RISING),
        (track(0, 9, 8), MaskProblem.TIMES_NOT_RISING),
        (RevealTrack((Key(0, Box(-1, 0, 10, 10)),)), MaskProblem.OUTSIDE),
        (RevealTrack((Key(0, Box(0, 0, 10, WHOLE + 1)),)), MaskProblem.OUTSIDE),
        (RevealTrack((Key(0, Box(10, 0, 10, 10)),)), MaskProblem.NO_AREA),
        (RevealTrack((Key(0, Box(0, 20, 10, 10)),)), MaskProblem.NO_AREA),
        (replace(track(0), rejected=((6, 5),)), MaskProblem.STRETCH_INVALID),
        (replace(track(0), rejected=((0, DURATION + 1),)), MaskProblem.STRETCH_INVALID),
        (track(*range(MAX_KEYS + 1)), MaskProblem.TOO_MANY_KEYS),
    ],
)
def test_what_is_no_track_is_refused(reveal: RevealTrack, problem: MaskProblem) -> None:
    """Each reason has a message, which names the track."""
    with pytest.raises(MaskInvalid) as raised:
        Tracks((track(0), reveal)).check(DURATION)

    assert raised.value.problem is problem
    assert raised.value.placeholders.get("track", "2") == "2"
    assert isinstance(raised.value, ClipInvalid)


def test_what_hides_is_checked_like_what_reveals() -> None:
    """It counts behind the others."""
    with pytest.raises(MaskInvalid) as raised:
        Tracks((track(0),), (HideTrack((Key(0, BOX), Key(0, BOX))),)).check(DURATION)

    assert raised.value.problem is MaskProblem.TIMES_NOT_RISING
    assert raised.value.placeholders == {"track": "2", "key": "2"}


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_no_coordinate(value: float) -> None:
    """Wherever it stands."""
    with pytest.raises(MaskInvalid) as raised:
        Box.of(0, 0, value, 1)

    assert raised.value.problem is MaskProblem.NOT_A_NUMBER


def test_ten_thousand_keys_are_a_track() -> None:
    """Written, read and checked."""
    many = Tracks((track(*range(MAX_KEYS)),))

    again = Tracks.from_json(many.as_json())
    again.check(DURATION)

    assert again == many
    assert again.reveal[0].at(5_000)


def test_too_many_tracks_are_refused_before_they_are_read() -> None:
    """As they are written, and as they are."""
    many = Tracks((track(0),) * (MAX_TRACKS + 1))
    for refused in (lambda: many.check(DURATION), lambda: Tracks.from_json(many.as_json())):
        with pytest.raises(MaskInvalid) as raised:
            refused()
        assert raised.value.problem is MaskProblem.TOO_MANY_TRACKS
        assert raised.value.placeholders == {"limit": str(MAX_TRACKS)}
    keys = written()
    keys["reveal"][0]["keys"] *= MAX_KEYS + 1
    with pytest.raises(MaskInvalid) as raised:
        Tracks.from_json(keys)
    assert raised.value.problem is MaskProblem.TOO_MANY_KEYS


@pytest.mark.parametrize(
    "value",
    [
        None, [], {}, {"reveal": []}, {"reveal": [], "hide": [], "more": 1}, {"reveal": 1, "hide": []},
        {"reveal": [1], "hide": []}, {"reveal": [], "hide": [1]}, {"reveal": [], "hide": [{"keys": [1]}]},
        {"reveal": [{"shape": "star", "keys": [], "rejected": []}], "hide": []},
        {"reveal": [{"shape": "box", "keys": [], "rejected": [[1]]}], "hide": []},
        {"reveal": [{"shape": "box", "keys": [], "rejected": [[1, 2]] * 1_001}], "hide": []},
        written(at_us=0.5), written(at_us=float("nan")), written(at_us=True), written(at_us="0"),
        written(box=[0, 0, float("nan"), 1]), written(box=[0, 0, 1]), written(confirmed=1), written(more=1),
    ],
)  # fmt: skip
def test_what_is_not_written_so_is_refused(value: Any) -> None:
    """Whatever it is, and whatever stands in it."""
    with pytest.raises(MaskInvalid) as raised:
        Tracks.from_json(value)

    assert raised.value.problem is MaskProblem.FORM


boxes = st.builds(Box, *(st.integers(0, WHOLE),) * 4)
times = st.lists(st.integers(0, DURATION), unique=True, min_size=1, max_size=5).map(sorted)


@given(
    st.lists(st.tuples(times, boxes, st.booleans(), st.sampled_from(Shape)), max_size=4),
    st.lists(st.tuples(times, boxes), max_size=3),
)
def test_a_track_has_one_written_form_and_one_hash(
    reveal: list[tuple[list[int], Box, bool, Shape]], hide: list[tuple[list[int], Box]]
) -> None:
    """What is read is what was written, and another track has another hash."""
    tracks = Tracks(
        tuple(
            RevealTrack(tuple(Key(at, box, confirmed) for at in at_times), shape, ((1, 2),))
            for at_times, box, confirmed, shape in reveal
        ),
        tuple(HideTrack(tuple(Key(at, box) for at in at_times)) for at_times, box in hide),
    )

    again = Tracks.from_json(tracks.as_json())

    assert again == tracks
    assert again.sha256 == tracks.sha256
    assert replace(again, hide=(*again.hide, HideTrack(()))).sha256 != tracks.sha256
