"""Painted pictures, before anything is encoded: what is revealed is the source's, everything else is not."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
from hypothesis import given, settings, strategies as st
import numpy as np
import pytest

from custom_components.niiza_cctv.lib.footage.masking.errors import MaskInvalid, MaskProblem
from custom_components.niiza_cctv.lib.footage.masking.painting import Form, Painter, Planes
from custom_components.niiza_cctv.lib.footage.masking.source import Picture, microseconds
from custom_components.niiza_cctv.lib.footage.masking.track import (
    HIDE_MARGIN,
    WHOLE,
    Box,
    HideTrack,
    Key,
    RevealTrack,
    Shape,
    Tracks,
)
from tests.lib.footage.maskable import noise

WIDTH, HEIGHT = 44, 26
BLANK = 7
LAST = 2_000_000
EVERYTHING = Tracks((RevealTrack((Key(0, Box(0, 0, WHOLE, WHOLE)),)),))
FORM = Form(WIDTH, HEIGHT, full_range=False)


def blank(form: Form) -> Planes:
    """Return planes that no noise has."""
    half = (form.height // 2, form.width // 2)
    y, u, v = (np.full(size, BLANK, np.uint8) for size in ((form.height, form.width), half, half))
    return y, u, v


def painted(tracks: Tracks, frame: av.VideoFrame, tick: int, form: Form = FORM) -> Any:
    """Return what a painter makes of a picture."""
    made, _ = Painter(tracks, form, blank(form)).paint(Picture(tick, frame))
    return np.asarray(made.to_ndarray(), dtype=np.uint8)


# --- The reference: slow, and obvious ---------------------------------------------------------------------------


def place(keys: tuple[Key, ...], time: int) -> list[Fraction] | None:
    """Return left, top, right, bottom at a time between the first and the last key, in parts of the picture."""
    for early, late in zip(keys, keys[1:] or keys, strict=False):
        if early.at <= time <= late.at:
            share = Fraction(time - early.at, late.at - early.at) if late.at > early.at else 0
            return [
                (a + (b - a) * share) / Fraction(WHOLE)
                for a, b in zip(early.box.sides, late.box.sides, strict=True)
            ]
    return None


def may_be_seen(track: RevealTrack, time: int) -> bool:
    """Return whether the track reveals anything at that time."""
    if any(start <= time <= end for start, end in track.rejected):
        return False
    at = [key for key in track.keys if key.at == time]
    before = [key for key in track.keys if key.at < time]
    after = [key for key in track.keys if key.at > time]
    if at:
        return at[0].confirmed
    return bool(before and after) and before[-1].confirmed and after[0].confirmed


def is_revealed(track: RevealTrack, time: int, column: int, row: int) -> bool:
    """Return whether a cell of 2 × 2 pixels is wholly inside."""
    if not may_be_seen(track, time) or (sides := place(track.keys, time)) is None:
        return False
    left, right = sides[0] * WIDTH / 2, sides[2] * WIDTH / 2
    top, bottom = sides[1] * HEIGHT / 2, sides[3] * HEIGHT / 2
    if not (left <= column and column + 1 <= right and top <= row and row + 1 <= bottom):
        return False
    if track.shape is Shape.BOX:
        return True
    # The ellipse fills the whole cells of the box.
    left, right, top, bottom = (
        Fraction(-(-left // 1)), Fraction(right // 1), Fraction(-(-top // 1)), Fraction(bottom // 1),
    )  # fmt: skip
    return all(
        ((x - (left + right) / 2) / ((right - left) / 2)) ** 2
        + ((y - (top + bottom) / 2) / ((bottom - top) / 2)) ** 2
        <= 1
        for x in (column, column + 1)
        for y in (row, row + 1)
    )


def is_hidden(track: HideTrack, time: int, column: int, row: int) -> bool:
    """Return whether a cell is touched."""
    first, last = track.keys[0].at, track.keys[-1].at
    if not first - HIDE_MARGIN <= time <= last + HIDE_MARGIN:
        return False
    sides = place(track.keys, min(max(time, first), last))
    assert sides is not None
    left, right = sides[0] * WIDTH / 2, sides[2] * WIDTH / 2
    top, bottom = sides[1] * HEIGHT / 2, sides[3] * HEIGHT / 2
    return left < column + 1 and column < right and top < row + 1 and row < bottom


def expected(tracks: Tracks, source: Any, time: int) -> Any:
    """Paint pixel by pixel."""
    made = np.full_like(source, BLANK)
    y, half = made[:HEIGHT], made[HEIGHT:].reshape(2, HEIGHT // 2, WIDTH // 2)
    source_y, source_half = source[:HEIGHT], source[HEIGHT:].reshape(half.shape)
    for row in range(HEIGHT // 2):
        for column in range(WIDTH // 2):
            if not any(is_revealed(one, time, column, row) for one in tracks.reveal):
                continue
            if any(is_hidden(one, time, column, row) for one in tracks.hide):
                continue
            for plane in (0, 1):
                half[plane, row, column] = source_half[plane, row, column]
            for y_row in (2 * row, 2 * row + 1):
                for x in (2 * column, 2 * column + 1):
                    y[y_row, x] = source_y[y_row, x]
    return made


sides = st.lists(st.integers(0, 22).map(lambda cell: cell * WHOLE // 22) | st.integers(0, WHOLE), min_size=2, max_size=2, unique=True).map(sorted)  # fmt: skip
boxes = st.tuples(sides, sides).map(lambda two: Box(two[0][0], two[1][0], two[0][1], two[1][1]))
# Some keys lie exactly at a picture's time.
moments = st.integers(0, 20).map(lambda tenth: tenth * 100_000) | st.integers(0, LAST)
key_lists = st.lists(
    st.tuples(moments, boxes, st.sampled_from([True, True, True, False])),
    min_size=1,
    max_size=4,
    unique_by=lambda key: key[0],
).map(lambda keys: tuple(Key(*key) for key in sorted(keys, key=lambda key: key[0])))
stretches = st.lists(st.tuples(moments, moments).map(lambda two: (min(two), max(two))), max_size=1)
all_tracks = st.builds(
    lambda reveal, hide: Tracks(tuple(reveal), tuple(hide)),
    st.lists(
        st.builds(RevealTrack, key_lists, st.sampled_from(Shape), stretches.map(tuple)), max_size=3
    ),
    st.lists(st.builds(HideTrack, key_lists), max_size=2),
)


@settings(max_examples=120, deadline=None)
@given(all_tracks, st.lists(st.integers(0, 20), min_size=1, max_size=3))
def test_random_tracks_reveal_what_a_slow_and_obvious_painter_does(
    tracks: Tracks, tenths: list[int]
) -> None:
    """Pixel by pixel, in all three planes."""
    tracks.check(LAST)
    for tenth in tenths:
        source = noise(WIDTH, HEIGHT, seed=tenth)
        frame = av.VideoFrame.from_ndarray(source, format="yuv420p")

        made = painted(tracks, frame, tenth * 9_000)

        assert np.array_equal(made, expected(tracks, source, tenth * 100_000))
        assert microseconds(tenth * 9_000) == tenth * 100_000


@dataclass(frozen=True)
class Way:
    """How a source's pictures are, and how the result's."""

    make: Callable[[Any], av.VideoFrame]
    form: Form = FORM


def in_format(name: str) -> Callable[[Any], av.VideoFrame]:
    """Return how noise gets a format without being blurred: sample by sample."""

    def make(values: Any) -> av.VideoFrame:
        frame = av.VideoFrame(WIDTH, HEIGHT, name)
        deep = frame.format.components[0].bits > 8
        for number, plane in enumerate(frame.planes):
            kind = np.uint16 if deep else np.uint8
            rows = np.zeros((plane.height, plane.line_size // kind().itemsize), kind)
            luma = plane.height == HEIGHT and plane.width == WIDTH
            from_noise = values[number] if luma else values[number][: plane.height, : plane.width]
            rows[:, : plane.width] = from_noise.astype(kind) << (2 if deep else 0)
            plane.update(rows.tobytes())
        return frame

    return make


SMALLER = Form(34, 20, full_range=False)
WAYS = {
    "as it comes": Way(in_format("yuv420p")),
    "full range": Way(in_format("yuvj420p"), Form(WIDTH, HEIGHT, full_range=True)),
    "full range made limited": Way(in_format("yuvj420p")),
    "10 bit": Way(in_format("yuv420p10le")),
    "4:2:2": Way(in_format("yuv422p")),
    "4:4:4": Way(in_format("yuv444p")),
    "10 bit, 4:2:2": Way(in_format("yuv422p10le")),
    "grey": Way(in_format("gray")),
    "RGB": Way(in_format("gbrp")),
    "made smaller": Way(in_format("yuv420p"), SMALLER),
    "made larger": Way(in_format("yuv420p"), Form(90, 52, full_range=False)),
    "10 bit made smaller": Way(in_format("yuv420p10le"), SMALLER),
}


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize("shape", Shape)
def test_what_is_outside_changes_nothing_not_even_by_a_scaler(name: str, shape: Shape) -> None:
    """Two sources that differ in every pixel outside the box become the same picture, bit by bit."""
    way = WAYS[name]
    box = Box.of(0.26, 0.2, 0.71, 0.83)
    hole = HideTrack((Key(0, Box.of(0.4, 0.4, 0.5, 0.5)),))
    tracks = Tracks((RevealTrack((Key(0, box),), shape),), (hole,))
    random = np.random.default_rng(5)
    one = random.integers(30, 200, (3, HEIGHT, WIDTH))
    seen = painted(Tracks((RevealTrack((Key(0, box),)),)), way.make(one), 0, way.form)
    other = one + random.integers(1, 50, one.shape)
    # What may be seen, in whole cells: the box without the hole.
    inside = np.zeros((HEIGHT, WIDTH), bool)
    inside[6:20, 12:30] = True
    inside[10:14, 16:22] = False
    full = way.make(one)
    for number, plane in enumerate(full.planes):
        across, down = WIDTH // plane.width, HEIGHT // plane.height
        kept = inside[::down, ::across]
        other[number][: plane.height, : plane.width][kept] = one[number][
            : plane.height, : plane.width
        ][kept]

    first = painted(tracks, full, 0, way.form)
    second = painted(tracks, way.make(other), 0, way.form)

    assert np.array_equal(first, second)
    assert (first != BLANK).any()
    assert not np.array_equal(seen, first)


@pytest.mark.parametrize("name", ["nv12", "yuyv422", "yuv410p"])
def test_pictures_whose_samples_cannot_be_told_apart_are_refused(name: str) -> None:
    """No decoder of H.264 or H.265 gives any, and nobody guesses what a sample shows."""
    frame = av.VideoFrame(WIDTH, HEIGHT, name)

    with pytest.raises(MaskInvalid) as raised:
        painted(EVERYTHING, frame, 0)

    assert raised.value.problem is MaskProblem.UNREADABLE


def test_a_box_smaller_than_a_cell_reveals_nothing() -> None:
    """It has an area, and no whole pixel of each plane."""
    frame = av.VideoFrame.from_ndarray(noise(WIDTH, HEIGHT), format="yuv420p")

    assert (
        painted(Tracks((RevealTrack((Key(0, Box.of(0.501, 0.501, 0.52, 0.52)),)),)), frame, 0)
        == BLANK
    ).all()


def test_a_picture_without_room_for_a_cell_is_refused() -> None:
    """Nothing could be shown of it."""
    with pytest.raises(MaskInvalid):
        Form.of(av.VideoFrame(16, 16, "gray"), (1, 16))
