"""What findings say, in sentences, and whether the camera does its duties: unknown stays unknown."""

from collections.abc import Callable, Iterator, Mapping
import re
from typing import Final

from ..device.audio import audio_tracks
from ..device.judge import clock_problem
from ..device.model import (
    AudioPlace,
    CameraEvent,
    JobState,
    ReadBackOutcome,
    RetentionStatus,
    RetentionVerdict,
    SdStatus,
    StorageReading,
)
from ..device.policy import SectionPolicy
from ..device.storage_topics import StorageWord, storage_event
from .model import (
    Duty,
    DutyReport,
    Ending,
    Findings,
    Fitness,
    Mark,
    Opening,
    Reports,
    Said,
    Step,
    StepReport,
    Trouble,
)

# A verdict is the worst of its reasons.
_FITNESS: Final[Mapping[Mark, Fitness]] = {
    Mark.BAD: Fitness.UNFIT,
    Mark.UNKNOWN: Fitness.UNKNOWN,
    Mark.LIMIT: Fitness.LIMITS,
    Mark.GOOD: Fitness.FIT,
    Mark.PLAIN: Fitness.FIT,
}
_ORDER: Final = (Fitness.UNFIT, Fitness.UNKNOWN, Fitness.LIMITS, Fitness.FIT)
_GIB: Final = 2**30
_MAX_SHOWN: Final = 12
_NAMESPACE: Final = re.compile(r"\{[^{}]*\}")
# Seconds; no camera writes in longer ones.
_CHUNK: Final = 300.0
# How the questions about the card are called that were put to a source of its own.
STORAGE_QUESTION: Final = "storage "
# What the section would be shown of the card.
_SHOWN: Final[Mapping[SdStatus, Mark]] = {
    SdStatus.RECORDING: Mark.GOOD,
    SdStatus.UNPROVEN: Mark.UNKNOWN,
    # It may write in chunks; what is old says so itself.
    SdStatus.STALE: Mark.LIMIT,
    SdStatus.NOT_RECORDING: Mark.BAD,
    SdStatus.CARD_MISSING: Mark.BAD,
    SdStatus.CARD_ERROR: Mark.BAD,
}


def judge(
    found: Findings,
    policy: SectionPolicy,
    reports: Reports,
    ending: Ending,
) -> tuple[tuple[StepReport, ...], tuple[DutyReport, ...], Fitness]:
    """Return the parts of the report, the verdict of each duty, and the one of the camera.

    The camera's is the worst of those that a test can find out: the sign beside it (F8) is a person's to see.
    """
    steps = tuple(
        StepReport(
            step=step,
            whole=step in found.finished,
            said=(*describe(found, policy), *_trouble(found, step)),
        )
        for step, describe in _STEPS.items()
    )
    duties = tuple(
        _duty(duty, tuple(reasons(found, policy, reports, ending)))
        for duty, reasons in _DUTIES.items()
    )
    verdict = min((one.verdict for one in duties if one.duty is not Duty.SIGN), key=_ORDER.index)
    return steps, duties, verdict


def _duty(duty: Duty, reasons: tuple[Said, ...]) -> DutyReport:
    verdict = min((_FITNESS[one.mark] for one in reasons), key=_ORDER.index)
    return DutyReport(duty=duty, verdict=verdict, reasons=reasons)


def _say(key: str, mark: Mark = Mark.PLAIN, **values: str | float) -> Said:
    """Return a sentence."""
    return Said(key=key, mark=mark, values={name: _text(value) for name, value in values.items()})


def _text(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def _because(key: str, trouble: Trouble, mark: Mark = Mark.UNKNOWN, **values: str) -> Said:
    """Return a sentence with the reason why something is not known."""
    return Said(key=key, mark=mark, values=values, words={"reason": f"trouble_{trouble}"})


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:_MAX_SHOWN])
    return f"{shown} … (+{len(names) - _MAX_SHOWN})" if len(names) > _MAX_SHOWN else shown


def _trouble(found: Findings, step: Step) -> Iterator[Said]:
    if (trouble := found.troubles.get(step)) is not None:
        yield _because("step_failed", trouble)
    elif step not in found.finished:
        yield _say("step_not_done", Mark.UNKNOWN)


# --- The parts --------------------------------------------------------------------------------------------------


def _identity(found: Findings, _policy: SectionPolicy) -> Iterator[Said]:
    if (identity := found.identity) is None:
        return
    yield _say(
        "identity",
        maker=identity.manufacturer or "—",
        model=identity.model or "—",
        firmware=identity.firmware or "—",
    )
    yield _say("identity_serial", serial=identity.serial or "—", macs=_listed(identity.macs) or "—")
    if found.recognisable is False:
        yield _say("identity_not_its_own", Mark.BAD)


def _services(found: Findings, _policy: SectionPolicy) -> Iterator[Said]:
    if found.services is not None:
        yield _say(
            "services",
            services=_listed(
                tuple(
                    f"{one.namespace.removesuffix('/wsdl').rpartition('onvif.org/')[2]} {one.version}".strip()
                    for one in found.services
                )
            ),
        )
    elif found.used is not None:
        yield _say("services_used", services=_listed(tuple(sorted(found.used))) or "—")
    announced = profiles_announced(found)
    if announced:
        yield _say("profiles_announced", profiles=_listed(announced))
    elif found.scopes is not None:
        yield _say("profiles_not_announced")
    if found.used is not None:
        lacking = tuple(sorted({"recording", "search", "replay"} - found.used))
        if lacking:
            yield _say("services_lacking", Mark.BAD, services=_listed(lacking))
        if lacking and "G" in announced:
            yield _say("announces_in_vain", Mark.BAD, profile="G")
    for service, trouble in found.lies.items():
        yield _because("service_lies", trouble, Mark.LIMIT, service=service)
    for name, trouble in found.unread.items():
        # What was asked about the card stands with the card.
        if name.startswith(STORAGE_QUESTION):
            continue
        yield _because("question_unread", trouble, Mark.PLAIN, question=name)


def profiles_announced(found: Findings) -> tuple[str, ...]:
    """Return the ONVIF profiles of the camera's scopes, by their letters."""
    letters = (
        scope.lower().partition("onvif.org/profile/")[2].partition("/")[0]
        for scope in found.scopes or ()
    )
    # The scope of Profile S has a name of its own.
    return tuple(
        dict.fromkeys("S" if one == "streaming" else one.upper() for one in letters if one)
    )


def _login(found: Findings, _policy: SectionPolicy) -> Iterator[Said]:
    if found.challenges:
        yield _say(
            "login_offered", schemes=_listed(tuple(dict.fromkeys(map(_scheme, found.challenges))))
        )
    if found.takes_digest:
        yield _say("login_digest", Mark.GOOD)
    elif found.takes_token:
        yield _say("login_token", Mark.GOOD)
    if found.answers_anonymously:
        yield _say("login_open", Mark.BAD)
    elif found.answers_anonymously is False:
        yield _say("login_closed", Mark.GOOD)
    if found.administrator:
        yield _say("login_administrator", Mark.LIMIT)
    elif found.administrator is False:
        yield _say("login_viewer", Mark.GOOD)
    if found.default_password and not found.answers_anonymously:
        yield _say("login_default_password", Mark.BAD)
    if Step.LOGIN in found.finished:
        if not found.encrypted:
            yield _say("login_not_encrypted", Mark.LIMIT)
        elif found.proved_by_certificate:
            yield _say("login_encrypted", Mark.GOOD)
        else:
            yield _say("login_certificate_unproved", Mark.LIMIT)
        if found.takes_digest:
            yield _say("login_proves_itself" if found.knows_password else "login_proves_nothing")


def _scheme(challenge: str) -> str:
    """Return a way to log in as people know it: "Digest SHA-256"."""
    name, _, rest = " ".join(challenge.split()).partition(" ")
    algorithm = rest.lower().partition("algorithm")[2].lstrip(' ="')
    word = re.split(r'[",;\s]', algorithm, maxsplit=1)[0].upper()[:20]
    return f"{name[:20]} {word}".strip()


def _clock(found: Findings, policy: SectionPolicy) -> Iterator[Said]:
    if not found.clocks:
        return
    clock = found.clocks[-1]
    off = round(clock.offset.total_seconds())
    wrong = clock_problem(clock, policy)
    mark = Mark.LIMIT if wrong else Mark.GOOD
    tolerance = policy.clock_tolerance.total_seconds()
    yield Said(
        key="clock_ahead" if off > 0 else "clock_behind" if off < 0 else "clock_right",
        mark=mark,
        values={"seconds": str(abs(off)), "tolerance": _text(tolerance)},
        words={"mode": f"clock_mode_{clock.mode}"},
    )


def _card(found: Findings, _policy: SectionPolicy) -> Iterator[Said]:
    if found.recordings is not None:
        yield from _index(found)
    for job in found.jobs or ():
        yield Said(
            key="card_job",
            mark=Mark.BAD if job.state is JobState.ERROR else Mark.PLAIN,
            words={"state": f"job_{job.state}"},
        )
    if found.jobs == ():
        yield _say("card_no_jobs")
    for source, reading in found.storage.items():
        yield _storage(source, reading, found.unread.get(f"{STORAGE_QUESTION}{source}"))
    if found.tells_gaps:
        yield _say("card_tells_gaps", Mark.GOOD)
    elif Step.CARD in found.finished:
        yield _say("card_tells_no_gaps", Mark.LIMIT)
    if (sample := found.sample) is not None:
        match sample.outcome:
            case ReadBackOutcome.DECODED:
                yield _say(
                    "card_sample",
                    Mark.GOOD,
                    pictures=sample.pictures,
                    width=sample.width or 0,
                    height=sample.height or 0,
                )
            case ReadBackOutcome.NOT_POSSIBLE:
                yield _say("card_sample_not_possible", Mark.UNKNOWN)
            case _:
                yield _say(f"card_sample_{sample.outcome}", Mark.BAD)


def _index(found: Findings) -> Iterator[Said]:
    count = len(found.recordings or ())
    if not count:
        yield _say("card_lists_nothing", Mark.UNKNOWN)
        return
    if found.oldest is not None and found.newest is not None:
        yield Said(
            key="card_holds",
            values={"recordings": str(count)},
            times={"oldest": found.oldest, "newest": found.newest},
        )
    else:
        yield _say("card_without_times", Mark.LIMIT, recordings=str(count))
    if found.more_recordings:
        yield _say("card_lists_more", Mark.LIMIT)
    if (moved := index_moved(found)) is not None:
        yield _say(
            "card_index_moves" if moved else "card_index_stands",
            Mark.GOOD if moved else Mark.LIMIT,
            seconds=round(found.between),
        )


def index_moved(found: Findings) -> bool | None:
    """Return whether the newest footage moved from the first look to the second; None where there were no two."""
    if found.newest is None or found.newest_again is None:
        return None
    return found.newest_again > found.newest


def is_old(found: Findings) -> bool:
    """Return whether the newest footage stands, longer ago than any camera's chunk lasts."""
    return index_moved(found) is False and (found.behind or 0.0) > _CHUNK


def _storage(source: str, reading: StorageReading | None, trouble: Trouble | None) -> Said:
    words = {"source": f"source_{source}"}
    if reading is None:
        if trouble is None:
            return Said(key="storage_says_nothing", words=words)
        return Said(key="storage_not_told", words={**words, "reason": f"trouble_{trouble}"})
    used, total = reading.used_bytes, reading.total_bytes
    size = (
        "—"
        if total is None
        else f"{(used or 0) / _GIB:.1f} / {total / _GIB:.1f} GiB"
        if used is not None
        else f"{total / _GIB:.1f} GiB"
    )
    key, mark = _state(reading)
    worn = reading.wear_percent
    if key == "storage_well" and worn is not None:
        return Said(
            key="storage_well_worn",
            mark=mark,
            values={"size": size, "worn": str(worn)},
            words=words,
        )
    values = {} if key in {"storage_absent", "storage_unnamed"} else {"size": size}
    return Said(key=key, mark=mark, values=values, words=words)


def _state(reading: StorageReading) -> tuple[str, Mark]:
    """Return what a source says of the card, and how that is meant; no card named is no proof that there is none."""
    if reading.card_present is False:
        return "storage_absent", Mark.BAD
    if reading.card_failed:
        return "storage_failed", Mark.BAD
    if reading.card_writable is False:
        return "storage_shut", Mark.BAD
    if reading.none_named:
        return "storage_unnamed", Mark.PLAIN
    if reading.card_failed is None:
        return "storage_configured", Mark.PLAIN
    return "storage_well", Mark.GOOD


def _events(found: Findings, _policy: SectionPolicy) -> Iterator[Said]:
    if found.subscribed is not None:
        yield _say(
            "events_come" if found.subscribed else "events_do_not_come",
            Mark.GOOD if found.subscribed else Mark.LIMIT,
        )
    if found.topics is not None:
        yield _say("events_announced", topics=_listed(found.topics) or "—", count=len(found.topics))
    if found.told_topics:
        yield _say("events_told", topics=_listed(found.told_topics))
    if announced := storage_topics(found):
        yield _say("events_of_card", Mark.GOOD, topics=_listed(announced))
    elif found.topics is not None:
        yield _say("events_none_of_card", Mark.LIMIT)
    for word in found.storage_words:
        yield _say(f"events_say_{word}", Mark.PLAIN if word == StorageWord.FULL else Mark.BAD)


def storage_topics(found: Findings) -> tuple[str, ...]:
    """Return the topics about the card that are announced or were told."""
    return tuple(
        topic
        for topic in dict.fromkeys((*(found.topics or ()), *found.told_topics))
        if storage_event(CameraEvent(topic=topic, at=None, operation="Changed", source={}, data={}))
        is not None
    )


def _picture(found: Findings, _policy: SectionPolicy) -> Iterator[Said]:
    for profile in found.profiles or ():
        if profile.video_encoding is not None:
            yield _say(
                "picture_profile",
                name=profile.name or profile.token,
                encoding=profile.video_encoding,
                width=str(profile.width or "—"),
                height=str(profile.height or "—"),
                rate=_text(profile.frame_rate or 0.0),
            )
    if found.sizes:
        yield _say(
            "picture_sizes",
            sizes=_listed(tuple(f"{width}×{height}" for width, height in found.sizes)),
        )
    elif found.profiles is not None:
        yield _say("picture_sizes_untold", Mark.UNKNOWN)


def _audio(found: Findings, _policy: SectionPolicy) -> Iterator[Said]:
    if (audio := found.audio) is None:
        return
    for place in AudioPlace:
        state = "on" if place in audio.found else "off" if place in audio.read else "unread"
        yield Said(
            key=f"audio_{state}",
            mark={"on": Mark.BAD, "off": Mark.GOOD}.get(state, Mark.UNKNOWN),
            words={"place": f"place_{place}"},
        )


def _replay(found: Findings, _policy: SectionPolicy) -> Iterator[Said]:
    replay = found.replay
    if replay.first_picture is not None:
        yield _say(
            "replay_opens", seconds=replay.first_picture, codec=(replay.codec or "—").upper()
        )
    if replay.speed is not None:
        key = "replay_paced" if replay.paced else "replay_fast"
        yield _say(
            key,
            Mark.LIMIT if replay.paced else Mark.GOOD,
            speed=_times(replay.speed),
            measured=round(replay.measured),
        )
    if replay.damaged:
        yield _say("replay_damaged", Mark.LIMIT, damaged=replay.damaged, pictures=replay.pictures)
    if replay.jump is not None:
        yield _say("replay_jumps", Mark.GOOD, seconds=f"{replay.jump:.2f}")
    elif replay.jump_failure is not None:
        yield Said(
            key="replay_does_not_jump",
            mark=Mark.LIMIT,
            words={"how": f"jump_{replay.jump_failure}"},
        )
    if replay.at_end is not None:
        yield Said(key="replay_end", words={"how": f"end_{replay.at_end}"})
    if replay.before_first is not None:
        mark = Mark.LIMIT if replay.before_first is Opening.PLAYS else Mark.PLAIN
        yield Said(key="replay_before", mark=mark, words={"how": f"before_{replay.before_first}"})
    if replay.sessions:
        key = "replay_sessions" if replay.more_refused else "replay_sessions_at_least"
        yield _say(key, sessions=replay.sessions)
    for name, trouble in replay.troubles.items():
        yield Said(
            key="replay_try_failed",
            mark=Mark.UNKNOWN,
            words={"what": f"try_{name}", "reason": f"trouble_{trouble}"},
        )


def _times(speed: float) -> str:
    return f"{speed:.1f}" if speed < 10 else f"{speed:.0f}"


def _signing(found: Findings, _policy: SectionPolicy) -> Iterator[Said]:
    replay = found.replay
    if replay.signed is None:
        return
    if not replay.signed:
        yield _say("signing_none")
    elif replay.certificate:
        yield _say("signing", Mark.GOOD)
    else:
        yield _say("signing_without_certificate", Mark.LIMIT)


def _quirks(found: Findings, _policy: SectionPolicy) -> Iterator[Said]:
    if found.quirks:
        yield _say("quirks_help")
    for name, count in sorted(found.quirks.items()):
        yield Said(
            key="quirk",
            values={"name": name, "count": str(count)},
            words={"where": f"quirk_{name.partition('_')[0]}"},
        )
    if not found.quirks and Step.QUIRKS in found.finished:
        yield _say("quirks_none", Mark.GOOD)


def _schema(found: Findings, _policy: SectionPolicy) -> Iterator[Said]:
    if (schema := found.schema) is None:
        return
    count = len(schema.broken)
    yield _say("schema", Mark.LIMIT if count else Mark.GOOD, checked=schema.checked, broken=count)
    for operation, words in schema.broken[:_MAX_SHOWN]:
        # Names alone, as far as they say what is meant.
        how = _NAMESPACE.sub("", words)
        yield _say("schema_broken", Mark.LIMIT, operation=operation, how=how)
    if schema.left_out:
        yield _say("schema_left_out", operations=_listed(tuple(dict.fromkeys(schema.left_out))))


_STEPS: Final[Mapping[Step, Callable[[Findings, SectionPolicy], Iterator[Said]]]] = {
    Step.IDENTITY: _identity,
    Step.SERVICES: _services,
    Step.LOGIN: _login,
    Step.CLOCK: _clock,
    Step.CARD: _card,
    Step.EVENTS: _events,
    Step.PICTURE: _picture,
    Step.AUDIO: _audio,
    Step.REPLAY: _replay,
    Step.SIGNING: _signing,
    Step.QUIRKS: _quirks,
    Step.SCHEMA: _schema,
}


# --- The duties -------------------------------------------------------------------------------------------------


def _footage(
    found: Findings, policy: SectionPolicy, _reports: Reports, _ending: Ending
) -> Iterator[Said]:
    """Say whether footage, which is on the card alone, can be found, dated and had."""
    if found.used is None:
        yield _say("not_asked", Mark.UNKNOWN)
        return
    if lacking := tuple(sorted({"recording", "search", "replay"} - found.used)):
        yield _say("footage_no_services", Mark.BAD, services=_listed(lacking))
        return
    if not found.recordings:
        key = "footage_not_read" if found.recordings is None else "footage_none_listed"
        yield _say(key, Mark.UNKNOWN)
        return
    if found.sample is not None and found.sample.failed:
        yield _say("footage_not_given", Mark.BAD)
    elif found.replay.pictures:
        yield _say("footage_given", Mark.GOOD)
    else:
        yield _not_tried(found, "footage_not_tried")
    match found.retention:
        case RetentionVerdict(status=RetentionStatus.TOO_LONG, days=int(days)):
            yield _say("footage_too_long", Mark.LIMIT, days=days, most=policy.max_retention_days)
        case RetentionVerdict(status=RetentionStatus.TOO_SHORT, days=int(days)):
            yield _say("footage_short", Mark.LIMIT, days=days, least=policy.min_retention_days)
        case RetentionVerdict(status=RetentionStatus.WITHIN, days=int(days)):
            yield _say("footage_days", Mark.GOOD, days=days)
        case _:
            yield _say("footage_undated", Mark.LIMIT)
    if found.clocks and clock_problem(found.clocks[-1], policy):
        yield _say(
            "footage_clock", Mark.LIMIT, seconds=round(abs(found.clocks[-1].offset.total_seconds()))
        )
    if found.replay.paced:
        yield _say("footage_paced", Mark.LIMIT)
    if found.replay.jump_failure is not None:
        yield _say("footage_no_jumps", Mark.LIMIT)
    if found.tells_gaps is not True:
        yield _say("footage_no_gaps", Mark.LIMIT)


def _not_tried(found: Findings, key: str) -> Said:
    """Return that footage could not be fetched, with the reason where the replay told one."""
    trouble = found.replay.troubles.get("speed") or found.troubles.get(Step.REPLAY)
    return _say(key, Mark.UNKNOWN) if trouble is None else _because(f"{key}_because", trouble)


def _address(
    found: Findings, _policy: SectionPolicy, reports: Reports, _ending: Ending
) -> Iterator[Said]:
    """Say whether it is known again at another address, tells where it is, and asks who comes for a password."""
    if found.answers_anonymously:
        yield _say("address_open", Mark.BAD)
    elif found.default_password:
        yield _say("address_default_password", Mark.BAD)
    if found.recognisable is None:
        yield _say("not_asked", Mark.UNKNOWN)
    elif not found.recognisable:
        yield _say("address_not_recognised", Mark.BAD)
    elif found.proved_by_certificate or found.knows_password:
        yield _say("address_proved", Mark.GOOD)
    elif found.sample is not None and found.sample.outcome is ReadBackOutcome.DECODED:
        yield _say("address_by_card", Mark.LIMIT)
    else:
        yield _say("address_by_person", Mark.LIMIT)
    yield (
        _say("address_reports", Mark.GOOD)
        if reports.reports_address
        else _say("address_not_reported", Mark.LIMIT)
    )


def _alive(
    found: Findings, _policy: SectionPolicy, reports: Reports, ending: Ending
) -> Iterator[Said]:
    """Say whether it answers and its mails come: silence means trouble."""
    if ending is Ending.CAMERA_LOST:
        yield _say("alive_lost" if found.met else "alive_never", Mark.BAD)
    elif ending is Ending.NOT_READABLE:
        yield _say("alive_not_readable", Mark.BAD)
    elif not found.met:
        yield _say("not_asked", Mark.UNKNOWN)
    else:
        yield _say("alive_answers", Mark.GOOD)
    if reports.mail_silent:
        yield _say("alive_mails_stay_away", Mark.BAD)
    elif reports.mail_last is not None:
        yield Said(key="alive_mails", mark=Mark.GOOD, times={"last": reports.mail_last})
    else:
        yield _say("alive_no_mails", Mark.LIMIT)


def _card_status(
    found: Findings, _policy: SectionPolicy, _reports: Reports, _ending: Ending
) -> Iterator[Said]:
    """Say by what it is known that it records, or does not."""
    none_named = [
        source for source, one in found.storage.items() if one is not None and one.none_named
    ]
    if (sd := found.sd) is not None:
        mark = _SHOWN[sd.status]
        if none_named and sd.status is SdStatus.CARD_MISSING and not is_old(found):
            # Some show the list of their cards to nobody but an administrator, and write in chunks.
            mark = Mark.LIMIT
        yield Said(
            key="status_shown",
            mark=mark,
            words={"status": f"sd_{sd.status}", "evidence": f"evidence_{sd.evidence}"},
        )
    for source, reading in found.storage.items():
        if reading is not None and (said := _state(reading))[1] is Mark.BAD:
            yield Said(
                key=said[0].replace("storage_", "status_card_"),
                mark=Mark.BAD,
                words={"source": f"source_{source}"},
            )
    for source in none_named if is_old(found) else ():
        yield Said(key="status_card_unnamed", mark=Mark.BAD, words={"source": f"source_{source}"})
    if any(job.state is JobState.ERROR for job in found.jobs or ()):
        yield _say("status_job_fails", Mark.BAD)
    if {StorageWord.FAILED, StorageWord.MISSING} & {*found.storage_words}:
        yield _say("status_events_fail", Mark.BAD)
    if found.sample is not None and found.sample.failed:
        yield _say("status_sample_fails", Mark.BAD)
    moved, old = index_moved(found), is_old(found)
    decoded = found.sample is not None and found.sample.outcome is ReadBackOutcome.DECODED
    if moved:
        yield _say("status_index_moves", Mark.GOOD)
    elif old:
        yield _say("status_index_old", Mark.BAD, minutes=round((found.behind or 0) / 60))
    elif moved is False:
        yield _say("status_index_stands", Mark.LIMIT, seconds=round(found.between))
    elif decoded:
        yield _say("status_by_samples", Mark.LIMIT)
    elif sd is None or sd.status is SdStatus.UNPROVEN:
        yield _say("status_no_evidence", Mark.UNKNOWN)
    told = [
        one for one in found.storage.values() if one is not None and one.card_failed is not None
    ]
    if not storage_topics(found) and not told and found.topics is not None:
        yield _say("status_says_nothing_itself", Mark.PLAIN)


def _proof(
    found: Findings, _policy: SectionPolicy, _reports: Reports, _ending: Ending
) -> Iterator[Said]:
    """Say whether pictures were read back from the card: that is how it is known that it really recorded."""
    if found.sample is None:
        yield _say("proof_not_tried", Mark.UNKNOWN)
        return
    match found.sample.outcome:
        case ReadBackOutcome.DECODED:
            if is_old(found):
                minutes = round((found.behind or 0) / 60)
                yield _say("proof_old", Mark.BAD, minutes=minutes)
            else:
                yield _say("proof_decoded", Mark.GOOD, pictures=found.sample.pictures)
        case ReadBackOutcome.NOT_POSSIBLE:
            yield _not_tried(found, "proof_not_possible")
        case _:
            yield _say("proof_failed", Mark.BAD)


def _no_audio(
    found: Findings, policy: SectionPolicy, _reports: Reports, _ending: Ending
) -> Iterator[Said]:
    """Say whether audio is off wherever it could be."""
    if policy.audio_allowed:
        yield _say("audio_is_allowed", Mark.GOOD)
    elif found.audio is None or (found.audio.disabled is None and not found.audio.found):
        yield _say("audio_not_known", Mark.UNKNOWN)
    elif found.audio.found:
        yield _say("audio_is_on", Mark.BAD)
    elif (until := found.audio.on_card_until) is not None:
        yield Said(key="audio_until", mark=Mark.LIMIT, times={"until": until})
    elif found.recordings is None or audio_tracks(found.recordings):
        # Cameras list tracks that hold nothing, and tracks that held something once.
        yield _say("audio_is_off", Mark.GOOD)
    else:
        yield _say("audio_never", Mark.GOOD)


def _resolution(
    found: Findings, policy: SectionPolicy, _reports: Reports, _ending: Ending
) -> Iterator[Said]:
    """Say whether the picture can be low in everyday use, and higher for an investigation."""
    most = policy.max_everyday_height
    heights = {height for _, height in found.sizes or ()}
    now = max((one.height or 0 for one in found.profiles or ()), default=0)
    if not heights:
        yield _say("resolution_not_known", Mark.UNKNOWN)
    elif min(heights) > most:
        yield _say("resolution_none_low", Mark.BAD, most=most)
    elif max(heights) <= min(height for height in heights if height <= most):
        yield _say("resolution_one_only", Mark.LIMIT)
    else:
        low = max(height for height in heights if height <= most)
        yield _say("resolution_both", Mark.GOOD, low=low, high=max(heights))
    if now > most:
        yield _say("resolution_now_high", Mark.LIMIT, now=now, most=most)
    elif now:
        yield _say("resolution_now", Mark.GOOD, now=now)


def _sign(
    _found: Findings, _policy: SectionPolicy, reports: Reports, _ending: Ending
) -> Iterator[Said]:
    """Say what people saw of the sticker, which no network shows."""
    if reports.sign_failed:
        yield _say("sign_failed", Mark.BAD)
    elif reports.sign_confirmed is not None:
        yield Said(key="sign_confirmed", mark=Mark.GOOD, times={"at": reports.sign_confirmed})
    else:
        yield _say("sign_not_seen", Mark.UNKNOWN)


_DUTIES: Final[
    Mapping[Duty, Callable[[Findings, SectionPolicy, Reports, Ending], Iterator[Said]]]
] = {
    Duty.FOOTAGE: _footage,
    Duty.ADDRESS: _address,
    Duty.ALIVE: _alive,
    Duty.CARD_STATUS: _card_status,
    Duty.PROOF: _proof,
    Duty.NO_AUDIO: _no_audio,
    Duty.RESOLUTION: _resolution,
    Duty.SIGN: _sign,
}
