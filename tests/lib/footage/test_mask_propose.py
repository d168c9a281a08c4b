"""Proposals: where a figure seems to go, and when that is not known any more."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from custom_components.niiza_cctv.lib.footage.masking.errors import MaskInvalid, MaskProblem
from custom_components.niiza_cctv.lib.footage.masking.propose import (
    MAX_PROPOSAL,
    Proposal,
    ProposalEnd,
    propose,
)
from custom_components.niiza_cctv.lib.footage.masking.track import WHOLE, Box, RevealTrack
from simulator.video import CROSSING, FIGURES, PATTERNED, STOPPING, Figure, Scene
from tests.lib.footage.maskable import RATE, SECOND, noise, write

WIDTH, HEIGHT = 640, 360


def place(figure: Figure, second: float) -> Box:
    """Return the box of a figure, cut off at the picture's edges."""
    left, top, right, bottom = figure.box(second, WIDTH, HEIGHT)
    return Box.of(
        max(left, 0) / WIDTH, top / HEIGHT, min(right, WIDTH) / WIDTH, min(bottom, HEIGHT) / HEIGHT
    )


def overlap(one: Box, other: Box) -> float:
    """Return the intersection of two boxes over their union."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    both = max(width, 0) * max(height, 0)
    areas = [(box.right - box.left) * (box.bottom - box.top) for box in (one, other)]
    return both / (sum(areas) - both)


def filmed(
    path: Path, figures: tuple[Figure, ...], begin: float, seconds: float, *, gone: float = 99
) -> Path:
    """Write what a camera sees; after `gone` seconds nobody is there any more."""
    scenes = (Scene(WIDTH, HEIGHT, figures), Scene(WIDTH, HEIGHT, ()))
    return write(
        path,
        (
            scenes[at / RATE >= gone].draw(Fraction(begin) + Fraction(at, RATE))
            for at in range(round(seconds * RATE))
        ),
    )


def followed(tmp_path: Path, figures: tuple[Figure, ...], begin: float, seconds: float) -> Proposal:
    """Follow the first of the figures from the first picture on."""
    path = filmed(tmp_path / "filmed.mp4", figures, begin, seconds + 0.5)
    return propose(path, 0, place(figures[0], begin), round(seconds * SECOND))


@pytest.mark.parametrize(
    ("figures", "begin"),
    [(FIGURES[:1], 4), ((PATTERNED,), 4), ((STOPPING,), 4), ((PATTERNED, FIGURES[1]), 5)],
    ids=["plain", "patterned", "stops and goes on", "another one far away"],
)
def test_a_walking_figure_is_followed(
    tmp_path: Path, figures: tuple[Figure, ...], begin: float
) -> None:
    """Before pillars and rails, and while it stands."""
    found = followed(tmp_path, figures, begin, 5)

    assert found.end is ProposalEnd.DONE
    overlaps = [overlap(box, place(figures[0], begin + at / SECOND)) for at, box in found.path]
    assert len(overlaps) == 5 * RATE + 1
    assert sum(overlaps) / len(overlaps) > 0.9
    assert min(overlaps) > 0.8


def test_a_proposal_has_a_key_each_half_second_and_reveals_nothing(tmp_path: Path) -> None:
    """Until a person confirms it."""
    found = followed(tmp_path, (PATTERNED,), 4, 1.2)

    assert [key.at for key in found.keys] == [0, 500_000, SECOND, 1_200_000]
    assert found.keys[0].box == place(PATTERNED, 4)
    assert not any(RevealTrack(found.keys).at(at) for at in range(0, 1_200_000, 50_000))


def test_a_figure_that_is_gone_ends_the_proposal(tmp_path: Path) -> None:
    """With the picture before."""
    path = filmed(tmp_path / "filmed.mp4", (PATTERNED,), 4, 4, gone=2)

    found = propose(path, 0, place(PATTERNED, 4), 4 * SECOND)

    assert found.end is ProposalEnd.LOST
    assert found.path[-1][0] == 1_900_000
    assert found.keys[-1].at == 1_900_000


def test_at_a_crossing_it_gives_up_rather_than_follow_the_other(tmp_path: Path) -> None:
    """Until then it was right."""
    found = followed(tmp_path, CROSSING, 7, 6)

    assert found.end is ProposalEnd.LOST
    assert min(overlap(box, place(PATTERNED, 7 + at / SECOND)) for at, box in found.path) > 0.8


def test_a_figure_that_leaves_the_picture_ends_the_proposal(tmp_path: Path) -> None:
    """At its edge."""
    found = followed(tmp_path, (PATTERNED,), 15, 5)

    assert found.end in {ProposalEnd.LEFT, ProposalEnd.LOST}
    assert all(0 <= side <= WHOLE for _, box in found.path for side in box.sides)
    assert found.path[-1][1].right > 0.9 * WHOLE


def test_a_proposal_ends_with_the_clip_and_after_seconds(tmp_path: Path) -> None:
    """However far it was to go."""
    path = write(tmp_path / "still.mp4", [noise(64, 48)] * 130)
    box = Box.of(0.2, 0.2, 0.8, 0.8)

    whole = propose(path, 0, box, 60 * SECOND)
    rest = propose(path, 12 * SECOND, box, 60 * SECOND)

    assert whole.end is rest.end is ProposalEnd.DONE
    assert whole.path[-1][0] == MAX_PROPOSAL
    assert rest.path[-1][0] == 12_900_000
    assert {one for _, one in whole.path} == {box}


@pytest.mark.parametrize(
    ("box", "start", "problem"),
    [
        (Box(0, 0, WHOLE + 1, WHOLE), 0, MaskProblem.OUTSIDE),
        (Box(5, 5, 5, 9), 0, MaskProblem.NO_AREA),
        (Box(0, 0, 9_000, 9_000), 0, MaskProblem.NO_AREA),
        (Box(0, 0, 100_000, 100_000), 0, MaskProblem.NO_AREA),
        (Box(0, 0, WHOLE, WHOLE), 99 * SECOND, MaskProblem.BEYOND_CLIP),
        (Box(0, 0, WHOLE, WHOLE), -1, MaskProblem.BEYOND_CLIP),
    ],
)
def test_what_cannot_be_followed_is_refused(
    tmp_path: Path, box: Box, start: int, problem: MaskProblem
) -> None:
    """Outside, without an area, too small to look like anything, at no time of the clip."""
    path = write(tmp_path / "still.mp4", [noise(64, 48)] * 3)

    with pytest.raises(MaskInvalid) as raised:
        propose(path, start, box, 5 * SECOND)

    assert raised.value.problem is problem


def test_the_whole_picture_stays_where_it_is(tmp_path: Path) -> None:
    """There is nowhere to go."""
    path = write(tmp_path / "still.mp4", [noise(64, 48)] * 3)

    found = propose(path, 0, Box(0, 0, WHOLE, WHOLE), SECOND)

    assert found.end is ProposalEnd.DONE
    assert len(found.path) == 3


def test_damaged_pictures_end_the_proposal(tmp_path: Path) -> None:
    """What the decoder fills in is no figure."""
    pictures = [np.roll(noise(160, 96), 2 * number, 1) for number in range(20)]
    path = write(tmp_path / "clip.mp4", pictures)
    data = bytearray(path.read_bytes())
    at = data.index(b"mdat") + 4
    # Between the first key picture and the second.
    begin = at + (len(data) - at) // 4
    data[begin : begin + 3_000] = bytes(3_000)
    path.write_bytes(data)

    found = propose(path, 0, Box.of(0.3, 0.3, 0.7, 0.7), 2 * SECOND)

    assert found.end in {ProposalEnd.DAMAGED, ProposalEnd.LOST}
    assert len(found.path) < 20
