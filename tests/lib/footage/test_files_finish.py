"""Giving a whole file its name: read back with its progress, or called off on the way."""

import hashlib
from pathlib import Path

import pytest

from custom_components.niiza_cctv.lib.footage.clip_model import ClipCancelled
from custom_components.niiza_cctv.lib.footage.files import finish


def test_reading_back_tells_how_far_it_is(tmp_path: Path) -> None:
    """The digest is the same with and without."""
    data = bytes(range(256)) * 4096 * 3
    told: list[float] = []
    part = tmp_path / "package.zip.part"
    part.write_bytes(data)
    done = finish(part, tmp_path / "package.zip", replace=True, step=told.append)
    assert done.sha256 == hashlib.sha256(data).hexdigest()
    assert len(told) > 1
    assert told == sorted(told)
    assert told[-1] == 1
    part.write_bytes(data)
    assert finish(part, tmp_path / "package.zip", replace=True) == done
    part.write_bytes(b"")
    assert finish(part, tmp_path / "package.zip", replace=True, step=told.append).size == 0


def test_called_off_while_reading_back_nothing_has_its_name(tmp_path: Path) -> None:
    """An earlier package of that name stays as it was."""

    def call_off(_share: float) -> None:
        raise ClipCancelled

    part, whole = tmp_path / "package.zip.part", tmp_path / "package.zip"
    part.write_bytes(b"new")
    whole.write_bytes(b"old")
    with pytest.raises(ClipCancelled):
        finish(part, whole, replace=True, step=call_off)
    assert whole.read_bytes() == b"old"
