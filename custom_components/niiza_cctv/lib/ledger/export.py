"""Write entries to a file: JSON Lines to be verified, CSV to be read."""

from collections.abc import Iterable
import csv
import os
from pathlib import Path
from typing import Literal

from . import verify

_HEADER = (
    "番号 / number",
    "日時(UTC) / time (UTC)",
    "利用者ID / person id",
    "氏名 / person",
    "操作 / action",
    "対象 / subject",
    "内容 / details",
    "直前のハッシュ値 / previous hash",
    "ハッシュ値 / hash",
    "記録簿 / chain",
)
# What a spreadsheet takes for the beginning of a formula; Japanese ones take the full-width forms too.
_FORMULA = tuple("=+-@＝＋－＠")


def _cell(value: str | int | None) -> str | int | None:
    """Return a value that no spreadsheet executes."""
    if isinstance(value, str) and value.lstrip().startswith(_FORMULA):
        return f"'{value}"
    return value


class Writer:
    """A file (0600) that has its name only when it is complete; for worker threads."""

    def __init__(self, path: Path, form: Literal["csv", "jsonl"]) -> None:
        """Begin the file beside its name; raises OSError."""
        self._path = path
        self._part = path.with_name(f"{path.name}.part")
        self._entries = 0
        self._part.unlink(missing_ok=True)
        # Excel takes a file without the mark for Shift JIS.
        encoding = "utf-8-sig" if form == "csv" else "utf-8"
        self._file = open(  # noqa: SIM115 (only the function takes an opener; `discard` closes it)
            self._part, "x", encoding=encoding, newline="", opener=_private
        )
        self._csv = csv.writer(self._file, quoting=csv.QUOTE_ALL) if form == "csv" else None
        if self._csv is not None:
            self._csv.writerow(_HEADER)

    def write(self, rows: Iterable[verify.Row]) -> None:
        """Add entries; raises OSError."""
        for row in rows:
            self._entries += 1
            if self._csv is None:
                self._file.write(f"{verify.line_of(row)}\n")
                continue
            self._csv.writerow(
                _cell(value)
                for value in (
                    row.number,
                    row.at,
                    row.person_id,
                    row.person_name,
                    row.action,
                    row.subject,
                    row.details,
                    row.previous,
                    row.hash,
                    row.chain,
                )
            )

    def finish(self) -> int:
        """Bring the file to the disk and give it its name; return the number of entries; raises OSError."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._part.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return self._entries

    def discard(self) -> None:
        """Leave nothing half written; does nothing to a finished file."""
        try:
            self._file.close()
        finally:
            self._part.unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    """Open a file for its owner alone."""
    return os.open(path, flags, 0o600)
