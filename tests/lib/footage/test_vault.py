"""The folder of the footage: what is written never lies over what is there, and what nobody knows is kept."""

from collections.abc import Callable
import errno
import os
from pathlib import Path
from threading import Barrier, Thread

import pytest

from custom_components.niiza_cctv.lib.footage.files import finish, part_of
from custom_components.niiza_cctv.lib.footage.vault import FolderUnknown, Vault

CASE = "2026-0032"


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    """Return an empty vault."""
    vault = Vault(tmp_path / "vault", 10**12)
    vault.prepare()
    return vault


def put(vault: Vault, case: str = CASE, content: bytes = b"sealed") -> Path:
    """Return a sealed file of a case."""
    path = vault.folder(case) / f"{case}-01.mp4"
    path.write_bytes(content)
    return path


def without_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be on a file system that has no hard links."""

    def refuse(*_args: object, **_more: object) -> None:
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))

    monkeypatch.setattr(os, "link", refuse)


def with_links(_monkeypatch: pytest.MonkeyPatch) -> None:
    """Be on a file system as most are."""


@pytest.mark.parametrize("links", [with_links, without_links])
def test_nothing_is_written_over_a_sealed_file(
    vault: Vault, monkeypatch: pytest.MonkeyPatch, links: Callable[[pytest.MonkeyPatch], None]
) -> None:
    """The file that is there stays, whatever file system it lies on; the same bytes again are no harm."""
    links(monkeypatch)
    path = put(vault)
    part = part_of(path)
    part.write_bytes(b"other!")
    with pytest.raises(FileExistsError):
        finish(part, path)
    assert path.read_bytes() == b"sealed"
    assert part.exists()
    part.write_bytes(b"sealed")
    assert finish(part, path).size == 6
    assert not part.exists()
    new = path.with_name(f"{CASE}-02.mp4")
    part_of(new).write_bytes(b"new")
    finish(part_of(new), new)
    assert (new.read_bytes(), part_of(new).exists()) == (b"new", False)


@pytest.mark.parametrize("links", [with_links, without_links])
def test_of_two_at_once_one_gets_the_name(
    vault: Vault, monkeypatch: pytest.MonkeyPatch, links: Callable[[pytest.MonkeyPatch], None]
) -> None:
    """Two that finish at the same moment never replace one another."""
    links(monkeypatch)
    for round_ in range(20):
        path = vault.folder(CASE) / f"{CASE}-{round_:02}.mp4"
        start = Barrier(2)
        refused: list[int] = []

        def run(
            content: bytes, path: Path = path, start: Barrier = start, refused: list[int] = refused
        ) -> None:
            part = path.with_name(f"{content.decode()}.part")
            part.write_bytes(content)
            start.wait()
            try:
                finish(part, path)
            except FileExistsError:
                refused.append(1)

        threads = [Thread(target=run, args=(content,)) for content in (b"one", b"two")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert refused == [1]


def test_a_number_is_taken_wherever_its_folder_lies(vault: Vault) -> None:
    """In its place, in the bin or set aside; a clip by a sealed file, not by what is fetched."""
    assert not vault.is_taken(CASE)
    path = put(vault)
    assert vault.is_taken(CASE)
    assert vault.is_taken(f"{CASE}-01")
    assert not vault.is_taken(f"{CASE}-02")
    (path.parent / f"{CASE}-02.abc.spool").touch()
    (path.parent / f"{CASE}-02.mp4.part").touch()
    assert not vault.is_taken(f"{CASE}-02")
    vault.to_bin(CASE)
    assert vault.is_taken(CASE)
    vault.out_of_bin(CASE)
    vault.set_aside(lambda *_: False)
    assert not path.exists()
    assert vault.is_taken(CASE)
    assert vault.is_taken(f"{CASE}-01")
    with pytest.raises(ValueError, match="Not the id"):
        vault.is_taken("../2026-0032")


def test_the_bin_keeps_and_counts(vault: Vault) -> None:
    """What lies in the bin needs its room, can come back, and goes by its removal; twice is as good as once."""
    path = put(vault)
    before = vault.free()
    for _ in range(2):
        vault.to_bin(CASE)
    assert not path.exists()
    assert abs(vault.free() - before) < 1 << 20
    small = Vault(vault.root, 6)
    assert small.free() == 0
    for _ in range(2):
        vault.out_of_bin(CASE)
    assert path.read_bytes() == b"sealed"
    vault.to_bin(CASE)
    # Of another case with that number: neither is lost.
    put(vault, content=b"other")
    vault.to_bin(CASE)
    assert [one.files for one in vault.strays()] == [1]
    vault.remove(CASE)
    assert [one.files for one in vault.strays()] == [1]
    assert not (vault.root / "bin" / CASE).exists()


def test_what_nobody_knows_is_set_aside_and_removed_by_name_only(vault: Vault) -> None:
    """It moves, whole; it comes back when it is known; no name leads out of there."""
    first, second = put(vault), put(vault, "2026-0033")
    (vault.root / "checks").mkdir()
    moved = vault.set_aside(lambda case, _: case == "2026-0033")
    assert [(one.name, one.files, one.size) for one in moved] == [(CASE, 1, 6)]
    assert second.exists()
    assert vault.strays() == moved
    # Once more, by another one of that number.
    put(vault, content=b"again")
    assert [one.name for one in vault.set_aside(lambda *_: False)] == [f"{CASE}.2", "2026-0033"]
    assert vault.take_back(lambda case, folder: folder.name == CASE) == [CASE]
    assert first.read_bytes() == b"sealed"
    for wrong in ("../bin", "..", "", f"{CASE}/x", "nothing", CASE):
        with pytest.raises(FolderUnknown):
            vault.remove_stray(wrong)
    assert vault.remove_stray(f"{CASE}.2").size == 5
    assert [one.name for one in vault.strays()] == ["2026-0033"]


@pytest.mark.parametrize("place", ["", "bin", "unknown"])
def test_what_a_kill_left_half_written_goes_wherever_it_lies(vault: Vault, place: str) -> None:
    """Also beside footage that was in the bin, or set aside, when the process died."""
    folder = vault.root / place / CASE
    folder.mkdir(parents=True)
    for name in ("case-entries.jsonl.part", f"{CASE}-01.mp4.part", f"{CASE}-01.mp4"):
        (folder / name).write_bytes(b"?")
    vault.prepare()
    assert [path.name for path in folder.iterdir()] == [f"{CASE}-01.mp4"]


@pytest.mark.parametrize("end", [Vault.remove, Vault.to_bin, Vault.out_of_bin])
def test_footage_on_a_share_that_is_away_is_neither_moved_nor_gone(
    vault: Vault, end: Callable[[Vault, str], None]
) -> None:
    """Nothing is found, and nobody can say that it went: it would lie there for good when the share is back."""
    path = put(vault)
    away = vault.root.rename(vault.root.with_name("away"))
    with pytest.raises(FileNotFoundError):
        end(vault, CASE)
    away.rename(vault.root)
    assert path.read_bytes() == b"sealed"
    end(vault, CASE)
