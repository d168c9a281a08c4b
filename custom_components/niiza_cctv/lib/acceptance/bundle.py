"""The answers of a test as a captured camera (`tests/captured/README.md`), without names and numbers."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
import hashlib
import json
import re
import secrets
import time
from typing import Final

from ..device.model import CameraIdentity
from ..device.session import Heard
from ..device.told import ToldStatus
from ..device.xml import characters
from .anonymise import Anonymiser
from .run import AcceptanceTest
from .services import service_of

FORM: Final = 1
# Times move back by so many whole days, nobody knows how many.
_MOVED: Final = (100, 1500)
# Of a camera that does not say what it is.
_NOBODY: Final = CameraIdentity(manufacturer="", model="", firmware="", serial="")
_MAX_TEXT: Final = 3 * 1024 * 1024
_TOKEN: Final = re.compile(r"<(?:[\w.-]+:)?\w*Token>([^<]*)<")
# What of an answer may be in another encoding, as a part of its characters; more is a picture.
_MAX_FOREIGN: Final = 0.05
_ENCODING: Final = re.compile(r"(\A\s*<\?xml[^>]{0,200}encoding=[\"'])[\w.:-]{1,40}([\"'])")
_CHARSET: Final = re.compile(r";\s*charset=[\"']?([^;\"']{1,60})[\"']?", re.IGNORECASE)
_ALGORITHM: Final = re.compile(
    r"algorithm\s*=\s*\"?(MD5|SHA-256|SHA-512-256)(-sess)?\b", re.IGNORECASE
)
_SCHEMES: Final = frozenset({"basic", "digest"})
# Seconds; honest answers take one or two. What is not cleaned by then is left out.
_PATIENCE: Final = 60.0
_NAMELESS: Final = "Camera that does not say what it is"


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """A captured camera as it is saved."""

    # Of the file.
    name: str
    text: str
    sha256: str
    answers: int
    # Answers that are not in it: not readable as text, or something could still be read from them.
    left_out: int
    # How many different things of each kind were replaced.
    replaced: Mapping[str, int]


def make_bundle(test: AcceptanceTest, known: Iterable[tuple[str, str]]) -> Bundle | None:
    """Return the answers of a test without `known` and whatever else names something; None where there are none.

    For a worker thread. `known` is what the section knows of the camera, each with its kind.
    """
    identity = test.findings.identity or _NOBODY
    if test.told is None or test.captured is None:
        return None
    days = -(secrets.randbelow(_MOVED[1] - _MOVED[0]) + _MOVED[0])
    anonymiser = Anonymiser(
        (
            *known,
            (identity.serial, "serial"),
            *((mac, "mac") for mac in identity.macs),
        ),
        days=days,
        keep=(identity.manufacturer, identity.model, identity.firmware),
        moment=test.captured,
    )
    heard, left_out = _readable(test.recorder.heard)
    left_out += test.recorder.left_out
    for one, text in heard:
        anonymiser.learn(text)
        anonymiser.learn(one.asked)
    answers: list[dict[str, object]] = []
    given: dict[tuple[object, ...], dict[str, object]] = {}
    size = 0
    until = time.monotonic() + _PATIENCE
    for one, text in heard:
        if time.monotonic() > until or size > _MAX_TEXT:
            left_out += 1
            continue
        answer = _answer(one, text, anonymiser)
        written = json.dumps(answer, ensure_ascii=False)
        size += len(written)
        if size > _MAX_TEXT or anonymiser.remains(written) is not None:
            left_out += 1
            continue
        question = tuple(answer.get(key) for key in ("asked", "of", "about", "as"))
        # The last one stays: what is said again and again stands there once; and the clock as it was when all began,
        # which `captured` is held against.
        if question not in given or (
            one.operation != "GetSystemDateAndTime" and given[question] != answer
        ):
            answers.append(answer)
            given[question] = answer
    captured = test.captured.replace(microsecond=0) + timedelta(days=days)
    named, expected = _told(identity, test.told, anonymiser)
    text = json.dumps(
        {
            "form": FORM,
            "camera": named,
            "source": "Acceptance test of niiza_cctv; names, numbers, addresses and days are replaced",
            "captured": f"{captured:%Y-%m-%dT%H:%M:%SZ}",
            "challenges": _challenges(test.recorder.heard),
            "answers": answers,
            "expected": expected,
        },
        ensure_ascii=False,
        indent=1,
    )
    slug = re.sub(r"[^a-z0-9]+", "-", named.partition(",")[0].lower())
    return Bundle(
        name=f"{slug.strip('-')[:60] or 'camera'}.json",
        text=f"{text}\n",
        sha256=hashlib.sha256(f"{text}\n".encode()).hexdigest(),
        answers=len(answers),
        left_out=left_out,
        replaced=anonymiser.replaced,
    )


def _told(
    identity: CameraIdentity, told: ToldStatus, anonymiser: Anonymiser
) -> tuple[str, ToldStatus]:
    """Return what the camera is called, and what is expected of it: its maker and model as its own answers have them."""
    maker, model, firmware = map(
        anonymiser, (identity.manufacturer, identity.model, identity.firmware)
    )
    named = f"{maker} {model}, {firmware}".strip(" ,") or _NAMELESS
    if anonymiser.remains(named) is not None:
        # The answer that names it so is left out, too.
        named = _NAMELESS
    expected = told.copy()
    for key in ("manufacturer", "model", "picture"):
        if (value := told[key]) is not None:
            cleaned = anonymiser(value)
            expected[key] = cleaned if anonymiser.remains(cleaned) is None else ""
    return named, expected


def _readable(heard: Iterable[Heard]) -> tuple[list[tuple[Heard, str]], int]:
    """Return the answers that are text, and how many are not: nobody could vouch for what is in those."""
    found: list[tuple[Heard, str]] = []
    left_out = 0
    for one in heard:
        if one.status == 401 and one.as_nobody:
            # That a log-in is asked for stands in the challenges.
            continue
        if (text := _text(one)) is None:
            left_out += 1
        else:
            found.append((one, text))
    return found, left_out


def _text(heard: Heard) -> str | None:
    """Return an answer as text, in whatever encoding it came; None for one that is none.

    What is not in its encoding is somebody's words, for nothing else in an answer needs it: it is taken out, for what it
    says could be neither read nor replaced.
    """
    named = _CHARSET.search(heard.content_type)
    text = characters(heard.body, "" if named is None else named[1].strip())
    if text.count("\ufffd") > len(text) * _MAX_FOREIGN:
        return None
    return _ENCODING.sub(r"\1UTF-8\2", text, count=1)


def _answer(heard: Heard, text: str, anonymiser: Anonymiser) -> dict[str, object]:
    """Return one answer in the form's words."""
    service = service_of(heard)
    answer: dict[str, object] = {}
    if service is not None:
        answer |= {"asked": heard.operation, "of": service}
        if (token := _TOKEN.search(heard.asked)) is not None:
            answer["about"] = anonymiser.token(token[1].strip())
    else:
        method = heard.operation.partition(" ")[0]
        answer["asked"] = f"{method} {anonymiser.path(heard.path)}"
    if heard.as_nobody:
        answer["as"] = "nobody"
    if heard.status != 200:
        answer["status"] = heard.status
    if heard.content_type:
        # The text is UTF-8 now, whatever it was.
        answer["headers"] = {"Content-Type": anonymiser(_CHARSET.sub("", heard.content_type))}
    answer["body"] = anonymiser(text)
    return answer


def _challenges(heard: Iterable[Heard]) -> list[str]:
    """Return which log-ins are asked for, without what a camera tells of itself in them."""
    asked = next((one.challenges for one in heard if one.as_nobody and one.challenges), ())
    found: Counter[str] = Counter()
    for challenge in asked:
        scheme = " ".join(challenge.split()).partition(" ")[0]
        if scheme.lower() not in _SCHEMES:
            # A word that nobody here knows may be anything.
            scheme = "Unknown"
        if scheme.lower() != "digest":
            found[f'{scheme} realm="camera"'] += 1
            continue
        algorithm = _ALGORITHM.search(challenge)
        named = "" if algorithm is None else f", algorithm={algorithm[1]}{algorithm[2] or ''}"
        qop = ', qop="auth"' if "qop" in challenge.lower() else ""
        found[f'Digest realm="camera", nonce="1"{qop}{named}'] += 1
    return list(found)
