"""The evidence package: a recipient checks it with unzip, sha256sum and openssl, and every flipped byte is noticed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import errno
import hashlib
from html.parser import HTMLParser
import json
from pathlib import Path
import resource
import shutil
import signal
import subprocess
import sys
from typing import Any, override
import zipfile
from zipfile import ZIP_STORED, ZipFile
from zoneinfo import ZoneInfo

import pytest
import pyzipper

from custom_components.niiza_cctv.lib.device.model import ClockMode, ClockReading
from custom_components.niiza_cctv.lib.footage.clip_files import Purpose, files_for
from custom_components.niiza_cctv.lib.footage.clip_model import ClipCancelled, ClipFile, SealedClip
from custom_components.niiza_cctv.lib.footage.package import OWN_NAMES, build_package
from custom_components.niiza_cctv.lib.footage.package_model import (
    CameraFacts,
    PackageCase,
    PackageInvalid,
    PackageStep,
    TakenByHand,
)
from custom_components.niiza_cctv.lib.footage.signing import Signer
from tests.lib.footage.encoded import BEGIN, sealed

DOCS = Path(__file__).parents[3] / "docs"
TOKYO = ZoneInfo("Asia/Tokyo")
# ZIP counts in steps of two seconds.
RELEASED = datetime(2026, 11, 24, 1, 2, 4, tzinfo=UTC)
CASE = PackageCase(
    id="2026-0001",
    kind="police_inquiry",
    section="新座市 交通防犯課",
    request={
        "legal_basis": "刑事訴訟法第197条第2項",
        "document_number": "新捜第123号",
        "requester": "巡査部長 山田太郎",
        "note": "for the approver's eyes only",
        "identity_checked": "called back",
    },
    steps=(
        PackageStep(action="requested", person="佐藤", person_id="a" * 32, at=RELEASED),
        PackageStep(action="approved", person="鈴木", person_id="b" * 32, at=RELEASED),
    ),
    released_at=RELEASED,
    time_zone=TOKYO,
    software="niiza_cctv 0.3.0",
)
CAMERA = CameraFacts(
    name="新座駅 北口",
    manufacturer="Simulated",
    model="NS-200",
    serial="NS200-0001",
    firmware="1.2.3",
    macs=("02:00:5e:00:00:01",),
    clock=ClockReading(
        offset=timedelta(seconds=3, microseconds=250_000),
        uncertainty=timedelta(seconds=0.6),
        mode=ClockMode.MANUAL,
        measured_at=RELEASED,
    ),
)
BY_HAND = TakenByHand(
    id="2026-0001-03",
    camera=replace(CAMERA, name="旧駅 東口", clock=None),
    start=RELEASED - timedelta(hours=2),
    end=RELEASED - timedelta(hours=1),
    medium="USBメモリ",
    serial="SN-1",
    sha256="9f2c" * 16,
    clock_offset=-75,
)
HOSTILE = '<script>alert("x")</script>\r\n& \u202egpj.exe\x00\ud800 [HYPERLINK](javascript:0)'


@pytest.fixture(name="clips", scope="module")
def _clips(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[SealedClip]]:
    """Give a folder with an H.264 and an H.265 clip, the latter with its viewing copy."""
    folder = tmp_path_factory.mktemp("sealed")
    return folder, [
        sealed(folder, "2026-0001-01", pictures=30),
        sealed(folder, "2026-0001-02", codec="hevc", pictures=30),
    ]


@pytest.fixture(name="signer", scope="module")
def _signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    """Give the section's signer."""
    return Signer.load_or_create(tmp_path_factory.mktemp("key"), CASE.section)


type Build = Callable[..., ClipFile]


@pytest.fixture(name="build")
def _build(tmp_path: Path, clips: tuple[Path, list[SealedClip]], signer: Signer) -> Build:
    """Give what builds `package.zip` in the test's folder."""

    def build(case: PackageCase = CASE, camera: CameraFacts = CAMERA, **changes: Any) -> ClipFile:
        arguments: dict[str, Any] = {
            "clips": [(camera, clip) for clip in clips[1]],
            "source": clips[0],
            "target": tmp_path / "package.zip",
            "signer": signer,
            "cancelled": lambda: False,
            "progress": lambda _: None,
        }
        return build_package(case, **(arguments | changes))

    return build


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a standard tool in the folder of the unpacked package, as its recipient does."""
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - as it stands


def verified(folder: Path) -> bool:
    """Do what README.txt says: checksums, signature."""
    sums = run(folder, "sha256sum", "--strict", "-c", "SHA256SUMS")
    key = run(folder, "openssl", "x509", "-in", "section-certificate.pem", "-noout", "-pubkey")
    (folder.parent / "key.pem").write_text(key.stdout, encoding="ascii")
    command = ["openssl", "dgst", "-sha256", "-verify", "../key.pem"]
    signature = run(folder, *command, "-signature", "SHA256SUMS.sig", "SHA256SUMS")
    return sums.returncode == 0 and signature.stdout == "Verified OK\n"


@pytest.fixture(name="unpacked")
def _unpacked(tmp_path: Path, build: Build) -> Path:
    """Give the folder of a package that was unpacked with unzip."""
    build()
    folder = tmp_path / "unpacked"
    done = run(tmp_path, "unzip", "-q", "package.zip", "-d", str(folder))
    assert (done.returncode, done.stderr) == (0, "")
    return folder


def test_a_recipient_verifies_it_with_standard_tools(unpacked: Path, signer: Signer) -> None:
    """Unzip, sha256sum, openssl: nothing of ours. The list covers every file but itself and its signature."""
    assert verified(unpacked)
    listed = {line.split("  ")[1] for line in (unpacked / "SHA256SUMS").read_text().splitlines()}
    there = {path.name for path in unpacked.iterdir()}
    assert listed == there - {"SHA256SUMS", "SHA256SUMS.sig"}
    assert there == OWN_NAMES | {
        "2026-0001-01.mp4",
        "2026-0001-02.mp4",
        "2026-0001-02.viewing-copy-reencoded.mp4",
    }
    command = [
        "openssl",
        "x509",
        "-in",
        "section-certificate.pem",
        "-noout",
        "-fingerprint",
        "-sha256",
    ]
    assert run(unpacked, *command).stdout.strip().endswith(f"={signer.fingerprint}")


@pytest.mark.parametrize("page", ["evidence-package.md", "evidence-package.ja.md"])
def test_what_the_documentation_says_works(unpacked: Path, signer: Signer, page: str) -> None:
    """The commands for Linux, as they are printed."""
    text = (DOCS / page).read_text(encoding="utf-8")
    commands = text.partition("```sh\n")[2].partition("```")[0]
    assert commands.count("\n") == 5
    done = run(unpacked, "sh", "-ec", commands)
    assert (done.returncode, done.stderr) == (0, "")
    *sums, verdict, fingerprint, others = done.stdout.splitlines()
    assert others == "Nothing else lies here"
    assert len(sums) == 7
    assert all(line.endswith(": OK") for line in sums)
    assert verdict == "Verified OK"
    assert fingerprint.endswith(f"={signer.fingerprint}")
    receipt = (unpacked / "receipt.html").read_text(encoding="utf-8")
    assert signer.fingerprint in receipt
    # What was put beside it, a copy of a film included, is named.
    (unpacked / "more").mkdir()
    (unpacked / "more" / "2026-0001-01.mp4").write_bytes(b"another film")
    (unpacked / "2026-0001-99.mp4").write_bytes(b"another film")
    done = run(unpacked, "sh", "-ec", commands)
    assert done.returncode == 0
    assert set(done.stdout.splitlines()[9:]) == {"more/2026-0001-01.mp4", "2026-0001-99.mp4"}
    (unpacked / "2026-0001-01.mp4").write_bytes(b"another film")
    assert run(unpacked, "sh", "-ec", commands).returncode != 0


def test_the_letters_commands_work(unpacked: Path) -> None:
    """What README.txt tells to type, typed, in both languages."""
    letter = (unpacked / "README.txt").read_text(encoding="utf-8-sig")
    commands = [line.strip() for line in letter.splitlines() if line.startswith("    openssl")]
    assert len(commands) == 6
    for command in commands:
        done = run(unpacked, "sh", "-ec", command)
        assert (done.returncode, done.stderr) == (0, "")
        if "dgst" in command:
            assert done.stdout == "Verified OK\n"


def test_a_flipped_byte_anywhere_is_noticed(unpacked: Path) -> None:
    """Bytes all over every file of the package; cut off or missing files are noticed, too."""
    for path in sorted(unpacked.iterdir()):
        data = path.read_bytes()
        # The signature covers the list, the list everything else: no file has a byte that does not count.
        step = max(1, len(data) // (12 if path.name.startswith("SHA256SUMS") else 3))
        for at in {*range(0, len(data), step), len(data) - 1}:
            changed = bytearray(data)
            changed[at] ^= 0x01
            path.write_bytes(changed)
            assert not verified(unpacked), (path.name, at)
        path.write_bytes(data[:-1])
        assert not verified(unpacked)
        path.unlink()
        assert not verified(unpacked)
        path.write_bytes(data)
    assert verified(unpacked)


def test_somebody_elses_list_is_not_the_sections(unpacked: Path, tmp_path: Path) -> None:
    """Who makes a new list and signs it needs another certificate, and its fingerprint gives that away."""
    (unpacked / "2026-0001-01.mp4").write_bytes(b"another film")
    forger = Signer.load_or_create(tmp_path / "forger", CASE.section)
    fingerprint = run(
        unpacked, "openssl", "x509", "-in", "section-certificate.pem", "-fingerprint"
    ).stdout
    (unpacked / "section-certificate.pem").write_bytes(forger.certificate)
    names = [line.split("  ")[1] for line in (unpacked / "SHA256SUMS").read_text().splitlines()]
    sums = "".join(
        f"{hashlib.sha256((unpacked / name).read_bytes()).hexdigest()}  {name}\n" for name in names
    )
    (unpacked / "SHA256SUMS").write_text(sums)
    (unpacked / "SHA256SUMS.sig").write_bytes(forger.sign(sums.encode()))
    assert verified(unpacked)
    assert (
        run(unpacked, "openssl", "x509", "-in", "section-certificate.pem", "-fingerprint").stdout
        != fingerprint
    )


def test_the_manifest_says_what_is_known(
    unpacked: Path, clips: tuple[Path, list[SealedClip]], signer: Signer
) -> None:
    """Case, people, camera, clock, times, gaps, codec, files; nothing that the section wrote for itself."""
    manifest = json.loads((unpacked / "manifest.json").read_bytes())
    assert manifest["software"] == "niiza_cctv 0.3.0"
    assert manifest["released_at"] == "2026-11-24T10:02:04.000000+09:00"
    assert manifest["section"] == {
        "name": CASE.section,
        "certificate_sha256": signer.fingerprint,
    }
    assert manifest["case"]["id"] == "2026-0001"
    assert manifest["case"]["request"] == {
        "legal_basis": "刑事訴訟法第197条第2項",
        "document_number": "新捜第123号",
        "requester": "巡査部長 山田太郎",
    }
    assert [(step["action"], step["person"]) for step in manifest["case"]["steps"]] == [
        ("requested", "佐藤"),
        ("approved", "鈴木"),
    ]
    first, second = manifest["clips"]
    assert first["camera"]["serial"] == "NS200-0001"
    assert first["clock"] == {
        "camera_minus_true_in_clip_us": 3_000_000,
        "last_measurement": {
            "camera_minus_true_us": 3_250_000,
            "uncertainty_us": 600_000,
            "measured_at": "2026-11-24T10:02:04.000000+09:00",
            "method": "ONVIF GetSystemDateAndTime, half the round trip taken off",
            "camera_sets_its_clock_by": "manual",
        },
    }
    assert first["requested"]["start"] == "2026-11-01T12:00:00.000000+09:00"
    assert first["actual"]["end"] == "2026-11-01T12:00:02.900000+09:00"
    assert (first["gaps"], first["lead_in_us"], first["duration_us"]) == ([], 0, 3_000_000)
    assert (first["codec"], first["audio"], first["camera_signature_present"]) == (
        "h264",
        False,
        False,
    )
    assert first["files"] == [
        {
            "name": "2026-0001-01.mp4",
            "sha256": hashlib.sha256((unpacked / "2026-0001-01.mp4").read_bytes()).hexdigest(),
            "size": (unpacked / "2026-0001-01.mp4").stat().st_size,
            "role": "master",
        }
    ]
    assert [file["role"] for file in second["files"]] == ["master", "viewing_copy"]
    assert second["codec"] == "hevc"


def test_the_letter_can_be_read_in_notepad(unpacked: Path) -> None:
    """Byte order mark and CRLF throughout, Japanese before English, every command and file named."""
    data = (unpacked / "README.txt").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\n") == data.count(b"\r\n") == data.count(b"\r")
    text = data.decode("utf-8-sig")
    japanese, _, english = text.partition("-" * 72)
    for part in (japanese, english):
        for word in (
            "sha256sum -c SHA256SUMS",
            "certutil -hashfile",
            "openssl dgst -sha256 -verify",
        ):
            assert word in part
        assert "2026-0001-02.viewing-copy-reencoded.mp4" in part
        assert "+3.0" in part
        assert "2026-11-01 12:00:00+09:00" in part
    assert "受領書" in japanese
    assert "Verified OK" in english


class Texts(HTMLParser):
    """Collects a page's tags, attributes and text."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a tag."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    @override
    def handle_data(self, data: str) -> None:
        """Take text."""
        self.text += data


def test_hostile_texts_stay_texts(tmp_path: Path, build: Build) -> None:
    """Whatever people or cameras wrote: no script in the receipt, no line of its own, no turned reading direction."""
    plain = Texts()
    build(by_hand=[BY_HAND])
    with ZipFile(tmp_path / "package.zip") as package:
        plain.feed(package.read("receipt.html").decode())
    case = replace(
        CASE,
        id=HOSTILE,
        kind=HOSTILE,
        section=HOSTILE,
        request=dict.fromkeys(CASE.request, HOSTILE),
        steps=(replace(CASE.steps[0], person=HOSTILE),),
    )
    camera = replace(CAMERA, name=HOSTILE, serial=HOSTILE, model=HOSTILE, macs=(HOSTILE,))
    build(case, camera, by_hand=[replace(BY_HAND, camera=camera, medium=HOSTILE, serial=HOSTILE)])
    with ZipFile(tmp_path / "package.zip") as package:
        receipt = package.read("receipt.html").decode()
        letter = package.read("README.txt").decode("utf-8-sig")
        manifest = package.read("manifest.json").decode()
    page = Texts()
    page.feed(receipt)
    assert page.tags == plain.tags
    assert "script" not in page.tags
    assert page.attributes == plain.attributes
    assert '<script>alert("x")</script>' in page.text
    assert "default-src 'none'" in receipt
    assert "@page" in receipt
    for text in (receipt, letter, manifest):
        assert not {"\u202e", "\x00", "\ud800"} & {*text}
    assert not [line for line in letter.splitlines() if line.startswith("&")]
    assert json.loads(manifest)["clips"][0]["camera"]["name"] == HOSTILE
    assert json.loads(manifest)["by_hand"][0]["medium"] == HOSTILE


def test_what_was_taken_by_hand_is_listed_and_not_packed(tmp_path: Path, build: Build) -> None:
    """The letter counts it on behind the clips; without any, nothing speaks of it."""
    build(by_hand=[BY_HAND, replace(BY_HAND, sha256=None, clock_offset=None)])
    with ZipFile(tmp_path / "package.zip") as package:
        names = package.namelist()
        letter = package.read("README.txt").decode("utf-8-sig")
        (first, second) = json.loads(package.read("manifest.json"))["by_hand"]
        assert BY_HAND.sha256
        assert BY_HAND.sha256 not in package.read("SHA256SUMS").decode()
        assert "設置場所で複製した映像" in package.read("receipt.html").decode()
    assert not [name for name in names if "-03" in name]
    assert "(3) 旧駅 東口  2026-11-24 08:02:04+09:00 - 2026-11-24 09:02:04+09:00" in letter
    assert letter.count("製造番号 SN-1") == 2
    assert letter.count("カメラの時計－正しい時刻：-75 秒（目で確かめた値") == 1
    assert first["passage"]["start"] == "2026-11-24T08:02:04.000000+09:00"
    assert (second["sha256"], second["clock"]["method"]) == (None, None)
    build()
    with ZipFile(tmp_path / "package.zip") as package:
        assert json.loads(package.read("manifest.json"))["by_hand"] == []
        assert "別の媒体" not in package.read("README.txt").decode("utf-8-sig")
        assert "設置場所" not in package.read("receipt.html").decode()


def test_entries_are_stored_in_one_order_for_everybody_to_read(
    tmp_path: Path, build: Build, clips: tuple[Path, list[SealedClip]]
) -> None:
    """Nothing compressed, ASCII names without folders, the release's time; the same again gives the same but the signature."""
    package = build()
    path = tmp_path / "package.zip"
    assert path.stat().st_mode & 0o777 == 0o600
    assert package.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (package.name, package.size) == (path.name, path.stat().st_size)
    with ZipFile(path) as archive:
        entries = archive.infolist()
        first = {entry.filename: archive.read(entry) for entry in entries}
    assert [entry.filename for entry in entries] == [
        "README.txt",
        "receipt.html",
        "manifest.json",
        "section-certificate.pem",
        "SHA256SUMS",
        "SHA256SUMS.sig",
        *(one.file.name for clip in clips[1] for one in files_for(clip, Purpose.HANDOVER)),
    ]
    assert {entry.compress_type for entry in entries} == {ZIP_STORED}
    assert {entry.date_time for entry in entries} == {(2026, 11, 24, 10, 2, 4)}
    assert all(entry.filename.isascii() for entry in entries)
    build()
    with ZipFile(path) as archive:
        second = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    assert first | {"SHA256SUMS.sig": b""} == second | {"SHA256SUMS.sig": b""}


def test_with_a_passphrase_nothing_can_be_read_without_it(
    tmp_path: Path, build: Build, clips: tuple[Path, list[SealedClip]]
) -> None:
    """AES-256 on every file; with the passphrase it unpacks to a package that verifies."""
    build(passphrase="正しい passphrase 7")
    path = tmp_path / "package.zip"
    with ZipFile(path) as archive:
        assert all(entry.flag_bits & 1 for entry in archive.infolist())
        with pytest.raises((RuntimeError, NotImplementedError)):
            archive.read("README.txt")
    raw = path.read_bytes()
    assert b"mdat" not in raw
    assert "交通防犯課".encode() not in raw
    with pyzipper.AESZipFile(path) as archive:
        assert {entry.wz_aes_strength for entry in archive.infolist()} == {3}
        archive.setpassword(b"wrong")
        with pytest.raises(RuntimeError):
            archive.read("README.txt")
        archive.setpassword("正しい passphrase 7".encode())
        archive.extractall(tmp_path / "unpacked")
    assert verified(tmp_path / "unpacked")
    with pytest.raises(ValueError, match="passphrase"):
        build(passphrase="")
    assert not [*tmp_path.glob("*.part")]


def test_without_the_library_only_encryption_is_refused(
    tmp_path: Path, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Right after Home Assistant installed packages one may not be importable before a restart."""
    monkeypatch.setitem(sys.modules, "pyzipper", None)
    with pytest.raises(OSError, match="restart"):
        build(passphrase="secret")
    assert not list(tmp_path.rglob("*.part"))
    assert build(passphrase=None)


def damaged(folder: Path, clips: tuple[Path, list[SealedClip]]) -> Path:
    """Return a copy of the sealed clips' folder in which one byte is another."""
    copy = folder / "copy"
    shutil.copytree(clips[0], copy)
    path = copy / "2026-0001-02.mp4"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    return copy


def test_only_what_was_sealed_goes_in(
    tmp_path: Path, build: Build, clips: tuple[Path, list[SealedClip]]
) -> None:
    """Changed, longer, missing or a link to something else: no package, and an earlier one stays."""
    build()
    before = (tmp_path / "package.zip").read_bytes()
    copy = damaged(tmp_path, clips)
    path = copy / "2026-0001-02.mp4"
    original = (clips[0] / path.name).read_bytes()
    with pytest.raises(PackageInvalid, match="changed since it was sealed"):
        build(source=copy)
    path.write_bytes(original + b"\0")
    with pytest.raises(PackageInvalid, match="changed since it was sealed"):
        build(source=copy)
    path.unlink()
    with pytest.raises(PackageInvalid, match="missing"):
        build(source=copy)
    path.symlink_to(clips[0] / path.name)
    with pytest.raises(OSError, match="symbolic links") as error:
        build(source=copy)
    assert error.value.errno == errno.ELOOP
    assert (tmp_path / "package.zip").read_bytes() == before
    assert not [*tmp_path.glob("*.part")]


@pytest.mark.parametrize(
    "name",
    ["../x.mp4", "/x.mp4", "a/b.mp4", "", "名.mp4", "a\nb.mp4", "-x", "sha256sums", "README.txt"],
)
def test_names_that_could_mean_something_else_are_refused(
    tmp_path: Path, build: Build, clips: tuple[Path, list[SealedClip]], name: str
) -> None:
    """No path, no line break, nothing that takes the place of our own files."""
    clip = replace(clips[1][0], master=replace(clips[1][0].master, name=name))
    with pytest.raises(PackageInvalid):
        build(clips=[(CAMERA, clip)])
    with pytest.raises(PackageInvalid, match="same name"):
        build(clips=[(CAMERA, clips[1][0])] * 2)
    with pytest.raises(PackageInvalid, match="no footage"):
        build(clips=[])
    assert [*tmp_path.iterdir()] == []


def test_cancelling_leaves_nothing(tmp_path: Path, build: Build) -> None:
    """Progress rises to 1; called off on the way, there is no package and no part of one."""
    told: list[float] = []
    build(progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1
    (tmp_path / "package.zip").unlink()
    with pytest.raises(ClipCancelled):
        build(cancelled=lambda: True)
    assert [*tmp_path.iterdir()] == []


def test_a_full_disk_leaves_nothing(
    tmp_path: Path, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused before anything is written, and, where space runs out in the middle, taken back."""
    usage = shutil.disk_usage(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
        with pytest.raises(OSError, match="No space"):
            build()
    assert [*tmp_path.iterdir()] == []
    # From here on the kernel refuses what goes beyond that size, as a full disk does.
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        for room in (1, 100_000):
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
            with pytest.raises(OSError, match="File too large"):
                build()
            with pytest.raises(OSError, match="File too large"):
                build(passphrase="secret")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    assert [*tmp_path.iterdir()] == []


def test_long_files_fit_with_memory_flat(
    tmp_path: Path, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond what the old format can count (lowered here, 4 GiB take minutes), ZIP64 is used and unzip reads it."""
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 100 << 20)
    source = tmp_path / "source"
    source.mkdir()
    size = 300 << 20
    with (source / "long.mp4").open("wb") as file:
        # Sparse: costs no disk.
        file.truncate(size)
    with (source / "long.mp4").open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    clip = SealedClip(
        master=ClipFile(name="long.mp4", sha256=digest, size=size),
        viewing_copy=None,
        codec="h264",
        width=1920,
        height=1080,
        varies=False,
        pictures=1,
        damaged=0,
        duration=1,
        requested_start=BEGIN,
        requested_end=BEGIN,
        first_picture=BEGIN,
        last_picture=BEGIN,
        gaps=(),
        segments=(),
        signed_by_camera=False,
    )
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    build_package(
        CASE,
        [(CAMERA, clip)],
        source,
        tmp_path / "package.zip",
        signer,
        cancelled=lambda: False,
        progress=lambda _: None,
    )
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 20 * 1024
    (source / "long.mp4").unlink()
    with ZipFile(tmp_path / "package.zip") as archive:
        assert archive.getinfo("long.mp4").file_size == size
        # Version 4.5 of the format: ZIP64.
        assert archive.getinfo("long.mp4").extract_version == 45
    done = run(tmp_path, "unzip", "-tq", "package.zip")
    assert done.returncode == 0
