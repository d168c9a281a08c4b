"""The papers of an evidence package are, byte for byte, those that recipients know (`golden/`)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import hashlib
import json
from pathlib import Path
from typing import cast
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest

from custom_components.niiza_cctv.lib.device.clock_history import ClockKnown
from custom_components.niiza_cctv.lib.device.model import ClockMode, ClockReading
from custom_components.niiza_cctv.lib.footage.clip_model import (
    ClipClock,
    ClipFile,
    SealedClip,
    Segment,
)
from custom_components.niiza_cctv.lib.footage.cut import Cut, SealedCut
from custom_components.niiza_cctv.lib.footage.package import (
    MANIFEST,
    README,
    RECEIPT,
    SUMS,
    build_package,
)
from custom_components.niiza_cctv.lib.footage.package_model import (
    CameraFacts,
    PackageCase,
    PackageStep,
    PackedCut,
    TakenByHand,
)
from custom_components.niiza_cctv.lib.footage.signing import Signer

GOLDEN = Path(__file__).parent / "golden"
BEGIN = datetime(2026, 11, 20, 1, 0, 0, 250_000, tzinfo=UTC)
RELEASED = datetime(2026, 11, 24, 1, 2, 4, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class FixedSigner:
    """Signs with the same bytes each time, which no real key does."""

    fingerprint = ":".join(["AB"] * 32)
    certificate = b"a certificate\n"

    def sign(self, data: bytes) -> bytes:
        """Return what stands for a signature."""
        return hashlib.sha256(data).digest()


def file(folder: Path, name: str) -> ClipFile:
    """Put a file into the folder as if it had been sealed."""
    data = name.encode() * 1000
    (folder / name).write_bytes(data)
    return ClipFile(name=name, sha256=hashlib.sha256(data).hexdigest(), size=len(data))


def clip(folder: Path, number: int, *, gaps: int, copied: bool) -> SealedClip:
    """Return a clip with some gaps."""
    name = f"2026-0001-{number:02}"
    return SealedClip(
        master=file(folder, f"{name}.mp4"),
        viewing_copy=file(folder, f"{name}.viewing-copy-reencoded.mp4") if copied else None,
        codec="hevc" if copied else "h264",
        width=1920,
        height=1080,
        varies=copied,
        pictures=18_000,
        damaged=3 if copied else 0,
        duration=900_000_000,
        requested_start=BEGIN,
        requested_end=BEGIN + 900 * SECOND,
        first_picture=BEGIN - 1.5 * SECOND if copied else BEGIN,
        last_picture=BEGIN + 899.9 * SECOND,
        gaps=tuple((BEGIN + n * 10 * SECOND, BEGIN + (n * 10 + 3) * SECOND) for n in range(gaps)),
        segments=tuple(
            Segment(offset=n * 7_000_000, start=BEGIN + n * SECOND, end=BEGIN + (n + 1) * SECOND)
            for n in range(gaps + 1)
        ),
        signed_by_camera=copied,
        clock_offset=-75_250_000 if copied else 0,
    )


CAMERA = CameraFacts(
    name="新座駅 北口",
    manufacturer="Simulated",
    model="NS-200",
    serial="NS200-0001",
    firmware="1.2.3",
    macs=("02:00:5e:00:00:01",),
    clock=ClockReading(
        offset=timedelta(seconds=3, microseconds=250_000),
        uncertainty=timedelta(seconds=0.6),
        mode=ClockMode.MANUAL,
        measured_at=RELEASED,
    ),
)
PLAIN = PackageCase(
    id="2026-0002",
    kind="something else",
    section="新座市 交通防犯課",
    request={},
    steps=(),
    released_at=RELEASED,
    time_zone=UTC,
    software="niiza_cctv 0.3.0",
)
FULL = replace(
    PLAIN,
    id="2026-0001",
    kind="police_inquiry",
    request={
        "legal_basis": "刑事訴訟法第197条第2項",
        "document_number": "新捜第123号",
        "requester": "巡査部長 <b>山田</b>\u202e太郎\r\n",
        "event_place": "",
        "note": "for the approver's eyes only",
    },
    steps=(
        PackageStep(action="requested", person="佐藤", person_id="a" * 32, at=RELEASED),
        PackageStep(action="approved", person="鈴木", person_id="b" * 32, at=RELEASED),
    ),
    time_zone=ZoneInfo("Asia/Tokyo"),
)
BY_HAND = TakenByHand(
    id="2026-0001-03",
    camera=replace(CAMERA, name="旧駅 & 東口", clock=None),
    start=RELEASED - timedelta(hours=2),
    end=RELEASED - timedelta(hours=1),
    medium="USBメモリ",
    serial="SN-1",
    sha256="9f2c" * 16,
    clock_offset=-75,
)


def cut_of(folder: Path, number: int, *, anew: bool) -> PackedCut:
    """Return a part of a clip that does not leave itself, as it was or encoded anew."""
    whole = clip(folder, 4, gaps=0, copied=not anew)
    start = BEGIN + 100 * SECOND
    segment = Segment(offset=0, start=start, end=start + 59.9 * SECOND)
    name = f"2026-0001-04-c{number:02}"
    suffix = "viewing-copy-reencoded" if anew else "cut"
    return PackedCut(
        id=name,
        camera=CAMERA,
        clip_id="2026-0001-04",
        clip=whole,
        cut=SealedCut(
            cut=Cut(
                file=file(folder, f"{name}.{suffix}.mp4"),
                source_sha256=whole.master.sha256,
                start=start - 0.05 * SECOND,
                end=start + 60 * SECOND,
                first_picture=segment.start,
                last_picture=segment.end,
                pictures=1_200,
                hidden_before=0 if anew else 24,
                hidden_after=0 if anew else 1,
                duration=60_000_000,
                segments=(segment,),
                contents=(segment,),
                encoded_anew=anew,
            ),
            viewing_copy=None if anew else file(folder, f"{name}.viewing-copy-reencoded.mp4"),
            signing=None,
        ),
    )


def package(folder: Path, name: str) -> Mapping[str, bytes]:
    """Build a package and return its papers."""
    full = name != "plain"
    cuts = name == "cuts"
    clips = [] if cuts else [(CAMERA, clip(folder, 1, gaps=0, copied=False))]
    if full and not cuts:
        clips.append((replace(CAMERA, clock=None), clip(folder, 2, gaps=23, copied=True)))
    build_package(
        FULL if full else PLAIN,
        clips,
        folder,
        folder / "package.zip",
        cast("Signer", FixedSigner()),
        by_hand=[BY_HAND, replace(BY_HAND, sha256=None, clock_offset=None)] if full else [],
        cuts=[cut_of(folder, 1, anew=False), cut_of(folder, 2, anew=True)] if cuts else [],
        cancelled=lambda: False,
        progress=lambda _: None,
    )
    with ZipFile(folder / "package.zip") as archive:
        return {paper: archive.read(paper) for paper in (README, RECEIPT, MANIFEST, SUMS)}


def test_japanese_papers_count_years_by_eras_where_the_section_does(tmp_path: Path) -> None:
    """The Japanese half of the letter and the receipt; the English half and what programs read stay as they are."""
    case = replace(FULL, japanese_era=True, request={**FULL.request, "document_date": "2026-11-19"})
    build_package(
        case,
        [(CAMERA, clip(tmp_path, 1, gaps=0, copied=False))],
        tmp_path,
        tmp_path / "package.zip",
        cast("Signer", FixedSigner()),
        by_hand=[],
        cancelled=lambda: False,
        progress=lambda _: None,
    )
    with ZipFile(tmp_path / "package.zip") as archive:
        letter = archive.read(README).decode("utf-8-sig")
        receipt = archive.read(RECEIPT).decode()
        manifest = archive.read(MANIFEST).decode()
    japanese, english = letter.split("-" * 72)
    assert "令和8年11月20日 10:00:00+09:00" in japanese
    assert "2026-11-20" not in japanese
    assert "2026-11-20 10:00:00+09:00" in english
    assert "令和8年11月19日" in receipt
    assert "令和" not in english + manifest


def test_the_papers_say_by_what_clock_each_stretch_stands(tmp_path: Path) -> None:
    """A clip over the moment at which the clock was set, and one that nobody could measure: both languages, and as data."""
    begin, set_at = BEGIN, BEGIN + 300 * SECOND
    measured = ClipClock(
        start=begin,
        end=set_at,
        ahead=-420_000_000,
        ahead_until=-420_000_000,
        known=ClockKnown.MEASURED,
        measured=(BEGIN - 86_400 * SECOND, set_at),
        doubt=0,
        twice=False,
    )
    clocks = (
        measured,
        replace(
            measured, start=set_at, known=ClockKnown.BETWEEN, doubt=420_000_000, twice=True, ahead=0
        ),
    )
    before = replace(measured, known=ClockKnown.BEFORE, measured=(set_at, set_at))
    never = replace(measured, known=ClockKnown.NEVER, measured=None, ahead=0)
    shown = [
        replace(clip(tmp_path, number, gaps=0, copied=False), clocks=told)
        for number, told in enumerate((clocks, (before,), (never,), (measured,)), 1)
    ]
    build_package(
        PLAIN,
        [(CAMERA, one) for one in shown],
        tmp_path,
        tmp_path / "package.zip",
        cast("Signer", FixedSigner()),
        by_hand=[],
        cancelled=lambda: False,
        progress=lambda _: None,
    )
    with ZipFile(tmp_path / "package.zip") as archive:
        letter = archive.read(README).decode("utf-8-sig")
        manifest = json.loads(archive.read(MANIFEST))
    lines = [line.strip() for line in letter.splitlines() if line.startswith("      ")]
    assert len(lines) == 8
    assert lines[0].startswith(
        "2026-11-20 01:00:00+00:00 - 2026-11-20 01:05:00+00:00 : -420.0 s. 測定した値"
    )
    assert "最大 420 秒" in lines[1]
    assert "同じ時刻を2度" in lines[1]
    assert "最初の測定（2026-11-20 01:05:00+00:00）より前" in lines[2]
    assert "測れなかった" in lines[3]
    assert lines[5].endswith(
        "may be off by up to 420 s. The clock showed these times twice; the pictures may be of the other moment."
    )
    assert "not known" in lines[6]
    assert "could not be measured" in lines[7]
    first = manifest["clips"][0]["clock"]["stretches"]
    assert [(one["known"], one["camera_minus_true_us"], one["may_be_off_us"]) for one in first] == [
        ("measured", -420_000_000, 0),
        ("between", 0, 420_000_000),
    ]
    assert first[1]["clock_showed_these_times_twice"]
    assert manifest["clips"][2]["clock"]["stretches"][0]["measured"] is None


@pytest.mark.parametrize("name", ["full", "plain", "cuts"])
def test_the_papers_are_those_that_recipients_know(tmp_path: Path, name: str) -> None:
    """Whoever changes a paper on purpose changes its golden file with it."""
    for paper, written in package(tmp_path, name).items():
        assert written == (GOLDEN / f"{name}-{paper}").read_bytes(), paper
