"""Copies for viewing are made after a clip is sealed: nothing waits for them, and nothing half made is left."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
import shutil

import pytest

from custom_components.niiza_cctv.lib.footage.clip import seal
from custom_components.niiza_cctv.lib.footage.clip_files import FileRole, path_of
from custom_components.niiza_cctv.lib.footage.clip_model import ClipFile, SealedClip
from custom_components.niiza_cctv.lib.footage.files import is_same
from custom_components.niiza_cctv.lib.footage.vault import Vault
from custom_components.niiza_cctv.lib.footage.viewing_copy import ViewingCopies, is_due
from tests.lib.footage.encoded import BEGIN, encode, footage, spool_of
from tests.section import until

CASE = "2026-0001"


@dataclass
class Copying:
    """A vault with sealed clips in it, and what was made of them."""

    vault: Vault
    made: dict[str, ClipFile] = field(default_factory=dict)
    copies: ViewingCopies = field(init=False)

    def __post_init__(self) -> None:
        """Begin without any."""

        async def made(clip_id: str, file: ClipFile) -> None:
            self.made[clip_id] = file

        self.copies = ViewingCopies(self.vault, made=made, changed=lambda: None)

    def sealed(self, number: int, codec: str = "hevc", *, pictures: int = 60) -> SealedClip:
        """Return a clip that lies in the vault."""
        folder = self.vault.folder(CASE)
        units = encode(codec, pictures=pictures)
        with spool_of(folder / f"{number}.spool", footage(units), codec) as spool:
            clip = seal(
                spool,
                folder,
                f"{CASE}-{number:02d}",
                start=BEGIN,
                end=BEGIN + timedelta(hours=1),
                cancelled=lambda: False,
                progress=lambda _: None,
            )
        (folder / f"{number}.spool").unlink()
        return clip

    def add(self, number: int, clip: SealedClip) -> str:
        """Have its copy made."""
        name = f"{CASE}-{number:02d}"
        self.copies.add(CASE, name, clip)
        return name

    def files(self) -> set[str]:
        """Return what lies in the case's folder."""
        return {path.name for path in self.vault.folder(CASE).iterdir()}


@asynccontextmanager
async def copying(folder: Path, quota: int = 10**9) -> AsyncIterator[Copying]:
    """Run it for the length of a block."""
    vault = Vault(folder, quota)
    vault.prepare()
    it = Copying(vault)
    yield it
    await it.copies.close()


async def test_only_what_browsers_may_not_play_is_copied(tmp_path: Path) -> None:
    """One after the other, each told of once it is whole."""
    async with copying(tmp_path) as it:
        clips = {number: it.sealed(number) for number in (1, 2)}
        plain = it.sealed(3, "h264")
        assert not is_due(plain)
        assert not it.copies.is_making(it.add(3, plain))
        names = [it.add(number, clip) for number, clip in clips.items()]
        it.add(1, clips[1])
        assert all(it.copies.is_making(name) for name in names)
        await until(lambda: len(it.made) == 2)
        await until(lambda: not any(it.copies.is_making(name) for name in names))
        for name, file in it.made.items():
            path = path_of(it.vault.folder(CASE), name, FileRole.VIEWING_COPY)
            assert path.name == file.name
            assert is_same(path, file)


async def test_one_that_nobody_knows_of_is_made_anew(tmp_path: Path) -> None:
    """As after a kill between its name and its entry, or a kill in the middle."""
    async with copying(tmp_path) as it:
        clip = it.sealed(1)
        path = path_of(it.vault.folder(CASE), f"{CASE}-01", FileRole.VIEWING_COPY)
        path.write_bytes(b"of another run")
        path.with_name(f"{path.name}.part").write_bytes(b"half of it")
        it.add(1, clip)
        await until(lambda: it.made)
        assert is_same(path, it.made[f"{CASE}-01"])
        assert it.files() == {clip.master.name, path.name}


@pytest.mark.parametrize("begun", [True, False])
async def test_called_off_it_leaves_nothing(tmp_path: Path, begun: bool) -> None:
    """In the middle, or while it waits; the clip stays."""
    async with copying(tmp_path) as it:
        # Long enough to be met in the middle.
        first = it.sealed(1, pictures=600)
        second = it.sealed(2)
        folder = it.vault.folder(CASE)
        names = it.add(1, first), it.add(2, second)
        await until(lambda: [*folder.glob("*.part")])
        await it.copies.cancel(names[0] if begun else names[1])
        await it.copies.cancel("2026-0001-99")
        await until(lambda: it.made)
        assert set(it.made) == {names[1] if begun else names[0]}
        await until(lambda: not any(it.copies.is_making(name) for name in names))
        assert len([name for name in it.files() if "viewing" in name]) == 1


async def test_stopping_waits_for_no_copy(tmp_path: Path) -> None:
    """What is half made is not kept."""
    async with copying(tmp_path) as it:
        clip = it.sealed(1, pictures=600)
        it.add(1, clip)
        await until(lambda: [*it.vault.folder(CASE).glob("*.part")])
        await it.copies.close()
        assert not it.made
        assert it.files() == {clip.master.name}


@pytest.mark.parametrize("trouble", ["damaged", "gone", "full"])
async def test_what_cannot_be_copied_is_said(
    tmp_path: Path, trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The clip is sealed all the same; the next start tries again."""
    async with copying(tmp_path) as it:
        clip = it.sealed(1)
        master = it.vault.folder(CASE) / clip.master.name
        match trouble:
            case "damaged":
                master.write_bytes(b"nothing that plays")
            case "gone":
                master.unlink()
            case "full":
                it.vault.quota = 0
        name = it.add(1, clip)
        await until(lambda: not it.copies.is_making(name))
        assert not it.made
        assert it.files() <= {clip.master.name}
        assert f"Clip {name} has no copy for viewing" in caplog.text
        assert str(tmp_path) not in caplog.text
        if trouble == "full":
            it.vault.quota = shutil.disk_usage(tmp_path).total
            it.add(1, clip)
            await until(lambda: it.made)
