"""A case comes to its end whatever dies on the way: nothing half released, nothing sealed lost, the chain verifies.

What goes wrong is dealt from what a case was seen to do (`bench/chaos_round.py`): a hundred rounds meet every kind of step
at which a process can be killed or a disk can fail. `scripts/bench chaos` plays more of them.
"""

from collections.abc import Iterator
import json
import os
from pathlib import Path
import subprocess
import sys

import pytest

from bench.chaos import Host, report

ROOT = Path(__file__).parents[2]
ROUNDS, SHARDS = 100, 5


@pytest.fixture(scope="session")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """Return a process that has everything loaded and plays rounds; those of one run share what they saw."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    shared = tmp_path_factory.getbasetemp().parent / f"chaos-{run}.json" if run else None
    host = Host(shared)
    yield host
    host.close()


@pytest.mark.parametrize("shard", range(SHARDS))
def test_a_case_survives_whatever_dies(host: Host, shard: int) -> None:
    """Rounds by their seeds; what one of them finds is printed with what plays it again."""
    results = [host.play(seed) for seed in range(shard, ROUNDS, SHARDS)]
    found = [report(result) for result in results if result["violations"]]
    assert not found, "\n".join(found)
    # A fault may keep another one of its round away, but not many.
    met = [met for result in results for met in result["met"]]
    assert sum(met) >= 0.7 * len(met)


def test_the_rounds_of_the_suite_meet_every_kind(host: Host) -> None:
    """There are no more cards than a hundred rounds deal."""
    assert host.deck["rounds"] <= ROUNDS
    steps = {tuple(step) for kinds in host.deck["kinds"] for step in kinds}
    kinds = {kind for _, kind in steps}
    # What only C libraries do, and what only a case's end does.
    assert {
        "pwrite niiza_cctv.db-wal",
        "fsync niiza_cctv.db-wal",
        "write .cache/niiza_cctv/CASE/CLIP.mp4.part",
        "link .cache/niiza_cctv/CASE/CLIP.mp4",
        "rename .cache/niiza_cctv/CASE/CASE.zip.part",
        "unlink .cache/niiza_cctv/bin/CASE/CLIP.mp4",
    } <= kinds


def test_a_round_is_played_again_by_its_plan(host: Host) -> None:
    """What a round tells is enough to repeat it."""
    played = host.play(3)
    again = host.play(played["plan"])
    assert again["plan"] == played["plan"]
    assert again["met"] == played["met"]


def test_what_is_lost_is_found() -> None:
    """The rounds are worth what they notice: each way in which something is spoiled by hand."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.spoiled"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    found = dict(map(json.loads, done.stdout.splitlines()))
    assert found.pop("nothing") == found.pop("package as it was released") == []
    assert len(found) == 9
    assert all(found.values()), found
