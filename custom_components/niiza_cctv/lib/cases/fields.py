"""What people fill in, checked: lengths, characters, dates; every error names the field and what to do."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
import re
import unicodedata

from ..access.errors import FieldsInvalid, FieldsMissing
from .kinds import FIELDS, KINDS, STEP_FIELDS, FieldRule, Form
from .model import CaseClip, CaseKind, ClipState, Passage

# A passage is fetched, decoded and shown as one: a longer one is asked for in parts.
MAX_PASSAGE = timedelta(hours=24)
# What a margin may reach into the future; the retrieval waits for it.
_AHEAD = timedelta(hours=1)
MAX_CLIPS = 99
# Documents from before the cameras are slips of the pen.
_OLDEST = date(2000, 1, 1)
# Characters that hide, reorder or break text: what is recorded must be what was read. Emoji joiners are no loss here.
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def clean_request(kind: CaseKind, request: Mapping[str, str], today: date) -> dict[str, str]:
    """Return a request's fields as they are kept, empty ones left out.

    `today` is the section's. A legal basis that the kind leaves no choice of is filled in.
    Raises FieldsMissing (all that are missing) and FieldsInvalid (the first that is wrong).
    """
    rule = KINDS[kind]
    cleaned: dict[str, str] = {}
    for name, given in request.items():
        if (field := FIELDS.get(name)) is None:
            raise FieldsInvalid("field_unknown", {"fields": ", ".join(FIELDS)})
        if text := _clean(name, field, given, today):
            cleaned[name] = text
    if len(rule.legal_bases) == 1:
        cleaned.setdefault("legal_basis", rule.legal_bases[0])
    for name in cleaned:
        if name not in rule.required + rule.optional:
            raise FieldsInvalid("field_not_for_kind", {"field": _named(name), "kind": rule.label})
    missing = tuple(name for name in rule.required if name not in cleaned)
    _check_missing(missing)
    return cleaned


def clean_step(today: date, *, optional: Sequence[str] = (), **given: str) -> dict[str, str]:
    """Return the fields of a step as they are kept; all must be filled in but the `optional` ones."""
    cleaned = {name: _clean(name, STEP_FIELDS[name], text, today) for name, text in given.items()}
    _check_missing(
        tuple(name for name, text in cleaned.items() if not text and name not in optional)
    )
    return cleaned


def check_length(name: str, rule: FieldRule, text: str) -> None:
    """Raise FieldsInvalid for a text that its field does not hold."""
    if len(text) > rule.max_length:
        raise FieldsInvalid(
            "field_too_long", {"field": f"{rule.label} ({name})", "limit": str(rule.max_length)}
        )


def clean_sha256(given: str) -> str | None:
    """Return the SHA-256 of a file in lower case, as tools print it, with blanks or without; None for none."""
    if not (text := "".join(given.split()).lower()):
        return None
    if _SHA256.fullmatch(text) is None:
        raise FieldsInvalid("sha256_invalid")
    return text


def check_taken(passage: Passage, clips: Sequence[CaseClip], now: datetime) -> None:
    """Raise FieldsInvalid unless this passage may have been taken by hand, beside the clips of a case."""
    check_passages([passage], clips, now)
    if passage.end > now:
        raise FieldsInvalid("passage_in_future")


def check_passages(passages: Sequence[Passage], clips: Sequence[CaseClip], now: datetime) -> None:
    """Raise FieldsInvalid unless these passages may be asked for beside the clips of a case."""
    if not passages:
        raise FieldsInvalid("passage_missing")
    if len(clips) + len(passages) > MAX_CLIPS:
        raise FieldsInvalid("too_many_clips", {"limit": str(MAX_CLIPS)})
    asked = {
        _span(clip.passage)
        for clip in clips
        # Of one that was sealed early the camera may give more when it is back.
        if clip.state in {ClipState.REQUESTED, ClipState.SEALED} and not clip.cut_short
    }
    for passage in passages:
        camera = {"camera": passage.camera_name}
        if passage.end <= passage.start:
            raise FieldsInvalid("passage_backwards", camera)
        if passage.start >= now or passage.end > now + _AHEAD:
            raise FieldsInvalid("passage_in_future")
        if passage.end - passage.start > MAX_PASSAGE:
            raise FieldsInvalid("passage_too_long", camera)
        if _span(passage) in asked:
            raise FieldsInvalid("passage_asked_already", camera)
        asked.add(_span(passage))


def _span(passage: Passage) -> tuple[str, datetime, datetime]:
    return passage.camera, passage.start, passage.end


def _named(name: str) -> str:
    """Name a field in both languages: a message knows only one of them."""
    return f"{(FIELDS.get(name) or STEP_FIELDS[name]).label} ({name})"


def _check_missing(missing: tuple[str, ...]) -> None:
    if missing:
        fields = ", ".join(_named(name) for name in missing)
        raise FieldsMissing("fields_missing", {"fields": fields}, missing)


def _clean(name: str, rule: FieldRule, given: str, today: date) -> str:
    """Return one field's text without blanks around it."""
    # Not normalised: that would write some people's names with another kanji than theirs.
    text = given.replace("\r\n", "\n").strip()
    if rule.form in {Form.DATE, Form.NUMBER}:
        # Japanese keyboards write ２ as readily as 2.
        text = unicodedata.normalize("NFKC", text)
    check_length(name, rule, text)
    for character in text:
        if unicodedata.category(character) in _HIDDEN and not (
            character == "\n" and rule.form is Form.TEXT
        ):
            raise FieldsInvalid("field_characters", {"field": _named(name)})
    if rule.form is Form.DATE and text:
        return _date(name, text, today)
    if rule.form is Form.NUMBER and text and not (text.isascii() and text.isdigit()):
        raise FieldsInvalid("field_no_number", {"field": _named(name)})
    return text


def _date(name: str, text: str, today: date) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError as err:
        raise FieldsInvalid("field_no_date", {"field": _named(name)}) from err
    if day > today:
        raise FieldsInvalid("field_in_future", {"field": _named(name)})
    if day < _OLDEST:
        raise FieldsInvalid("field_too_old", {"field": _named(name)})
    return day.isoformat()
