"""The files of a clip: which is meant for what, and which go."""

from pathlib import Path

from custom_components.niiza_cctv.lib.footage.clip_files import FileRole, path_of, remove_files


def test_only_a_clips_own_files_go(tmp_path: Path) -> None:
    """The hundredth clip of a case begins with the tenth one's id."""
    own = [path_of(tmp_path, "2026-0001-10", role) for role in FileRole]
    own += [tmp_path / "2026-0001-10.mp4.part", tmp_path / "2026-0001-10.c0ffee.spool"]
    others = [path_of(tmp_path, "2026-0001-100", role) for role in FileRole]
    others.append(tmp_path / "2026-0001.zip")
    for path in (*own, *others):
        path.write_bytes(b"x")
    remove_files(tmp_path, "2026-0001-10", ".spool")
    assert {path for path in own if not path.exists()} == {own[-1]}
    remove_files(tmp_path, "2026-0001-10")
    assert sorted(tmp_path.iterdir()) == sorted(others)
