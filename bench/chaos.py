"""Rounds of faults: cases that are taken from their first day to their last while processes die and disks fail under them.

Each round is drawn from its seed. The first rounds deal every kind of step at which a process can be killed and a disk can
fail (as a case was seen to take them), the ledger away, an older one put back, wrong clocks and lost cameras; the others
draw any of them. After each run and each round: nothing half released, nothing sealed lost, the chain verifies, files
match their hashes. A round that finds something prints its plan; `--plan` plays it again. The last line is one JSON object.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
import json
import os
from pathlib import Path
from queue import SimpleQueue
import subprocess
import sys
import tempfile
from threading import Thread
import time
from typing import Any

REPOSITORY = Path(__file__).parents[1]


class Host:
    """A process that has everything loaded and plays rounds."""

    def __init__(self, shared: Path | None = None) -> None:
        """Start it; hosts that share a file see only once what a case does.

        Raises RuntimeError when a case does not come to its end even without a fault.
        """
        command = [sys.executable, "-m", "bench.chaos_round", *([str(shared)] if shared else [])]
        self._process = subprocess.Popen(
            command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.deck = self._read()

    def play(self, seed_or_plan: Any) -> dict[str, Any]:
        """Play a round."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{json.dumps(seed_or_plan)}\n")
        self._process.stdin.flush()
        return self._read()

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        if not (line := self._process.stdout.readline()):
            raise RuntimeError("The host of the rounds ended")
        answer: dict[str, Any] = json.loads(line)
        return answer


def play(seeds: Sequence[Any], workers: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Play these rounds in so many processes; return what there was to deal, and what became of each."""
    waiting: SimpleQueue[Any] = SimpleQueue()
    for seed in seeds:
        waiting.put(seed)
    for _ in range(workers):
        waiting.put(None)
    results: list[dict[str, Any]] = []
    decks: list[dict[str, Any]] = []

    def work() -> None:
        host = Host(Path(folder) / "steps.json")
        decks.append(host.deck)
        while (seed := waiting.get()) is not None:
            results.append(found := host.play(seed))
            if found["violations"]:
                print(report(found), flush=True)
        host.close()

    threads = [Thread(target=work) for _ in range(workers)]
    with tempfile.TemporaryDirectory() as folder:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if len(results) != len(seeds):
        raise RuntimeError("Not every round was played")
    return decks[0], results


def report(result: dict[str, Any]) -> str:
    """Say what a round found, and how to play it again."""
    return "\n".join(
        [
            f"Round {result['plan']['seed']}:",
            *(f"  found: {one}" for one in result["violations"]),
            *(f"  {one}" for one in result["story"]),
            f"  again: scripts/bench chaos --plan '{json.dumps(result['plan'])}'",
        ]
    )


def main() -> int:
    """Play the rounds; return 1 when one of them finds something."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0, help="of the first round")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--plan", type=json.loads, help="one round, as one told of it")
    options = parser.parse_args()
    seeds: list[Any] = [*range(options.seed, options.seed + options.rounds)]
    if options.plan is not None:
        seeds = [options.plan]
    began = time.monotonic()
    deck, results = play(seeds, min(options.workers, len(seeds)))
    faults = Counter[str]()
    for result in results:
        for fault, met in zip(result["plan"]["runs"], result["met"], strict=True):
            faults[fault["what"] if met else "not met"] += 1
    steps = {tuple(step) for kinds in deck["kinds"] for step in kinds}
    killed = {tuple(step) for result in results for step in result["killed_at"]}
    failed = {tuple(step) for result in results for step in result["failed_at"]}
    found = sum(bool(result["violations"]) for result in results)
    answer = {
        "bench": "chaos",
        "ratios": {"rounds_with_findings": found},
        "limits": {"rounds_with_findings": 0},
        "ok": not found,
        "rounds": len(results),
        "faults": dict(sorted(faults.items())),
        "kinds_of_steps": len(steps),
        "killed_at": len(killed & steps),
        "failed_at": len(failed & steps),
        "seconds": round(time.monotonic() - began, 1),
        "seconds_of_a_round": round(sum(result["seconds"] for result in results) / len(results), 2),
        "longest_round": round(max(result["seconds"] for result in results), 2),
    }
    print(json.dumps(answer))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
