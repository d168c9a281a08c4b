"""How everything stands, in words of both languages."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypedDict, cast

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from ..const import DOMAIN
from ..coordinator import CameraCoordinator
from ..lib.cases.rules import waits_for_approval
from ..lib.device.judge import (
    audio_violation,
    clock_problem,
    retention_problem,
    sd_problem,
    sd_unproven,
)
from ..lib.ledger.errors import LedgerError
from ..managers.deadlines import clips_at_risk
from ..managers.evidence import Evidence
from ..runtime import NiizaConfigEntry

LANGUAGES: Final = ("ja", "en")
# So many names are read on a phone; the rest is a number.
MAX_NAMES: Final = 10
_COMMA: Final = {"ja": "、", "en": ", "}


class Topic(TypedDict):
    """One thing that can be wrong: how often, with whom, and in words."""

    count: int
    names: list[str]
    ja: str
    en: str


class Summary(TypedDict):
    """How the section stands; it names things and cases, and no person."""

    cameras: int
    all_well: bool
    dead: Topic
    sd_faulty: Topic
    unproven: Topic
    audio_on: Topic
    retention_out: Topic
    clock_off: Topic
    checks_due: Topic
    checks_failed: Topic
    cases_waiting: Topic
    footage_at_risk: Topic
    ledger_available: bool
    ja: str
    en: str


def _names(cameras: Iterable[CameraCoordinator]) -> dict[str, list[str]]:
    """Return their names, the same in every language."""
    names = [camera.name for camera in cameras]
    return dict.fromkeys(LANGUAGES, names)


def _cameras_where(
    entry: NiizaConfigEntry, test: Callable[[CameraCoordinator], bool | None]
) -> dict[str, list[str]]:
    return _names(camera for camera in entry.runtime_data.cameras.values() if test(camera))


class _Words:
    """The texts of both languages."""

    def __init__(self, texts: Mapping[str, Mapping[str, str]]) -> None:
        self._texts = texts

    @classmethod
    async def load(cls, hass: HomeAssistant) -> _Words:
        """Read them."""
        texts: dict[str, dict[str, str]] = {}
        for language in LANGUAGES:
            texts[language] = {}
            for category in ("common", "selector"):
                texts[language] |= await async_get_translations(hass, language, category, {DOMAIN})
        return cls(texts)

    def text(self, language: str, key: str, **placeholders: str) -> str:
        """Return a text in a language."""
        return self._texts[language][f"component.{DOMAIN}.common.{key}"].format(**placeholders)

    def check(self, language: str, kind: str, name: str | None) -> str:
        """Return what a kind of check is called; `name` is that of the section's own."""
        key = f"component.{DOMAIN}.selector.check_kind.options.{kind}"
        return name or self._texts[language].get(key, kind)

    def topic(self, key: str, names: Mapping[str, list[str]]) -> Topic:
        """Put one topic into words: how many, and the first of them by name."""
        said = {}
        for language in LANGUAGES:
            some = _COMMA[language].join(names[language][:MAX_NAMES])
            if (more := len(names[language]) - MAX_NAMES) > 0:
                some = self.text(language, "summary_more", names=some, more=str(more))
            said[language] = self.text(
                language,
                f"summary_{key}" if names[language] else f"summary_{key}_none",
                count=str(len(names[language])),
                names=some,
            )
        return Topic(count=len(names["ja"]), names=names["ja"], ja=said["ja"], en=said["en"])


async def async_summary(hass: HomeAssistant, entry: NiizaConfigEntry) -> Summary:
    """Return how the section stands; what only the ledger knows is left out while it is away."""
    words = await _Words.load(hass)
    policy = entry.runtime_data.cameras.policy
    found = {
        "dead": _cameras_where(entry, lambda camera: camera.alive_verdict.alive is False),
        "sd_faulty": _cameras_where(entry, lambda camera: sd_problem(camera.data.sd)),
        "unproven": _cameras_where(
            entry, lambda camera: sd_unproven(camera.alive_verdict, camera.data.sd)
        ),
        "audio_on": _cameras_where(
            entry, lambda camera: audio_violation(camera.data.audio, policy)
        ),
        "retention_out": _cameras_where(
            entry, lambda camera: retention_problem(camera.data.retention)
        ),
        "clock_off": _cameras_where(entry, lambda camera: clock_problem(camera.data.clock, policy)),
    }
    evidence = entry.runtime_data.evidence
    try:
        found |= _of_ledger(evidence, words)
        available = evidence.ledger.available
    except LedgerError:
        nothing: dict[str, list[str]] = {language: [] for language in LANGUAGES}
        found |= dict.fromkeys(
            ("checks_due", "checks_failed", "cases_waiting", "footage_at_risk"), nothing
        )
        available = False
    topics = {key: words.topic(key, names) for key, names in found.items()}
    wrong = [topic for topic in topics.values() if topic["count"]]
    number = str(len(entry.runtime_data.cameras))
    lines: dict[str, list[str]] = {}
    for language in LANGUAGES:
        lines[language] = [cast("Mapping[str, str]", topic)[language] for topic in wrong]
        if not available:
            lines[language].append(words.text(language, "summary_ledger_away"))
        if not lines[language]:
            lines[language].append(words.text(language, "summary_all_well", cameras=number))
    return cast(
        "Summary",
        {
            "cameras": len(entry.runtime_data.cameras),
            "all_well": not wrong and available,
            **topics,
            "ledger_available": available,
            **{language: "\n".join(lines[language]) for language in LANGUAGES},
        },
    )


def _of_ledger(evidence: Evidence, words: _Words) -> dict[str, dict[str, list[str]]]:
    """Return what the ledger tells; raises LedgerError."""
    checks = [check for check in evidence.checks.checks() if check.due]
    waiting = [case.id for case in evidence.cases.cases.values() if waits_for_approval(case)]
    at_risk = list(dict.fromkeys(case.id for case, _ in clips_at_risk(evidence)))

    def named(failed: bool) -> dict[str, list[str]]:
        return {
            language: [
                words.text(
                    language,
                    "summary_check",
                    object=check.asset.name,
                    check=words.check(language, check.kind.key, check.kind.name),
                )
                for check in checks
                if check.failed is failed
            ]
            for language in LANGUAGES
        }

    return {
        "checks_due": named(failed=False),
        "checks_failed": named(failed=True),
        "cases_waiting": dict.fromkeys(LANGUAGES, waiting),
        "footage_at_risk": dict.fromkeys(LANGUAGES, at_risk),
    }
