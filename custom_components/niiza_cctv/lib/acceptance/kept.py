"""Reports of acceptance tests as they are written down, and read again: also what another version wrote, or a disk damaged."""

from collections.abc import Callable, Iterable
from typing import Final

from ..device.model import written_moment
from ..ledger.model import Json
from .model import Duty, DutyReport, Ending, Fitness, Mark, Report, Said, Step, StepReport, Trouble

# A report of this product has some hundred sentences of some hundred characters.
_MAX_SENTENCES: Final = 1000
_MAX_TEXT: Final = 20_000


def report_as_json(report: Report) -> dict[str, Json]:
    """Return a report in JSON's words; times are ISO 8601 with their offset."""
    return {
        "started": report.started.isoformat(),
        "ended": report.ended.isoformat(),
        "ending": report.ending.value,
        "trouble": None if report.trouble is None else report.trouble.value,
        "verdict": report.verdict.value,
        "duties": [
            {
                "duty": one.duty.value,
                "verdict": one.verdict.value,
                "reasons": _said_as_json(one.reasons),
            }
            for one in report.duties
        ],
        "steps": [
            {"step": one.step.value, "whole": one.whole, "said": _said_as_json(one.said)}
            for one in report.steps
        ],
    }


def report_from_json(data: Json) -> Report:
    """Read a report. Raises ValueError for what is none, or is of another version."""
    match data:
        case {
            "started": str(started),
            "ended": str(ended),
            "ending": str(ending),
            "trouble": None | str() as trouble,
            "verdict": str(verdict),
            "duties": list(duties),
            "steps": list(steps),
        }:
            return Report(
                started=written_moment(started),
                ended=written_moment(ended),
                ending=Ending(ending),
                trouble=None if trouble is None else Trouble(trouble),
                verdict=Fitness(verdict),
                duties=tuple(map(_duty, _few(duties))),
                steps=tuple(map(_step, _few(steps))),
            )
    raise ValueError("not a report")


def _said_as_json(said: Iterable[Said]) -> list[Json]:
    return [
        {
            "key": one.key,
            "mark": one.mark.value,
            "values": dict(one.values),
            "words": dict(one.words),
            "times": {name: at.isoformat() for name, at in one.times.items()},
        }
        for one in said
    ]


def _duty(data: Json) -> DutyReport:
    match data:
        case {"duty": str(duty), "verdict": str(verdict), "reasons": list(reasons)}:
            return DutyReport(
                duty=Duty(duty),
                verdict=Fitness(verdict),
                reasons=tuple(map(_said, _few(reasons))),
            )
    raise ValueError("not a duty")


def _step(data: Json) -> StepReport:
    match data:
        case {"step": str(step), "whole": bool(whole), "said": list(said)}:
            return StepReport(step=Step(step), whole=whole, said=tuple(map(_said, _few(said))))
    raise ValueError("not a part")


def _said(data: Json) -> Said:
    match data:
        case {
            "key": str(key),
            "mark": str(mark),
            "values": dict(values),
            "words": dict(words),
            "times": dict(times),
        }:
            return Said(
                key=_text(key),
                mark=Mark(mark),
                values=_texts(values, _text),
                words=_texts(words, _text),
                times=_texts(times, written_moment),
            )
    raise ValueError("not a sentence")


def _few(items: list[Json]) -> list[Json]:
    if len(items) > _MAX_SENTENCES:
        raise ValueError("too many")
    return items


def _texts[T](data: dict[str, Json], read: Callable[[str], T]) -> dict[str, T]:
    found: dict[str, T] = {}
    for name, value in data.items():
        if not isinstance(value, str):
            raise ValueError("not a text")  # noqa: TRY004 - one error for whatever is wrong
        found[_text(name)] = read(value)
    return found


def _text(value: str) -> str:
    if len(value) > _MAX_TEXT:
        raise ValueError("too long")
    return value
