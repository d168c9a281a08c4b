"""What an acceptance test is shown as: sentences, in the language of whoever reads them."""

from typing import Final, TypedDict

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..lib.acceptance.bundle import Bundle
from ..lib.acceptance.model import Said
from ..managers.acceptance import AcceptanceTests, FinishedTest, RunningTest
from .base import PersonShown, show_person, show_time

LANGUAGES: Final = ("ja", "en")


class SentenceShown(TypedDict):
    """One sentence of the report: its name, how it is meant, and its words."""

    key: str
    # "good", "limit", "bad", "unknown", "plain".
    mark: str
    text: str


class AcceptancePartShown(TypedDict):
    """One part of what was found out."""

    step: str
    name: str
    # False: it was not found out, or not to its end.
    whole: bool
    said: list[SentenceShown]


class DutyShown(TypedDict):
    """One duty of the section's published facts, and whether the camera does it."""

    # "F1" to "F8".
    duty: str
    name: str
    # "fit", "limits", "unfit", "unknown".
    verdict: str
    verdict_text: str
    reasons: list[SentenceShown]


class ReportShown(TypedDict):
    """The report of a test."""

    camera: str
    camera_name: str
    by: PersonShown | None
    started: str
    ended: str
    seconds: int
    # "done", "cancelled", "camera_lost", "not_readable", "refused", "out_of_time".
    ending: str
    ending_text: str
    verdict: str
    verdict_text: str
    duties: list[DutyShown]
    parts: list[AcceptancePartShown]
    # The parts that were not found out.
    missing: list[str]
    # Whether the ledger has it.
    recorded: bool
    # The integration's, when the test was made.
    version: str
    # Whether the camera's answers can still be looked at.
    has_answers: bool


class RunningShown(TypedDict):
    """A test that is under way."""

    camera: str
    camera_name: str
    by: PersonShown | None
    step: str
    step_text: str
    # From 0 to 1.
    share: float


class AcceptanceShown(TypedDict):
    """What the page of a camera's test shows."""

    camera: str
    camera_name: str
    may: bool
    running: RunningShown | None
    report: ReportShown | None
    # Of those before it, the last test that ran to its end.
    before: ReportShown | None
    # What is kept of the camera cannot be read: it is damaged, or of another version.
    unreadable: bool


class BundleShown(TypedDict):
    """The answers of a test, to be read before they are saved."""

    name: str
    text: str
    sha256: str
    answers: int
    left_out: int
    replaced: dict[str, int]


class _Words:
    """The texts of the report in one language."""

    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = texts

    def text(self, key: str, **placeholders: str) -> str:
        """Return a text."""
        text = self._texts.get(f"component.{DOMAIN}.common.acceptance_{key}", key)
        return text.format(**placeholders)

    def sentence(self, said: Said) -> SentenceShown:
        """Return a sentence."""
        placeholders = dict(said.values)
        placeholders |= {name: self.text(word) for name, word in said.words.items()}
        placeholders |= {
            name: f"{dt_util.as_local(at):%Y-%m-%d %H:%M:%S}" for name, at in said.times.items()
        }
        try:
            text = self.text(said.key, **placeholders)
        except LookupError:
            # Another version of the integration said it, whose sentence spoke of other things.
            text = f"{said.key} ({', '.join(placeholders.values())})"
        return SentenceShown(key=said.key, mark=said.mark.value, text=text)


async def _words(hass: HomeAssistant, language: str | None) -> _Words:
    chosen = language if language in LANGUAGES else hass.config.language
    texts = dict(await async_get_translations(hass, chosen, "common", {DOMAIN}))
    # What the sensor of the card is shown as is called the same here.
    entities = await async_get_translations(hass, chosen, "entity", {DOMAIN})
    for name, place in (("sd", "state"), ("evidence", "state_attributes.evidence.state")):
        prefix = f"component.{DOMAIN}.entity.sensor.sd_status.{place}."
        texts |= {
            f"component.{DOMAIN}.common.acceptance_{name}_{key.removeprefix(prefix)}": text
            for key, text in entities.items()
            if key.startswith(prefix)
        }
    return _Words(texts)


async def show_report(
    hass: HomeAssistant, finished: FinishedTest, language: str | None = None
) -> ReportShown:
    """Show the report of a test."""
    words, report = await _words(hass, language), finished.report
    return ReportShown(
        camera=finished.camera,
        camera_name=finished.camera_name,
        by=show_person(finished.person),
        started=show_time(report.started),
        ended=show_time(report.ended),
        seconds=round((report.ended - report.started).total_seconds()),
        ending=report.ending.value,
        ending_text=words.text(f"ending_{report.ending}"),
        verdict=report.verdict.value,
        verdict_text=words.text(f"verdict_{report.verdict}"),
        duties=[
            DutyShown(
                duty=one.duty.value,
                name=words.text(f"duty_{one.duty.name.lower()}"),
                verdict=one.verdict.value,
                verdict_text=words.text(f"verdict_{one.verdict}"),
                reasons=[words.sentence(said) for said in one.reasons],
            )
            for one in report.duties
        ],
        parts=[
            AcceptancePartShown(
                step=one.step.value,
                name=words.text(f"part_{one.step}"),
                whole=one.whole,
                said=[words.sentence(said) for said in one.said],
            )
            for one in report.steps
        ],
        missing=[step.value for step in report.missing],
        recorded=finished.recorded,
        version=finished.version,
        has_answers=finished.test is not None,
    )


async def show_running(
    hass: HomeAssistant, running: RunningTest, language: str | None = None
) -> RunningShown:
    """Show how far a test is."""
    words = await _words(hass, language)
    return RunningShown(
        camera=running.camera,
        camera_name=running.camera_name,
        by=show_person(running.person),
        step=running.step.value,
        step_text=words.text(f"part_{running.step}"),
        share=round(running.share, 3),
    )


async def show_acceptance(
    hass: HomeAssistant,
    tests: AcceptanceTests,
    camera: str,
    camera_name: str,
    *,
    may: bool,
    language: str | None,
) -> AcceptanceShown:
    """Show the page of a camera's test."""
    kept, running = tests.kept(camera), tests.running
    return AcceptanceShown(
        camera=camera,
        camera_name=camera_name,
        may=may,
        running=None if running is None else await show_running(hass, running, language),
        report=None if kept.last is None else await show_report(hass, kept.last, language),
        before=None if kept.before is None else await show_report(hass, kept.before, language),
        unreadable=kept.unreadable,
    )


def show_bundle(bundle: Bundle) -> BundleShown:
    """Show the answers of a test."""
    return BundleShown(
        name=bundle.name,
        text=bundle.text,
        sha256=bundle.sha256,
        answers=bundle.answers,
        left_out=bundle.left_out,
        replaced=dict(bundle.replaced),
    )
