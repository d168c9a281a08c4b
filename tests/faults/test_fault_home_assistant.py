"""A whole Home Assistant is killed, or its disk fails, at some step of a case; the next start carries the case to its end."""

import json
from pathlib import Path
import subprocess
import sys
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
ROUNDS, SHARDS = 10, 2


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    """Return what became of the case without a fault, and of each round of this part."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.whole"],
        cwd=ROOT,
        check=True,
        input="".join(f"{seed}\n" for seed in range(request.param, ROUNDS, SHARDS)),
        stdout=subprocess.PIPE,
        text=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("rounds", range(SHARDS), indirect=True)
def test_a_case_survives_the_death_of_home_assistant(rounds: list[dict[str, Any]]) -> None:
    """It is killed for real, in the middle of a write or between two; what fails is what the disk says."""
    dry, *played = rounds
    assert (dry["ended"], dry["violations"]) == ("over", [])
    assert len(played) == ROUNDS / SHARDS
    for result in played:
        assert not result["violations"], json.dumps(result, ensure_ascii=False, indent=1)
    assert any(result["met"] for result in played)
