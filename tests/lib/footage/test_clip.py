"""A sealed clip: the camera's bytes at their times, proved, and never a final name for anything else."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
import errno
import hashlib
from itertools import pairwise
import json
import os
from pathlib import Path
import shutil
import signal
import subprocess
import sys
import threading
import time
from typing import Any, Literal
from uuid import UUID

import av
from av.container import InputContainer
from av.stream import Stream
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
import pytest

from custom_components.niiza_cctv.lib.footage import viewing_copy
from custom_components.niiza_cctv.lib.footage.archive import Picture
from custom_components.niiza_cctv.lib.footage.clip import (
    VIEWING_COPY,
    seal,
    verify_clip,
    write_clip,
)
from custom_components.niiza_cctv.lib.footage.clip_files import Purpose, files_for
from custom_components.niiza_cctv.lib.footage.clip_model import (
    ClipCancelled,
    ClipInvalid,
    SealedClip,
)
from custom_components.niiza_cctv.lib.footage.clip_plan import Plan
from custom_components.niiza_cctv.lib.footage.media_signing.chain import Trust
from custom_components.niiza_cctv.lib.footage.media_signing.verifier import State, Verdict
from custom_components.niiza_cctv.lib.footage.nal import units_of
from custom_components.niiza_cctv.lib.footage.spool import Spool
from simulator.media_signing import MediaSigner, SigningHabits, make_certificate
from simulator.sei import write_sei
from tests.lib.footage.encoded import (
    AHEAD,
    BEGIN,
    INTERVAL,
    RATE,
    encode,
    footage,
    spool_of,
    with_copy,
)
from tests.lib.footage.sealer import NAME

SECOND = timedelta(seconds=1)


def seal_all(
    spool: Spool,
    start: datetime = BEGIN,
    end: datetime = BEGIN + 6 * SECOND,
    *,
    cancelled: Callable[[], bool] = lambda: False,
    progress: Callable[[float], None] = lambda _: None,
    roots: Sequence[x509.Certificate] = (),
) -> SealedClip:
    """Seal a journal's passage beside it."""
    return seal(
        spool,
        spool.path.parent,
        NAME,
        start=start,
        end=end,
        cancelled=cancelled,
        progress=progress,
        roots=roots,
    )


def sealed_of(
    folder: Path,
    pictures: Iterable[Picture],
    start: datetime = BEGIN,
    end: datetime = BEGIN + 6 * SECOND,
    codec: str = "h264",
    *,
    roots: Sequence[x509.Certificate] = (),
) -> SealedClip:
    """Seal these pictures."""
    with spool_of(folder / "clip.spool", iter(pictures), codec) as spool:
        return seal_all(spool, start, end, roots=roots)


def files(folder: Path) -> set[str]:
    """Return what lies in a folder besides journals."""
    return {path.name for path in folder.iterdir() if path.suffix != ".spool"}


def samples(path: Path) -> Iterator[av.Packet[Stream]]:
    """Return the packets of the only stream."""
    with av.open(path) as container:
        yield from (packet for packet in container.demux() if packet.size)


def units_of_mp4(path: Path) -> list[bytes]:
    """Return the NAL units of a file, read by their lengths (ISO/IEC 14496-15)."""
    units = []
    for packet in samples(path):
        data, at = bytes(packet), 0
        while at < len(data):
            size = int.from_bytes(data[at : at + 4])
            units.append(data[at + 4 : at + 4 + size])
            at += 4 + size
        assert at == len(data)
    return units


def shown(container: InputContainer) -> list[int]:
    """Return the times of the decoded pictures in milliseconds."""
    times = []
    for frame in container.decode(video=0):
        assert frame.time is not None
        times.append(round(frame.time * 1000))
    return times


def test_a_clip_is_what_the_camera_gave(tmp_path: Path) -> None:
    """Same NAL units in the same order by digest, one video stream, no sound, and everything known of it is right."""
    pictures = [*footage(encode())]
    clip = sealed_of(tmp_path, pictures)
    path = tmp_path / f"{NAME}.mp4"
    assert files(tmp_path) == {path.name}
    assert path.stat().st_mode & 0o777 == 0o600
    theirs = [unit for one in pictures for unit in units_of("h264", one.data)]
    digests = [hashlib.sha256(b"".join(units)).digest() for units in (theirs, units_of_mp4(path))]
    assert digests[0] == digests[1]
    with av.open(path) as container:
        assert [stream.type for stream in container.streams] == ["video"]
        assert container.streams.video[0].codec_context.codec_tag == "avc1"
        assert shown(container) == [100 * number for number in range(60)]
        assert container.duration == clip.duration == 6_000_000
    assert clip.master.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (clip.master.name, clip.master.size) == (path.name, path.stat().st_size)
    assert clip.viewing_copy is None
    assert (clip.codec, clip.width, clip.height, clip.varies) == ("h264", 160, 120, False)
    assert (clip.pictures, clip.damaged, clip.gaps, clip.signed_by_camera) == (60, 0, (), False)
    assert (clip.first_picture, clip.last_picture) == (BEGIN, BEGIN + 59 * INTERVAL)
    assert clip.clock_offset == AHEAD // timedelta(microseconds=1)
    assert SealedClip.from_json(clip.as_json()) == clip


def test_ffprobe_of_another_version_reads_it_alike(tmp_path: Path) -> None:
    """The system's FFmpeg finds the same pictures at the same times and decodes all of them without a complaint."""
    sealed_of(tmp_path, footage(encode(b_frames=2)))
    path = tmp_path / f"{NAME}.mp4"
    command = ["ffprobe", "-v", "error", "-show_entries", "frame=pts_time", "-of", "csv=p=0"]
    done = subprocess.run([*command, path], capture_output=True, text=True, check=True)  # noqa: S603 - as it stands
    assert done.stderr == ""
    times = [float(line.strip(",")) for line in done.stdout.split()]
    assert times == pytest.approx([number / RATE for number in range(60)])


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_b_frames_are_shown_in_order(tmp_path: Path, codec: str) -> None:
    """Decoding order stays the camera's; every picture is shown at its own time, and none before it is decoded."""
    units = encode(codec, b_frames=2)
    order = [place for place, _, _ in units]
    assert order != sorted(order)
    sealed_of(tmp_path, footage(units), codec=codec)
    packets = [*samples(tmp_path / f"{NAME}.mp4")]
    times = [(packet.pts, packet.dts) for packet in packets]
    assert [pts for pts, _ in times] == [9000 * place for place in order]
    assert all(dts is not None and pts is not None and dts <= pts for pts, dts in times)
    decoded = [dts for _, dts in times if dts is not None]
    assert all(before < after for before, after in pairwise(decoded))
    with av.open(tmp_path / f"{NAME}.mp4") as container:
        assert shown(container) == [100 * number for number in range(60)]


def test_a_variable_frame_rate_is_kept(tmp_path: Path) -> None:
    """Every picture stands at its true time to 1/90,000 s, however unevenly the camera recorded."""
    units = encode()
    times = [
        BEGIN + number * INTERVAL + timedelta(microseconds=137 * number**2) for number in range(60)
    ]
    pictures = [replace(one, at=at) for one, at in zip(footage(units), times, strict=True)]
    clip = sealed_of(tmp_path, pictures, end=BEGIN + 7 * SECOND)
    found = [packet.pts for packet in samples(tmp_path / f"{NAME}.mp4")]
    for pts, at in zip(found, times, strict=True):
        assert pts is not None
        assert abs(pts / 90_000 - (at - BEGIN).total_seconds()) <= 0.5 / 90_000 + 1e-9
    assert len(clip.segments) == 1


def test_the_lead_in_stays_and_is_stated(tmp_path: Path) -> None:
    """The clip begins with the keyframe before the time asked for and ends with the last picture asked for."""
    start, end = BEGIN + 2.35 * SECOND, BEGIN + 4.05 * SECOND
    clip = sealed_of(tmp_path, footage(encode()), start, end)
    assert clip.first_picture == BEGIN + 2 * SECOND
    assert clip.last_picture == BEGIN + 4 * SECOND
    assert clip.lead_in == 0.35 * SECOND
    assert (clip.pictures, clip.duration) == (21, 2_100_000)
    assert (clip.requested_start, clip.requested_end) == (start, end)
    assert clip.gaps == ()


def test_gaps_are_closed_and_listed(tmp_path: Path) -> None:
    """Footage that is missing is skipped in playing; the table says which position shows which time."""
    units = encode()
    first = [*footage(units[:20])]
    second = [*footage(units[20:40], BEGIN + 3600 * SECOND)]
    third = [*footage(units[40:], BEGIN + 7200 * SECOND)]
    clip = sealed_of(
        tmp_path,
        [*first, *second, *third],
        BEGIN - 60 * SECOND,
        BEGIN + 8000 * SECOND,
    )
    assert clip.gaps == (
        (BEGIN - 60 * SECOND, first[0].at),
        (first[-1].at, second[0].at),
        (second[-1].at, third[0].at),
        (third[-1].at, BEGIN + 8000 * SECOND),
    )
    assert [(one.offset, one.start, one.end) for one in clip.segments] == [
        (0, first[0].at, first[-1].at),
        (2_000_000, second[0].at, second[-1].at),
        (4_000_000, third[0].at, third[-1].at),
    ]
    assert clip.duration == 6_000_000
    with av.open(tmp_path / f"{NAME}.mp4") as container:
        assert shown(container) == [100 * number for number in range(60)]


def test_a_short_gap_stays_in_the_picture(tmp_path: Path) -> None:
    """Two seconds at most are not a gap: the picture stands still for as long."""
    units = encode()
    pictures = [*footage(units[:30]), *footage(units[30:], BEGIN + 1.9 * SECOND)]
    clip = sealed_of(tmp_path, pictures, end=BEGIN + 8 * SECOND)
    assert clip.gaps == ()
    assert (len(clip.segments), clip.duration) == (1, 7_900_000)


def test_a_camera_that_records_seldom_has_no_gaps(tmp_path: Path) -> None:
    """With a picture each five seconds, five seconds between two pictures are nothing missing."""
    pictures = footage(encode(), interval=5 * SECOND)
    clip = sealed_of(tmp_path, pictures, end=BEGIN + 300 * SECOND)
    assert clip.gaps == ()
    assert clip.duration == 300_000_000


def test_a_clock_that_was_set_back_loses_nothing(tmp_path: Path) -> None:
    """What was recorded twice at the same times follows one behind the other, as two segments."""
    units = encode()
    pictures = [*footage(units[:30]), *footage(units[30:], BEGIN - 2 * SECOND)]
    clip = sealed_of(tmp_path, pictures)
    assert clip.pictures == 60
    assert [(one.offset, one.start) for one in clip.segments] == [
        (0, BEGIN),
        (3_000_000, BEGIN + SECOND),
    ]
    assert clip.gaps == ((BEGIN + 3.9 * SECOND, BEGIN + 6 * SECOND),)
    with av.open(tmp_path / f"{NAME}.mp4") as container:
        assert shown(container) == [100 * number for number in range(60)]


def test_pictures_of_one_time_are_all_there(tmp_path: Path) -> None:
    """A camera that counts whole seconds gives many pictures one time: each is still shown."""
    pictures = [replace(one, at=one.at.replace(microsecond=0)) for one in footage(encode())]
    clip = sealed_of(tmp_path, pictures)
    assert clip.pictures == 60
    with av.open(tmp_path / f"{NAME}.mp4") as container:
        assert len(shown(container)) == 60


def test_parameter_sets_that_were_only_announced_are_in_the_file(tmp_path: Path) -> None:
    """A camera that sends SPS and PPS in its SDP only: the clip decodes, its samples stay untouched."""
    units = [(place, data, key) for place, data, key in encode()]
    sets = b"".join(
        b"\0\0\0\1" + unit for unit in units_of("h264", units[0][1]) if unit[0] & 0x1F in {7, 8}
    )
    bare = [
        (
            place,
            b"".join(b"\0\0\0\1" + u for u in units_of("h264", data) if u[0] & 0x1F not in {7, 8}),
            key,
        )
        for place, data, key in units
    ]
    with Spool.open(tmp_path / "clip.spool", codec="h264", parameter_sets=sets) as spool:
        spool.append([*footage(bare)])
        clip = seal_all(spool)
    assert (clip.pictures, clip.damaged, clip.varies) == (60, 0, False)
    assert units_of_mp4(tmp_path / f"{NAME}.mp4") == [
        unit for _, data, _ in bare for unit in units_of("h264", data)
    ]


def raised(folder: Path, *, announced_only: bool = False) -> SealedClip:
    """Seal footage of a camera whose resolution was raised after three seconds."""
    low, high = encode(pictures=30), encode(pictures=30, size=(320, 240))
    pictures = [*footage(low), *footage(high, BEGIN + 3 * SECOND)]
    path = folder / "clip.spool"
    if not announced_only:
        return sealed_of(folder, pictures)
    for number, units in ((0, low), (30, high)):
        sets = [unit for unit in units_of("h264", units[0][1]) if unit[0] & 0x1F in {7, 8}]
        announced = b"".join(b"\0\0\0\1" + unit for unit in sets)
        with Spool.open(path, codec="h264", parameter_sets=announced) as spool:
            spool.append(
                [
                    replace(one, data=one.data.replace(announced, b""))
                    for one in pictures[number : number + 30]
                ]
            )
    with Spool.open(path) as spool:
        return seal_all(spool)


@pytest.mark.parametrize("announced_only", [False, True])
def test_a_resolution_raised_on_the_way_stays_one_master(
    tmp_path: Path, announced_only: bool
) -> None:
    """One file whose parameter sets change inside (avc3), all decodable, and a copy in one size for every player."""
    clip = raised(tmp_path, announced_only=announced_only)
    assert clip.varies
    assert (clip.width, clip.height, clip.pictures, clip.damaged) == (320, 240, 60, 0)
    with av.open(tmp_path / clip.master.name) as container:
        assert container.streams.video[0].codec_context.codec_tag == "avc3"
        sizes = [(frame.width, frame.height) for frame in container.decode(video=0)]
    assert sizes == [(160, 120)] * 30 + [(320, 240)] * 30
    clip = with_copy(tmp_path, NAME, clip)
    assert clip.viewing_copy is not None
    with av.open(tmp_path / clip.viewing_copy.name) as container:
        assert {(frame.width, frame.height) for frame in container.decode(video=0)} == {(320, 240)}


def test_h265_has_a_master_and_a_marked_copy(tmp_path: Path) -> None:
    """The master is hev1 with its parameter sets inside; the copy is H.264, says what it is, and shows the same times."""
    pictures = [*footage(encode("hevc", b_frames=2))]
    clip = sealed_of(tmp_path, pictures, codec="hevc")
    assert clip.viewing_copy is None
    assert [one.file for one in files_for(clip, Purpose.VIEWING)] == [clip.master]
    clip = with_copy(tmp_path, NAME, clip)
    master, copy = tmp_path / f"{NAME}.mp4", tmp_path / f"{NAME}.viewing-copy-reencoded.mp4"
    assert files(tmp_path) == {master.name, copy.name}
    packed = files_for(clip, Purpose.HANDOVER)
    assert [one.file for one in packed] == [clip.master, clip.viewing_copy]
    assert [one.file for one in files_for(clip, Purpose.VIEWING)] == [clip.viewing_copy]
    for file in (one.file for one in packed):
        path = tmp_path / file.name
        assert file.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        assert path.stat().st_mode & 0o777 == 0o600
    assert units_of_mp4(master) == [unit for one in pictures for unit in units_of("h264", one.data)]
    with av.open(master) as container:
        assert container.streams.video[0].codec_context.codec_tag == "hev1"
        assert VIEWING_COPY not in str(container.metadata)
    with av.open(copy) as container:
        assert [stream.type for stream in container.streams] == ["video"]
        assert container.streams.video[0].codec_context.name == "h264"
        assert container.metadata["title"] == f"閲覧用（再エンコード） {NAME}"
        assert shown(container) == [100 * number for number in range(60)]


def test_without_an_encoder_the_master_stands_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An FFmpeg that cannot encode H.264 still gives the evidence."""
    monkeypatch.setattr(viewing_copy, "ENCODER", "libnothing")
    clip = sealed_of(tmp_path, footage(encode("hevc", pictures=20)), codec="hevc")
    assert not viewing_copy.is_due(clip)
    assert files(tmp_path) == {f"{NAME}.mp4"}


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_what_a_camera_signed_is_proved_in_the_clip(
    tmp_path: Path, codec: Literal["h264", "hevc"], late: bool
) -> None:
    """Until the last signature; with a start code in its messages, too, and where its certificate comes late."""
    key = ec.generate_private_key(ec.SECP256R1())
    root_key = ec.generate_private_key(ec.SECP256R1())
    root = make_certificate("Root", root_key)
    leaf = make_certificate("Camera", key, issuer=(root, root_key))
    signer = MediaSigner(
        codec, key, [leaf], SigningHabits(escaped=False, other=b"a\0\0\1b\0\0\0\1c")
    )
    coded = encode(codec, pictures=40)
    stream = list(
        signer.sign(
            (BEGIN + place * INTERVAL + AHEAD, units_of(codec, data)) for place, data, _ in coded
        )
    )
    first = 20 if late else 0
    stream[first] = (stream[first][0], [signer.certificate_message(), *stream[first][1]])
    signed = [
        (place, b"".join(b"\0\0\0\1" + unit for unit in units), keyframe)
        for (place, _, keyframe), (_, units) in zip(coded, stream, strict=True)
    ]

    clip = sealed_of(tmp_path, footage(signed), codec=codec, roots=(root,))

    assert clip.signing is not None
    assert clip.signing.state is State.AUTHENTIC
    assert clip.signing.trust is Trust.TRUSTED
    assert clip.signing.until == BEGIN + 29 * INTERVAL
    assert clip.signed_by_camera
    assert SealedClip.from_json(clip.as_json()) == clip
    assert units_of_mp4(tmp_path / f"{NAME}.mp4") == [unit for _, units in stream for unit in units]

    middle = signed[13][1]
    signed[13] = (13, middle[:-9] + bytes([middle[-9] ^ 1]) + middle[-8:], False)
    folder = tmp_path / "changed"
    folder.mkdir()
    changed = sealed_of(folder, footage(signed), codec=codec, roots=(root,))
    assert changed.signing is not None
    assert changed.signing.state is State.NOT_AUTHENTIC
    assert changed.signing.until == BEGIN + 9 * INTERVAL
    assert changed.signing.spans[0].start == BEGIN + 10 * INTERVAL
    assert changed.signing.spans[0].verdict is Verdict.NOT_AUTHENTIC


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_a_cameras_own_signature_is_kept_and_told(tmp_path: Path, codec: str) -> None:
    """SEI messages stay to the byte; those in which a camera signs are noticed, others are not taken for them."""
    units = encode(codec, pictures=20)
    kind = "H264" if codec == "h264" else "H265"
    for uuid, signed in (
        (UUID("005bc93f-2d71-5e95-ada4-796f90877a6f"), True),
        (UUID("b7c3f1d2-5e8a-4c69-9f4e-3a61d8e27b95"), False),
    ):
        sei = b"\0\0\0\1" + write_sei(kind, uuid, bytes(range(200)))
        pictures = [*footage([(place, sei + data, key) for place, data, key in units])]
        folder = tmp_path / str(signed)
        folder.mkdir()
        clip = sealed_of(folder, pictures, codec=codec)
        assert clip.signed_by_camera is signed
        assert units_of_mp4(folder / f"{NAME}.mp4") == [
            unit for one in pictures for unit in units_of(codec, one.data)
        ]


def test_padding_between_units_is_no_obstacle(tmp_path: Path) -> None:
    """Cameras pad with zeros, which are of no NAL unit (annex B): the units themselves stay as they are."""
    units = encode(pictures=20)
    padded = [(place, data + b"\0" * (place % 4), key) for place, data, key in units]
    clip = sealed_of(tmp_path, footage(padded))
    assert clip.damaged == 0
    assert units_of_mp4(tmp_path / f"{NAME}.mp4") == [
        unit for _, data, _ in units for unit in units_of("h264", data)
    ]


def test_pictures_that_the_card_damaged_are_counted_not_refused(tmp_path: Path) -> None:
    """A clip with a spoilt picture is still evidence; it is told how many there are."""
    units = [*encode()]
    place, data, key = units[25]
    units[25] = (place, data[:20] + bytes(value ^ 0x55 for value in data[20:]), key)
    clip = sealed_of(tmp_path, footage(units))
    assert clip.pictures == 60
    assert 1 <= clip.damaged <= 10


def rubbish() -> Iterator[Picture]:
    """Return pictures of which only the first can be decoded."""
    for one in footage(encode()):
        bad = one.data[:5] + b"\x55" * (len(one.data) - 5)
        yield one if one.at == BEGIN else replace(one, data=bad)


@pytest.mark.parametrize(
    ("pictures", "start", "reason"),
    [
        (lambda: footage(encode()), BEGIN + 60 * SECOND, "No picture"),
        (lambda: footage(encode()[1:10]), BEGIN, "does not begin with a whole picture"),
        (rubbish, BEGIN, "can be decoded"),
        (
            lambda: (
                replace(one, data=b"\0\0\0\1\x65" + b"\xaa" * 500) for one in footage(encode())
            ),
            BEGIN,
            "cannot be written as MP4",
        ),
        (lambda: (replace(one, data=b"") for one in footage(encode())), BEGIN, "cannot be"),
    ],
    ids=["nothing", "no keyframe", "rubbish", "no parameters", "empty"],
)
def test_what_cannot_be_shown_is_no_clip(
    tmp_path: Path, pictures: Callable[[], Iterator[Picture]], start: datetime, reason: str
) -> None:
    """There is a reason, and no file."""
    with pytest.raises(ClipInvalid, match=reason):
        sealed_of(tmp_path, pictures(), start, start + 6 * SECOND)
    assert files(tmp_path) == set()


def test_a_name_cannot_leave_the_folder(tmp_path: Path) -> None:
    """A clip's name is made of harmless signs."""
    with spool_of(tmp_path / "clip.spool", footage(encode(pictures=10))) as spool:
        for name in ("../x", "a/b", "", ".hidden", "名前", "a b"):
            with pytest.raises(ValueError, match="name"):
                seal(
                    spool,
                    tmp_path,
                    name,
                    start=BEGIN,
                    end=BEGIN + SECOND,
                    cancelled=lambda: False,
                    progress=lambda _: None,
                )
    assert files(tmp_path) == set()


@pytest.fixture(name="written")
def _written(tmp_path: Path) -> Iterator[tuple[Path, Callable[[], object]]]:
    """Give a clip that was written, and what proves it."""
    with spool_of(tmp_path / "clip.spool", footage(encode(b_frames=2))) as spool:
        plan = Plan.of(spool, BEGIN, BEGIN + 6 * SECOND)
        path = tmp_path / "clip.mp4.part"
        assert not write_clip(spool, plan, path, lambda _: None)
        yield path, lambda: verify_clip(path, spool, plan, lambda _: None, varies=False)


def test_a_flipped_byte_of_footage_is_found(
    written: tuple[Path, Callable[[], object]],
) -> None:
    """Whichever byte of the pictures the disk changed, the clip is refused."""
    path, verify = written
    verify()
    data = path.read_bytes()
    begin, end = data.index(b"mdat") + 4, data.index(b"moov") - 4
    for at in range(begin, end, max(1, (end - begin) // 97)):
        changed = bytearray(data)
        changed[at] ^= 0x10
        path.write_bytes(changed)
        with pytest.raises(ClipInvalid):
            verify()


def test_a_truncated_clip_is_found(written: tuple[Path, Callable[[], object]]) -> None:
    """However much of the file is missing, the clip is refused."""
    path, verify = written
    data = path.read_bytes()
    for size in range(0, len(data), max(1, len(data) // 61)):
        path.write_bytes(data[:size])
        with pytest.raises(ClipInvalid):
            verify()


def test_a_changed_index_is_found_or_harmless(
    written: tuple[Path, Callable[[], object]],
) -> None:
    """Damage to the table of times and places is refused, unless all pictures still come whole and in time."""
    path, verify = written
    data = path.read_bytes()
    refused = 0
    begin = data.index(b"moov")
    for at in range(begin, len(data), 7):
        changed = bytearray(data)
        changed[at] ^= 0xFF
        path.write_bytes(changed)
        try:
            verify()
        except ClipInvalid:
            refused += 1
    assert refused > 20


def test_a_clip_with_sound_is_refused(written: tuple[Path, Callable[[], object]]) -> None:
    """A stream of sound, wherever it came from, never passes."""
    path, verify = written
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-f", "lavfi", "-i", "sine=duration=6"]
    command += ["-c:v", "copy", "-f", "mp4", "-y", str(path.with_name("sound.mp4"))]
    subprocess.run(command, check=True)  # noqa: S603 - as it stands
    path.with_name("sound.mp4").rename(path)
    with pytest.raises(ClipInvalid, match="something else than one video stream"):
        verify()


def test_progress_rises_and_cancelling_leaves_nothing(tmp_path: Path) -> None:
    """Work that is called off at any moment ends at once, without a file."""
    told: list[float] = []
    with spool_of(tmp_path / "clip.spool", footage(encode("hevc")), "hevc") as spool:
        seal_all(spool, progress=told.append)
        assert all(before < after for before, after in pairwise(told))
        assert 0 <= told[0] < 0.1
        assert 0.9 < told[-1] <= 1
        for path in tmp_path.glob("*.mp4"):
            path.unlink()
        for limit in (0.0, 0.05, 0.2, 0.7):
            told.clear()

            def late(limit: float = limit) -> bool:
                return bool(told) and told[-1] >= limit

            with pytest.raises(ClipCancelled):
                seal_all(spool, progress=told.append, cancelled=late)
            assert files(tmp_path) == set()


def test_a_disk_without_room_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Early, as OSError, with nothing left."""
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(OSError, match="No space") as error:
        sealed_of(tmp_path, footage(encode()))
    assert error.value.errno == errno.ENOSPC
    assert files(tmp_path) == set()


class Sealer:
    """Another process that seals clips in children of its own, see sealer.py."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        """Take over the process."""
        self._process = process

    def __call__(
        self, path: Path, minutes: float = 1000, room: int = 0, *, kill_after: float | None = None
    ) -> Any:
        """Return what a child reports, None when it was killed before."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([str(path), minutes, room]).encode() + b"\n")
        self._process.stdin.flush()
        child = json.loads(self._process.stdout.readline())
        timer = threading.Timer(kill_after or 0, os.kill, (child, signal.SIGKILL))
        if kill_after is not None:
            timer.start()
        report = json.loads(self._process.stdout.readline())
        timer.cancel()
        if report is not None:
            assert json.loads(self._process.stdout.readline()) is None
        return report


@pytest.fixture(name="sealer", scope="module")
def _sealer() -> Iterator[Sealer]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.lib.footage.sealer"],
        cwd=Path(__file__).parents[3],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        yield Sealer(process)


@pytest.mark.parametrize("room", [1, 20_000, 150_000])
def test_a_disk_that_fills_up_in_the_middle_leaves_nothing(
    tmp_path: Path, sealer: Sealer, room: int
) -> None:
    """The kernel refuses to write on, in the pictures or in the index: OSError, and no file."""
    path = tmp_path / "clip.spool"
    spool_of(path, footage(encode())).close()
    assert room < path.stat().st_size
    assert sealer(path, room=room) == errno.EFBIG
    assert files(tmp_path) == set()


def long_spool(path: Path, minutes: float) -> None:
    """Write a journal of many minutes: the same six seconds over and over."""
    units = encode()
    with Spool.open(path, codec="h264") as spool:
        for turn in range(round(minutes * 10)):
            spool.append([*footage(units, BEGIN + turn * 6 * SECOND)])


def test_a_kill_never_leaves_a_final_name_for_less_than_everything(
    tmp_path: Path, sealer: Sealer
) -> None:
    """SIGKILL at many moments of the work: what has its final name is whole, and a new run gives the same file."""
    path = tmp_path / "clip.spool"
    long_spool(path, 0.5)
    final = tmp_path / f"{NAME}.mp4"
    began = time.monotonic()
    _, digest, _ = sealer(path)
    whole = time.monotonic() - began
    assert hashlib.sha256(final.read_bytes()).hexdigest() == digest
    final.unlink()
    killed = 0
    for turn in range(20):
        killed += sealer(path, kill_after=whole * turn / 20) is None
        if final.exists():
            assert hashlib.sha256(final.read_bytes()).hexdigest() == digest
            final.unlink()
        assert files(tmp_path) <= {f"{NAME}.mp4.part"}
    assert killed
    assert sealer(path)[1] == digest
    assert files(tmp_path) == {final.name}


def test_memory_does_not_grow_with_the_clip(tmp_path: Path, sealer: Sealer) -> None:
    """Twenty minutes take at most a few megabytes more than one: the muxer's own index."""
    path = tmp_path / "clip.spool"
    long_spool(path, 20)
    one = sealer(path, 1)
    # Nothing is sealed over what is sealed.
    path.with_name(f"{NAME}.mp4").unlink()
    twenty = sealer(path, 20)
    # The picture at the end of the one minute belongs to it.
    assert (one[0], twenty[0]) == (601, 12_000)
    assert twenty[2] - one[2] < 10 * 1024
