"""What every reader of an answer shares: a field, a list of them, and how much of either is taken.

A field that is missing or nonsense is unknown; what is too long to be honest is cut off.
"""

from collections.abc import Iterable, Iterator
from math import isfinite
from typing import Final

from ..errors import CameraAnswerInvalid
from ..soap import Envelope, children, open_envelope, text
from ..xml import Element

MAX_ITEMS: Final = 256
# A tt:ReferenceToken has at most 64 characters (ONVIF schema); cameras are forgiven some more. What is longer
# names nothing: cut off, two tokens could become one.
_MAX_TOKEN: Final = 256
MAX_TEXT: Final = 200


def read_int(value: str) -> int | None:
    """Return a whole number from 0, what stands behind its point cut off."""
    number = read_number(value)
    return None if number is None else int(number)


def read_number(value: str) -> float | None:
    """Return a number between 0 and 2³¹, which every honest one here is."""
    if len(value) > 32:
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if isfinite(number) and 0 <= number < 2**31 else None


def read_positive(value: str) -> int | None:
    """Return a whole number from 1."""
    return read_int(value) or None


def read_flag(value: str) -> bool:
    """Return an xs:boolean, False where it is none."""
    return value.strip().lower() in {"true", "1"}


def read_token(value: str) -> str:
    """Return a token, "" where it is none."""
    value = value.strip()
    return value if len(value) <= _MAX_TOKEN else ""


def read_text(element: Element | None, *path: str) -> str:
    """Return a text for people or logs, cut off where no honest one goes on."""
    return text(element, *path)[:MAX_TEXT]


def first_by_token[T](items: Iterable[tuple[str, T]], limit: int = MAX_ITEMS) -> tuple[T, ...]:
    """Return the items with a token, the first of each token, at most `limit`."""
    seen: dict[str, T] = {}
    for token, item in items:
        if token and len(seen) < limit:
            seen.setdefault(token, item)
    return tuple(seen.values())


def each_child(element: Element | None, name: str) -> Iterator[Element]:
    """Yield the children of this local name."""
    return iter(()) if element is None else children(element, name)


def listed_items(envelope: Envelope, operation: str, name: str) -> list[Element]:
    """Return the items of a list answer, which may be empty but not full of something else.

    No recordings or no audio must be said, not concluded from an answer that says neither.
    """
    answer = open_envelope(envelope, f"{operation}Response")
    items = list(each_child(answer, name))
    if not items and len(answer):
        raise CameraAnswerInvalid(f"the answer to {operation} holds something else")
    return items


def parse_done(envelope: Envelope, operation: str) -> None:
    """Take note that a setting was answered with success, which need not mean that it was done."""
    open_envelope(envelope, f"{operation}Response")
