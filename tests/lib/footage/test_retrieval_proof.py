"""A camera that is faster than its pictures are decoded: what is shown meanwhile, and what ends in the middle of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from custom_components.niiza_cctv.lib.footage.progress import Outlook
from custom_components.niiza_cctv.lib.footage.proof_file import SUFFIX
from custom_components.niiza_cctv.lib.footage.retrieval import Job, Progress, RetrievalState
from tests.lib.footage.test_retrieval import CASE, SECOND, Desk, desk, expected, whole
from tests.section import until

pytestmark = pytest.mark.usefixtures("socket_enabled")

CLIP = f"{CASE}-01"
START = whole(datetime.now(UTC)) - timedelta(hours=2)


@asynccontextmanager
async def large(folder: Path) -> AsyncIterator[Desk]:
    """Run a camera whose pictures take long to decode, and begin to fetch from it."""
    async with desk(folder, width=1920, height=1080, bitrate=4096) as it:
        it.retrievals.add(passage(it))
        yield it


def passage(it: Desk) -> Job:
    """Return the job of a minute, the same one for the length of a test."""
    return it.job(START, 60)


def shown(it: Desk) -> Progress | None:
    """Return what is shown of the clip."""
    return it.retrievals.progress(CLIP)


def is_proved(it: Desk) -> bool:
    """Return whether everything is fetched, and not everything decoded."""
    progress = shown(it)
    return (
        progress is not None and progress.state is RetrievalState.WRITING and progress.percent < 90
    )


def opened(what: str) -> list[str]:
    """Return the files of ours that are open."""
    names = []
    for one in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            names.append(one.readlink().name)
    return [name for name in names if what in name]


async def test_what_remains_counts_the_pictures_that_are_not_decoded(tmp_path: Path) -> None:
    """All is there after a moment; how long the rest takes is said, and it comes down to nothing."""
    async with large(tmp_path) as it:
        seen: list[Progress] = []

        def sealed() -> bool:
            if (progress := shown(it)) is not None:
                seen.append(progress)
            return bool(it.sealed or it.failed)

        await until(sealed)
        assert it.sealed[CLIP].damaged == 0
        proving = [one for one in seen if one.state is RetrievalState.WRITING and one.percent < 90]
        assert any(one.remaining is not None for one in proving)
        percents = [one.percent for one in seen]
        assert percents == sorted(percents)
        told = [one.remaining for one in seen if one.remaining is not None]
        assert told[-1] <= max(told)


@pytest.mark.parametrize(
    ("fetching", "proving", "writing", "remaining"),
    [(10, 100, 4, 104), (100, 10, 4, 104), (0, 0, 0.4, 0), (None, 5, 1, None), (5, None, 1, None)],
)
def test_what_is_slower_counts_and_what_is_unknown_is_not_said(
    fetching: float | None, proving: float | None, writing: float, remaining: float | None
) -> None:
    """Pictures are decoded while others come; the file is written when all are."""
    outlook = Outlook(fetching=fetching, proving=proving, writing=writing)
    assert outlook.remaining == (None if remaining is None else remaining * SECOND)


async def test_stopping_while_pictures_are_decoded_keeps_what_is_proved(tmp_path: Path) -> None:
    """Journal and proof stay for the next start, which seals the same clip."""
    async with large(tmp_path) as it:
        await until(lambda: is_proved(it))
        async with asyncio.timeout(5):
            await it.retrievals.close()
        assert not it.sealed
        assert not opened(CASE)
        (file,) = (tmp_path / CASE).glob(f"{CLIP}.*{SUFFIX}")
        kept = file.read_bytes()
        it.restart()
        it.retrievals.add(passage(it))
        await until(lambda: it.sealed or it.failed)
        assert it.times() == expected(it.sealed[CLIP].requested_start, 60)
        assert it.sealed[CLIP].damaged == 0
        assert kept


async def test_giving_up_while_pictures_are_decoded_leaves_nothing(tmp_path: Path) -> None:
    """Neither files nor open ones."""
    async with large(tmp_path) as it:
        await until(lambda: is_proved(it))
        await it.retrievals.cancel(CLIP)
        assert not it.sealed
        assert it.files() == []
        assert not opened(CASE)
