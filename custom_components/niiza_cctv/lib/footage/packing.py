"""How far the packages have come that are being made, and how long each still takes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
import time
from typing import Final

from ..ledger.model import Person

# Before that nothing can be said of how fast it goes (seconds, and share of the whole).
_SOONEST: Final = 1.0
_LEAST: Final = 0.02


@dataclass(frozen=True, kw_only=True, slots=True)
class Packing:
    """A package that is being made: by whom, whether with a passphrase, and how far it has come (0 to 1)."""

    by: Person
    encrypted: bool
    share: float = 0.0
    # By how fast it went so far, encryption and reading back included; None while that is not known.
    remaining: timedelta | None = None


class Packings:
    """The packages that are being made, by case."""

    def __init__(
        self, changed: Callable[[], None], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Begin without any; `changed` is called whenever one comes further."""
        self._changed = changed
        self._monotonic = monotonic
        self._packings: dict[str, Packing] = {}

    def of(self, case_id: str) -> Packing | None:
        """Return the package of a case that is being made; None where none is."""
        return self._packings.get(case_id)

    @contextmanager
    def begun(
        self, case_id: str, by: Person, *, encrypted: bool
    ) -> Iterator[Callable[[float], None]]:
        """Show a package as long as it is made; gives what is called with the share that is done."""
        started = self._monotonic()

        def show(share: float) -> None:
            # What is told late, by another thread, is of no package any more.
            if case_id not in self._packings:
                return
            taken = self._monotonic() - started
            known = share >= _LEAST and taken >= _SOONEST
            self._packings[case_id] = Packing(
                by=by,
                encrypted=encrypted,
                share=share,
                remaining=timedelta(seconds=taken * (1 - share) / share) if known else None,
            )
            self._changed()

        self._packings[case_id] = Packing(by=by, encrypted=encrypted)
        self._changed()
        try:
            yield show
        finally:
            del self._packings[case_id]
            self._changed()
