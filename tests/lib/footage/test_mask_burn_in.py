"""What is written over masked pictures: legible, at its time, and no text of anybody's."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from custom_components.niiza_cctv.lib.footage.clip_model import Segment
from custom_components.niiza_cctv.lib.footage.masking import burn_in
from custom_components.niiza_cctv.lib.footage.masking.burn_in import Banner, BurnIn, Word
from custom_components.niiza_cctv.lib.footage.masking.errors import MaskInvalid, MaskProblem
from custom_components.niiza_cctv.lib.footage.masking.geometry import slices
from custom_components.niiza_cctv.lib.footage.masking.painting import Planes
from tests.lib.footage.maskable import BEGIN, SECOND, burnt_in

FOLDER = Path(burn_in.__file__).parent


def written(banner: Banner, width: int, height: int, time: int = 0) -> Planes:
    """Return the planes of a coloured picture that was written over."""
    half = (height // 2, width // 2)
    y, u, v = (np.full(size, 77, np.uint8) for size in ((height, width), half, half))
    banner.write((y, u, v), time)
    return y, u, v


@pytest.mark.parametrize("size", [(3840, 2160), (1920, 1080), (1280, 720), (640, 360), (192, 108)])
def test_the_writing_fits_every_picture_and_hides_what_is_under_it(size: tuple[int, int]) -> None:
    """In one line or in several, light on dark, without colour."""
    banner = Banner(burnt_in(case="2026-0001-01"), *size)

    planes = written(banner, *size)

    for number, (plane, part) in enumerate(zip(planes, slices(banner.cells), strict=True)):
        inside = plane[part].copy()
        assert (
            inside.shape == (2 * banner.cells.bottom, 2 * banner.cells.right)
            if not number
            else True
        )
        assert not (inside == 77).all()
        plane[part] = 77
        assert (plane == 77).all()
        if number:
            assert (inside == 128).all()
        else:
            assert inside.min() == 16
            assert inside.max() > 150
            assert 0.02 < (inside > 120).mean() < 0.4


def test_the_time_is_that_of_the_stretch_in_local_time() -> None:
    """A gap in the footage is a jump of the clock."""
    gap = (
        Segment(offset=0, start=BEGIN, end=BEGIN + timedelta(seconds=5)),
        Segment(
            offset=5 * SECOND, start=BEGIN + timedelta(hours=1), end=BEGIN + timedelta(hours=2)
        ),
    )
    told = burnt_in(segments=gap)

    assert told.items(0) == ("2026-11-01 12:00:00", "2026-0001", "写し")
    assert told.items(4_999_000)[0] == "2026-11-01 12:00:04"
    # The tick before is of the same picture.
    assert told.items(5 * SECOND - 11)[0][:16] == "2026-11-01 12:59"
    assert told.items(6 * SECOND)[0] == "2026-11-01 13:00:01"
    assert told.items(-SECOND)[0] == "2026-11-01 11:59:59"


def test_the_picture_changes_with_the_second_and_only_then() -> None:
    """And with the case and the word."""
    banner = Banner(burnt_in(), 640, 360)

    def luma(one: Banner, time: int) -> bytes:
        return written(one, 640, 360, time)[0].tobytes()

    assert luma(banner, 0) == luma(banner, 999_000)
    assert luma(banner, 0) != luma(banner, SECOND)
    assert luma(banner, 0) != luma(Banner(burnt_in(word=Word.FOR_VIEWING), 640, 360), 0)
    assert luma(banner, 0) != luma(Banner(burnt_in(case="2026-0002"), 640, 360), 0)


@pytest.mark.parametrize("second", range(0, 60, 7))
def test_no_time_is_wider_than_the_room(second: int) -> None:
    """All digits are equally wide, so that a layout holds for good."""
    later = burnt_in()
    first = later.segments[0]
    moved = replace(
        later,
        segments=(replace(first, start=first.start + timedelta(days=37, seconds=second * 61)),),
    )

    assert Banner(moved, 640, 360).cells == Banner(later, 640, 360).cells


@pytest.mark.parametrize(
    "case", ["", "山田太郎", "Yamada Taro", "2026-0001 x", "2026-1", "2026-0001-01-02"]
)
def test_no_other_text_is_written(case: str) -> None:
    """The number of a case or of a clip."""
    with pytest.raises(MaskInvalid) as raised:
        Banner(burnt_in(case=case), 640, 360)

    assert raised.value.problem is MaskProblem.TEXT_NOT_SHOWN


@pytest.mark.parametrize("size", [(40, 640), (400, 6), (80, 14)])
def test_a_picture_without_room_is_refused(size: tuple[int, int]) -> None:
    """Rather than half a number."""
    with pytest.raises(MaskInvalid) as raised:
        Banner(burnt_in(), *size)

    assert raised.value.problem is MaskProblem.TEXT_NOT_SHOWN


def test_without_a_time_nothing_is_written() -> None:
    """A clip has at least one stretch."""
    with pytest.raises(MaskInvalid):
        Banner(burnt_in(segments=()), 640, 360)


def test_what_is_written_is_given_to_the_renderer() -> None:
    """And nothing else is taken."""
    told = burnt_in()
    assert BurnIn.from_json(told.as_json()) == told
    for value in (None, {}, told.as_json() | {"word": "名前"}):
        with pytest.raises(ValueError, match=r"N|名前"):
            BurnIn.from_json(value)


def test_the_glyphs_have_their_licence_beside_them() -> None:
    """As the SIL Open Font License asks."""
    licence = (FOLDER / "glyphs.LICENSE.txt").read_text(encoding="utf-8")

    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Adobe" in licence
