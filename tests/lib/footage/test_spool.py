"""The journal of a retrieval: whole after a kill at any byte, whole after a full disk, flat in memory."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
import inspect
from itertools import pairwise
import os
from pathlib import Path
import subprocess
import sys
import textwrap
import threading
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.niiza_cctv.lib.footage.archive import Picture
from custom_components.niiza_cctv.lib.footage.spool import MAGIC, Spool, SpoolDamaged
from tests.lib.footage.encoded import AHEAD, BEGIN

REPOSITORY = Path(__file__).parents[3]


def picture(number: int, size: int = 50) -> Picture:
    """Return a picture that nobody has to decode."""
    at = BEGIN + timedelta(microseconds=66_667 * number)
    return Picture(
        at=at,
        camera_at=at + AHEAD,
        data=b"\0\0\0\1" + bytes([number % 256]) * size,
        keyframe=number % 10 == 0,
        discontinuity=number == 7,
    )


PICTURES = [picture(number) for number in range(25)]
# What programs of their own begin with: the library alone, for Home Assistant would take them seconds.
PROLOGUE = f"""
from datetime import datetime, timedelta
from pathlib import Path
import sys

from scripts.lib_alone import register

register()

from niiza_cctv_lib.footage.archive import Picture
from niiza_cctv_lib.footage.spool import Spool

BEGIN = datetime.fromisoformat("{BEGIN.isoformat()}")
AHEAD = timedelta(seconds={AHEAD.total_seconds()})

{inspect.getsource(picture)}
PICTURES = [picture(number) for number in range(25)]
"""


def test_who_closes_it_waits_for_who_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number of a closed file is soon another file's: nothing of ours may be written into that."""
    path = tmp_path / "clip.spool"
    writes, goes_on = threading.Event(), threading.Event()
    write = os.pwrite

    def slow(*arguments: Any) -> int:
        writes.set()
        assert goes_on.wait(30)
        return write(*arguments)

    spool = Spool.open(path, codec="h264")
    with ThreadPoolExecutor(2) as threads:
        monkeypatch.setattr(os, "pwrite", slow)
        appending = threads.submit(spool.append, PICTURES)
        assert writes.wait(30)
        closing = threads.submit(spool.close)
        with pytest.raises(TimeoutError):
            closing.result(0.2)
        goes_on.set()
        appending.result(30)
        closing.result(30)
    with pytest.raises(OSError, match="Bad file descriptor"):
        spool.append(PICTURES)
    with Spool.open(path) as again:
        assert [*again] == PICTURES


def test_what_was_appended_comes_back(tmp_path: Path) -> None:
    """Times to the microsecond, data, flags and what the camera announced survive closing and opening."""
    path = tmp_path / "clip.spool"
    with Spool.open(path, codec="hevc", parameter_sets=b"\0\0\0\1sets") as spool:
        assert (spool.pictures, spool.first_at, spool.last_at) == (0, None, None)
        spool.append(PICTURES[:10])
        spool.append([])
        spool.append(PICTURES[10:])
        spool.sync()
        assert [*spool] == PICTURES
    assert path.stat().st_mode & 0o777 == 0o600
    with Spool.open(path) as spool:
        assert [*spool] == PICTURES
        assert (spool.codec, spool.parameter_sets) == ("hevc", b"\0\0\0\1sets")
        assert (spool.pictures, spool.size) == (25, path.stat().st_size)
        assert (spool.first_at, spool.last_at) == (PICTURES[0].at, PICTURES[-1].at)
        heads = [*spool.heads()]
    assert [head.keyframe for head in heads] == [one.keyframe for one in PICTURES]
    assert [head.size for head in heads] == [len(one.data) for one in PICTURES]
    assert {after.at - before.at for before, after in pairwise(heads)} == {66_667}
    assert {head.camera_at - head.at for head in heads} == {3_000_000}


def test_a_kill_at_any_byte_costs_at_most_the_picture_being_written(tmp_path: Path) -> None:
    """Cut anywhere, the journal opens with every picture that was whole, and goes on behind it."""
    path = tmp_path / "clip.spool"
    ends = []
    with Spool.open(path, codec="h264", parameter_sets=b"\0\0\0\1sets") as spool:
        announced = spool.size
        for one in PICTURES[:4]:
            spool.append([one])
            ends.append(spool.size)
    whole = path.read_bytes()
    for cut in range(len(whole) + 1):
        path.write_bytes(whole[:cut])
        survivors = sum(end <= cut for end in ends)
        with Spool.open(path, codec="h264", parameter_sets=b"\0\0\0\1sets") as spool:
            assert [*spool] == PICTURES[:survivors]
            assert spool.announced == [(0, b"\0\0\0\1sets")]
            spool.append(PICTURES[survivors:4])
        # The very file that no kill would have left.
        assert path.read_bytes() == whole, (cut, announced)


def test_damage_ends_the_journal_where_it_begins(tmp_path: Path) -> None:
    """What follows a damaged record cannot be trusted: it is fetched again."""
    path = tmp_path / "clip.spool"
    with Spool.open(path, codec="h264") as spool:
        spool.append(PICTURES[:3])
        third = spool.size
        spool.append(PICTURES[3:])
    data = bytearray(path.read_bytes())
    data[third + 40] ^= 1
    path.write_bytes(data)
    with Spool.open(path) as spool:
        assert [*spool] == PICTURES[:3]
        assert spool.size == path.stat().st_size == third


def test_damage_after_opening_is_noticed_while_reading(tmp_path: Path) -> None:
    """No damaged picture is ever given out."""
    path = tmp_path / "clip.spool"
    with Spool.open(path, codec="h264") as spool:
        spool.append(PICTURES)
        data = bytearray(path.read_bytes())
        data[-1] ^= 1
        path.write_bytes(data)
        pictures = iter(spool)
        assert [next(pictures) for _ in PICTURES[1:]] == PICTURES[:-1]
        with pytest.raises(SpoolDamaged):
            next(pictures)


def test_what_is_no_journal_is_left_alone(tmp_path: Path) -> None:
    """A wrong path must not cost anybody a file."""
    path = tmp_path / "letter.txt"
    path.write_bytes(b"Dear Sir or Madam")
    with pytest.raises(SpoolDamaged):
        Spool.open(path, codec="h264")
    assert path.read_bytes() == b"Dear Sir or Madam"
    with pytest.raises(FileNotFoundError):
        Spool.open(tmp_path / "absent.spool")
    path.write_bytes(MAGIC)
    with pytest.raises(SpoolDamaged, match="holds nothing"):
        Spool.open(path)


def test_one_journal_is_one_codec_and_knows_when_parameters_changed(tmp_path: Path) -> None:
    """A camera that was set up anew between two tries is seen."""
    path = tmp_path / "clip.spool"
    with Spool.open(path, codec="h264", parameter_sets=b"first") as spool:
        spool.append(PICTURES[:5])
    with Spool.open(path, codec="h264", parameter_sets=b"first") as spool:
        assert spool.announced == [(0, b"first")]
    with Spool.open(path, codec="h264") as spool:
        assert spool.announced == [(0, b"first")]
    with Spool.open(path, codec="h264", parameter_sets=b"second") as spool:
        spool.append(PICTURES[5:])
    with Spool.open(path) as spool:
        assert spool.announced == [(0, b"first"), (5, b"second")]
        assert [*spool] == PICTURES
    with pytest.raises(SpoolDamaged, match="another codec"):
        Spool.open(path, codec="hevc")


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300))
def test_rubbish_behind_the_journal_is_cut_off(tmp_path: Path, data: bytes) -> None:
    """Whatever a crash of the machine leaves behind the last record, nothing but cutting happens."""
    path = tmp_path / "clip.spool"
    path.unlink(missing_ok=True)
    with Spool.open(path, codec="h264") as spool:
        spool.append(PICTURES[:2])
    with path.open("ab") as file:
        file.write(data)
    with Spool.open(path) as spool:
        assert [*spool] == PICTURES[:2]


def test_a_record_longer_than_any_picture_is_not_read_into_memory(tmp_path: Path) -> None:
    """Neither written nor, when the file claims one, believed."""
    path = tmp_path / "clip.spool"
    with Spool.open(path, codec="h264") as spool:
        with pytest.raises(ValueError, match="larger"):
            spool.append([picture(0, 17 << 20)])
        spool.append(PICTURES[:1])
        end = spool.size
    with path.open("ab") as file:
        file.write(b"\2\0" + b"\xff\xff\xff\x7f" + bytes(20))
        file.truncate(end + (1 << 31))
    with Spool.open(path) as spool:
        assert spool.size == end == path.stat().st_size


def run(program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a program of its own: what it does to its process must not meet the other tests."""
    return subprocess.run(  # noqa: S603 - this Python
        [sys.executable, "-c", PROLOGUE + textwrap.dedent(program), *map(str, arguments)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )


def test_a_full_disk_leaves_the_journal_whole(tmp_path: Path) -> None:
    """The kernel refuses in the middle of a write: OSError, and what was there before stays, nothing more."""
    path = tmp_path / "clip.spool"
    run(
        """
        import resource, signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        path = Path(sys.argv[1])
        with Spool.open(path, codec="h264") as spool:
            spool.append(PICTURES)
            size = spool.size
            resource.setrlimit(resource.RLIMIT_FSIZE, (size + 1000, resource.RLIM_INFINITY))
            try:
                spool.append([picture(number) for number in range(100)])
            except OSError:
                pass
            else:
                sys.exit("The disk was not full")
            assert path.stat().st_size == spool.size == size
            assert spool.pictures == len(PICTURES) and [*spool] == PICTURES
            spool.append([picture(30)])
            assert [*spool] == [*PICTURES, picture(30)]
        """,
        path,
    )
    with Spool.open(path) as spool:
        assert [*spool] == [*PICTURES, picture(30)]


def test_a_process_that_is_killed_while_writing_leaves_a_journal(tmp_path: Path) -> None:
    """SIGKILL in full flight: the journal opens, its pictures are those that were written, in order."""
    path = tmp_path / "clip.spool"
    program = """
        with Spool.open(Path(sys.argv[1]), codec="h264") as spool:
            number = 0
            while True:
                spool.append([picture(number + k, 100_000) for k in range(10)])
                number += 10
                print(number, flush=True)
    """
    with subprocess.Popen(  # noqa: S603 - this Python
        [sys.executable, "-c", PROLOGUE + textwrap.dedent(program), path],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(5)]
        process.kill()
        lines += process.stdout.readlines()
    confirmed = int([line for line in lines if line.endswith(b"\n")][-1])
    with Spool.open(path) as spool:
        assert spool.pictures >= confirmed >= 50
        assert all(one == picture(number, 100_000) for number, one in enumerate(spool))


def test_memory_does_not_grow_with_the_journal(tmp_path: Path) -> None:
    """Opening, looking through and reading 400 MB takes as much memory as 20 MB."""
    reports = []
    for megabytes in (20, 400):
        path = tmp_path / f"{megabytes}.spool"
        done = run(
            """
            import resource

            one = picture(1, 1 << 20)
            with Spool.open(Path(sys.argv[1]), codec="h264") as spool:
                for _ in range(int(sys.argv[2])):
                    spool.append([one])
            with Spool.open(Path(sys.argv[1])) as spool:
                assert sum(head.size for head in spool.heads()) == sum(len(p.data) for p in spool)
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
            """,
            path,
            megabytes,
        )
        reports.append(int(done.stdout))
        path.unlink()
    assert reports[1] - reports[0] < 10 * 1024
