"""The files of a clip: which is meant for what, and which go."""

from pathlib import Path

from custom_components.niiza_cctv.lib.footage.clip_files import (
    FileRole,
    path_of,
    remove_unfinished,
    sealed_files,
)


def test_only_what_is_unfinished_goes(tmp_path: Path) -> None:
    """Never a sealed file; and the hundredth clip of a case begins with the tenth one's id."""
    sealed = [path_of(tmp_path, "2026-0001-10", role) for role in FileRole]
    unfinished = [tmp_path / "2026-0001-10.mp4.part", tmp_path / "2026-0001-10.c0ffee.spool"]
    others = [path_of(tmp_path, "2026-0001-100", role) for role in FileRole]
    others += [tmp_path / "2026-0001.zip", tmp_path / "2026-0001-100.c0ffee.spool"]
    for path in (*sealed, *unfinished, *others):
        path.write_bytes(b"x")
    assert sorted(sealed_files(tmp_path, "2026-0001-10")) == sorted(sealed)
    remove_unfinished(tmp_path, "2026-0001-10")
    assert sorted(tmp_path.iterdir()) == sorted((*sealed, *others))
