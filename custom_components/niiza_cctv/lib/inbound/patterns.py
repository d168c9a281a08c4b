"""Mails in which a camera itself says that its card fails, or that it is well again.

A pattern is plain text with `*` for anything, looked for within one line, whatever its case or width. Free regular
expressions are not taken: one that a person wrote in good faith can need hours for a mail that a stranger wrote
(`(a+)+b`), Python's engine cannot be interrupted, and it holds every other thread up meanwhile. These take time in
proportion to the mail.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
import unicodedata

MAX_PATTERNS = 50
MAX_PATTERN_LENGTH = 100
# A line of a camera's mail is short, and there are few; what is behind this in one line, or after so many, is not looked at.
_MAX_LINE = 1000
_MAX_LINES = 1000

# What to begin with. The wording of vendors differs from firmware to firmware and can often be set in the camera, so these
# go by the words that such mails share; a section adds its own cameras' words.
ERROR_PATTERNS = (
    # Japanese firmware (i-PRO, Panasonic, Canon and others write SDメモリーカード or SDカード).
    "SD*エラー",
    "SD*異常",
    "SD*故障",
    "SD*認識できません",
    "SD*書き込めません",
    "SD*書き込み*失敗",
    "SD*書込*失敗",
    "SD*録画できません",
    "SD*未挿入",
    "SD*修復*失敗",
    "SD*復旧*失敗",
    "録画*エラー",
    "録画*異常",
    "録画*失敗",
    # English firmware.
    "SD*error",
    "SD*fail",
    "SD*abnormal",
    "SD*recover*fail",
    "SD*not recognized",
    "SD*not detected",
    "SD*not present",
    "SD*no longer*record",
    "SD*write protect",
    "SD*damaged",
    "no SD",
    "recording*error",
    "recording*fail",
    # Hikvision and its many brands name every storage a hard disk.
    "HDD*error",
    # Dahua and its many brands; Axis.
    "storage*error",
    "storage*fail",
    "storage*not exist",
    "storage*abnormal",
    "storage*disruption",
)
RECOVERY_PATTERNS = (
    "SD*復旧",
    "SD*復帰",
    "SD*回復",
    "SD*正常",
    "SD*異常なし",
    "SD*異常無し",
    "SD*異常はありません",
    "SD*エラーなし",
    "SD*エラー無し",
    "SD*エラーはありません",
    "録画*エラー*復旧",
    "録画*異常なし",
    "録画*エラーなし",
    "録画*再開",
    "SD*recover",
    "SD*restored",
    "SD*normal",
    "SD*error*clear",
    "SD*error*solved",
    "SD*error: no",
    "SD*error: 0",
    "no SD*error",
    "no SD*fail",
    "HDD*error*recover",
    "storage*recover",
    "storage*restored",
    "storage*error*clear",
)


class CardNews(StrEnum):
    """What a mail says of the camera's card."""

    ERROR = "error"
    RECOVERY = "recovery"


class PatternInvalid(ValueError):
    """The text cannot be a pattern."""


@dataclass(frozen=True, kw_only=True)
class _Pattern:
    parts: tuple[str, ...]
    weight: int
    news: CardNews


def check_pattern(text: str) -> str:
    """Return a pattern as it is kept, without blanks around it.

    Raises PatternInvalid when it is longer than MAX_PATTERN_LENGTH, is more than one line, or has fewer than two
    characters beside the `*`: every mail would match.
    """
    text = text.strip()
    if len(text) > MAX_PATTERN_LENGTH or not text.isprintable():
        raise PatternInvalid("A pattern is one line of at most 100 characters")
    if sum(map(len, _parts(text))) < 2:
        raise PatternInvalid("A pattern has at least two characters beside *")
    return text


class CardPatterns:
    """The patterns of a section. Reading is a worker thread's work."""

    def __init__(
        self, errors: Iterable[str] = ERROR_PATTERNS, recoveries: Iterable[str] = RECOVERY_PATTERNS
    ) -> None:
        """Take the patterns; raises PatternInvalid, also when there are more than MAX_PATTERNS of a kind."""
        self._patterns = (*_made(errors, CardNews.ERROR), *_made(recoveries, CardNews.RECOVERY))

    def read(self, text: str) -> CardNews | None:
        """Return what a mail says of the card: an error in any line counts more than a recovery in another.

        In one line the pattern with the most letters decides ("異常なし" is no "異常"), of equal ones the one that ends
        further right ("異常 → 復旧").
        """
        found: CardNews | None = None
        lines = (line for line in _normal(text).splitlines() if not line.isspace())
        for line in islice(filter(None, lines), _MAX_LINES):
            match self._judge(line[:_MAX_LINE]):
                case CardNews.ERROR:
                    return CardNews.ERROR
                case CardNews.RECOVERY:
                    found = CardNews.RECOVERY
        return found

    def _judge(self, line: str) -> CardNews | None:
        best: tuple[int, int] = (0, 0)
        news: CardNews | None = None
        for pattern in self._patterns:
            at = 0
            for part in pattern.parts:
                if (begin := line.find(part, at)) < 0:
                    break
                at = begin + len(part)
            else:
                if (pattern.weight, at) > best:
                    best, news = (pattern.weight, at), pattern.news
        return news


def _made(texts: Iterable[str], news: CardNews) -> list[_Pattern]:
    patterns = []
    for text in texts:
        parts = _parts(check_pattern(text))
        patterns.append(_Pattern(parts=parts, weight=sum(map(len, parts)), news=news))
    if len(patterns) > MAX_PATTERNS:
        raise PatternInvalid(f"There are more than {MAX_PATTERNS} patterns")
    return patterns


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in _normal(text).split("*") if part)


def _normal(text: str) -> str:
    """Return a text as it is compared: ＳＤ and SD, ｴﾗｰ and エラー are the same."""
    return unicodedata.normalize("NFKC", text).casefold()
