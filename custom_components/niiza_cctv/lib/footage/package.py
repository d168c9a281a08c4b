"""The evidence package: one ZIP file that a recipient can check with nothing but standard tools.

docs/evidence-package.md says what is in it and what it proves. Synchronous: for worker threads.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
import errno
import hashlib
from html import escape
import json
import os
from pathlib import Path
import re
import shutil
from types import MappingProxyType
from typing import BinaryIO, Self
import unicodedata
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import pyzipper

from ..device.model import ClockMode, ClockReading
from .clip import ClipFile, Json, SealedClip, Steps, finish, new_file, part_of
from .signing import Signer

SUMS = "SHA256SUMS"
SIGNATURE = "SHA256SUMS.sig"
CERTIFICATE = "section-certificate.pem"
MANIFEST = "manifest.json"
README = "README.txt"
RECEIPT = "receipt.html"
OWN_NAMES = frozenset({SUMS, SIGNATURE, CERTIFICATE, MANIFEST, README, RECEIPT})
# Safe on every file system, and nothing that a shell or a checksum list would take for something else.
_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,149}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_CHUNK = 1 << 20
# ZIP's own records and our small files.
_OVERHEAD = 4 << 20
_VERSION = 1

KINDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "police_inquiry": ("捜査関係事項照会", "Police inquiry"),
        "disclosure_request": ("開示請求", "Disclosure request"),
        "bar_inquiry": ("弁護士会照会", "Bar inquiry"),
        "court_commission": ("文書送付嘱託・調査嘱託", "Court commission"),
        "internal_inspection": ("内部点検", "Internal inspection"),
    }
)
# What of a request is handed over with the footage; remarks that the section wrote for itself are not.
FIELDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "legal_basis": ("法的根拠", "Legal basis"),
        "document_number": ("文書番号", "Document number"),
        "document_date": ("文書の日付", "Document date"),
        "organisation": ("請求者の所属", "Organisation"),
        "requester": ("請求者の氏名", "Requester"),
        "contact": ("連絡先", "Contact"),
        "purpose": ("目的", "Purpose"),
        "event_time": ("請求者が示した日時", "Time named by the requester"),
        "event_place": ("請求者が示した場所", "Place named by the requester"),
    }
)

_MICROSECOND = timedelta(microseconds=1)


class PackageInvalid(Exception):
    """A file for the package is not the one that was sealed, or cannot be put into one."""


@dataclass(frozen=True, kw_only=True)
class PackageStep:
    """Who did what in the case and when."""

    # "created", "requested", "registered" and "witnessed" (of what was taken by hand), "approved", "released"
    action: str
    # Name and Home Assistant user id.
    person: str
    person_id: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PackageCase:
    """What the package says of its case; the texts are shown as typed, so they may be anything."""

    id: str
    # As in `cases.kinds`: "police_inquiry", …
    kind: str
    section: str
    # The request's fields by their names in `cases.kinds`: legal_basis, document_number, …
    request: Mapping[str, str]
    steps: Sequence[PackageStep]
    released_at: datetime
    # Of the section: for the times that people read.
    time_zone: tzinfo
    # Name and version.
    software: str


@dataclass(frozen=True, kw_only=True)
class CameraFacts:
    """What the package says of a camera, as far as the camera told."""

    name: str
    manufacturer: str
    model: str
    serial: str
    firmware: str
    macs: tuple[str, ...] = ()
    # The last measurement of its clock against ours; None: never measured.
    clock: ClockReading | None = None

    def as_json(self) -> dict[str, Json]:
        """Return what the ledger keeps."""
        clock: dict[str, Json] | None = None
        if self.clock is not None:
            clock = {
                "offset_us": self.clock.offset // _MICROSECOND,
                "uncertainty_us": self.clock.uncertainty // _MICROSECOND,
                "mode": self.clock.mode.value,
                "measured_at": self.clock.measured_at.isoformat(),
            }
        return {
            "name": self.name,
            "manufacturer": self.manufacturer,
            "model": self.model,
            "serial": self.serial,
            "firmware": self.firmware,
            "macs": [*self.macs],
            "clock": clock,
        }

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """Return what `as_json` gave; raises ValueError for anything else."""
        match value:
            case {
                "name": str(name),
                "manufacturer": str(manufacturer),
                "model": str(model),
                "serial": str(serial),
                "firmware": str(firmware),
                "macs": list(macs),
                "clock": clock,
            }:
                return cls(
                    name=name,
                    manufacturer=manufacturer,
                    model=model,
                    serial=serial,
                    firmware=firmware,
                    macs=tuple(str(mac) for mac in macs),
                    clock=_clock_reading(clock),
                )
        raise ValueError("Not what is known of a camera")


def _clock_reading(value: Json) -> ClockReading | None:
    match value:
        case None:
            return None
        case {
            "offset_us": int(offset),
            "uncertainty_us": int(uncertainty),
            "mode": str(mode),
            "measured_at": str(measured_at),
        }:
            return ClockReading(
                offset=offset * _MICROSECOND,
                uncertainty=uncertainty * _MICROSECOND,
                mode=ClockMode(mode),
                measured_at=datetime.fromisoformat(measured_at),
            )
    raise ValueError("Not a measurement of a clock")


@dataclass(frozen=True, kw_only=True)
class TakenByHand:
    """Footage that people copied at the station: the package names it, but it lies on a medium of its own."""

    id: str
    camera: CameraFacts
    # True time, as far as it is known.
    start: datetime
    end: datetime
    medium: str
    serial: str
    # Of the copied file, where somebody computed it.
    sha256: str | None
    # Seconds that the camera's clock was ahead, as seen by eye.
    clock_offset: int | None


def build_package(
    case: PackageCase,
    clips: Sequence[tuple[CameraFacts, SealedClip]],
    source: Path,
    target: Path,
    signer: Signer,
    *,
    by_hand: Sequence[TakenByHand] = (),
    passphrase: str | None = None,
    cancelled: Callable[[], bool],
    progress: Callable[[float], None],
) -> ClipFile:
    """Put the clips, which lie in the folder `source`, and what belongs to them into the ZIP file `target`.

    Nothing is compressed and nothing held in memory; with a passphrase every file is encrypted with AES-256
    (WinZip AE-2), but not the names. The footage is read once: what is not what was sealed ends the work.
    The target appears whole, for its owner only, or not at all. What was taken by hand is only listed.

    Raises PackageInvalid, ClipCancelled, and OSError, for instance when the disk is full.
    """
    files = [file for _, clip in clips for file in clip.files]
    _check(files)
    whole = sum(file.size for file in files)
    if shutil.disk_usage(target.parent).free < whole + _OVERHEAD:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    small = {
        README: _readme(case, clips, by_hand),
        RECEIPT: _receipt(case, clips, by_hand, signer).encode(),
        MANIFEST: _json(_manifest(case, clips, by_hand, signer)),
        CERTIFICATE: signer.certificate,
    }
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in small.items()}
    sums |= {file.name: file.sha256 for file in files}
    small[SUMS] = "".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode("ascii")
    small[SIGNATURE] = signer.sign(small[SUMS])
    step = Steps(cancelled, progress).of(0, 0.95)
    part = part_of(target)
    try:
        with new_file(part) as file:
            package = _archive(file, passphrase)
            try:
                for name, data in small.items():
                    package.writestr(_entry(package, name, len(data), case), data)
                done = 0
                for clip in files:
                    entry = _entry(package, clip.name, clip.size, case)
                    with package.open(entry, "w") as out:
                        for chunk in _sealed(source / clip.name, clip):
                            out.write(chunk)
                            done += len(chunk)
                            step(done / max(whole, 1))
                package.close()
            finally:
                # After an error it must not write its end into a file that is about to go.
                package.fp = None
        result = finish(part, target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    progress(1.0)
    return result


def _check(files: Sequence[ClipFile]) -> None:
    """Refuse names that could leave the folder or stand for something else, and what was never sealed."""
    taken = {name.casefold() for name in OWN_NAMES}
    for file in files:
        if not _SAFE_NAME.fullmatch(file.name) or not _SHA256.fullmatch(file.sha256):
            raise PackageInvalid("A file cannot be put into a package by its name or checksum")
        # Windows does not tell names apart by case.
        if file.name.casefold() in taken:
            raise PackageInvalid("Two files of a package have the same name")
        taken.add(file.name.casefold())
    if not files:
        raise PackageInvalid("There is no footage to put into a package")


def _archive(file: BinaryIO, passphrase: str | None) -> ZipFile:
    """Return the ZIP file to fill; pyzipper's is the standard library's with AES added."""
    if passphrase is None:
        return ZipFile(file, "w", ZIP_STORED)
    if not passphrase:
        raise ValueError("An empty passphrase protects nothing")
    archive: ZipFile = pyzipper.AESZipFile(file, "w", ZIP_STORED, encryption=pyzipper.WZ_AES)
    archive.setpassword(passphrase.encode())
    return archive


def _entry(package: ZipFile, name: str, size: int, case: PackageCase) -> ZipInfo:
    """Return a file's entry; its size decides whether ZIP64 is needed."""
    made = case.released_at.astimezone(case.time_zone)
    kind = ZipInfo if type(package) is ZipFile else pyzipper.AESZipFile.zipinfo_cls
    entry: ZipInfo = kind(
        name, (made.year, made.month, made.day, made.hour, made.minute, made.second)
    )
    entry.compress_type = ZIP_STORED
    entry.file_size = size
    # A regular file that everybody may read: what the recipient's system makes of it.
    entry.create_system = 3
    entry.external_attr = 0o100644 << 16
    return entry


def _sealed(path: Path, file: ClipFile) -> Iterator[bytes]:
    """Return the bytes of a sealed file; raises PackageInvalid in the end if they are not those that were sealed."""
    digest = hashlib.sha256()
    size = 0
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError as err:
        raise PackageInvalid(f"{file.name} is missing") from err
    with os.fdopen(descriptor, "rb") as source:
        while size <= file.size and (chunk := source.read(_CHUNK)):
            digest.update(chunk)
            size += len(chunk)
            yield chunk
    if size != file.size or digest.hexdigest() != file.sha256:
        raise PackageInvalid(f"{file.name} was changed since it was sealed")


def _manifest(
    case: PackageCase,
    clips: Sequence[tuple[CameraFacts, SealedClip]],
    by_hand: Sequence[TakenByHand],
    signer: Signer,
) -> Json:
    def at(moment: datetime) -> str:
        return moment.astimezone(case.time_zone).isoformat(timespec="microseconds")

    def stretch(start: datetime, end: datetime) -> dict[str, Json]:
        return {"start": at(start), "end": at(end)}

    def clock(reading: ClockReading | None) -> Json:
        if reading is None:
            return None
        return {
            "camera_minus_true_us": _microseconds(reading.offset),
            "uncertainty_us": _microseconds(reading.uncertainty),
            "measured_at": at(reading.measured_at),
            "method": "ONVIF GetSystemDateAndTime, half the round trip taken off",
            "camera_sets_its_clock_by": reading.mode.value,
        }

    def facts(camera: CameraFacts) -> dict[str, Json]:
        return {
            "name": camera.name,
            "manufacturer": camera.manufacturer,
            "model": camera.model,
            "serial": camera.serial,
            "firmware": camera.firmware,
            "macs": [*camera.macs],
        }

    def taken(footage: TakenByHand) -> dict[str, Json]:
        return {
            "id": footage.id,
            "camera": facts(footage.camera),
            "clock": {
                "camera_minus_true_s": footage.clock_offset,
                "method": None if footage.clock_offset is None else "by eye",
            },
            "passage": stretch(footage.start, footage.end),
            "medium": footage.medium,
            "medium_serial": footage.serial,
            "sha256": footage.sha256,
        }

    def one(camera: CameraFacts, clip: SealedClip) -> dict[str, Json]:
        return {
            "camera": facts(camera),
            "clock": {
                "camera_minus_true_in_clip_us": clip.clock_offset,
                "last_measurement": clock(camera.clock),
            },
            "requested": stretch(clip.requested_start, clip.requested_end),
            "actual": stretch(clip.first_picture, clip.last_picture),
            "lead_in_us": _microseconds(clip.lead_in),
            "duration_us": clip.duration,
            "gaps": [stretch(*gap) for gap in clip.gaps],
            "segments": [
                {"offset_us": segment.offset, **stretch(segment.start, segment.end)}
                for segment in clip.segments
            ],
            "codec": clip.codec,
            "width": clip.width,
            "height": clip.height,
            "parameters_vary": clip.varies,
            "pictures": clip.pictures,
            "pictures_damaged": clip.damaged,
            "audio": False,
            "camera_signature_present": clip.signed_by_camera,
            "files": [
                {**file.as_json(), "role": "master" if file == clip.master else "viewing_copy"}
                for file in clip.files
            ],
        }

    return {
        "format": "niiza_cctv evidence package",
        "format_version": _VERSION,
        "software": case.software,
        "released_at": at(case.released_at),
        "section": {"name": case.section, "certificate_sha256": signer.fingerprint},
        "case": {
            "id": case.id,
            "kind": case.kind,
            "request": {name: case.request[name] for name in FIELDS if case.request.get(name)},
            "steps": [
                {
                    "action": step.action,
                    "person": step.person,
                    "person_id": step.person_id,
                    "at": at(step.at),
                }
                for step in case.steps
            ],
        },
        "clips": [one(camera, clip) for camera, clip in clips],
        # Not in this package: on a medium of its own, and under no checksum but the one that is named.
        "by_hand": [taken(footage) for footage in by_hand],
    }


def _json(value: Json) -> bytes:
    """Return JSON that can be read as it is, signs that play tricks on the reader (direction and the like) escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    return "".join(
        json.dumps(sign)[1:-1] if unicodedata.category(sign) in _INVISIBLE else sign
        for sign in text
    ).encode()


# Format, surrogate and unassigned; private use stays, names are written with such characters.
_INVISIBLE = frozenset({"Cf", "Cs", "Cn"})


def _plain(text: str) -> str:
    """Return a text on one line, without signs that cannot be seen."""
    spaced = "".join(
        " " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign for sign in text
    )
    return "".join(sign for sign in spaced if unicodedata.category(sign) not in _INVISIBLE).strip()


def _microseconds(time: timedelta) -> int:
    return time // timedelta(microseconds=1)


def _seconds(time: timedelta) -> str:
    return f"{time.total_seconds():.1f}"


def _readme(
    case: PackageCase,
    clips: Sequence[tuple[CameraFacts, SealedClip]],
    by_hand: Sequence[TakenByHand],
) -> bytes:
    """Return the letter to the recipient, as Windows' Notepad shows it: byte order mark, CRLF."""

    def at(moment: datetime) -> str:
        return moment.astimezone(case.time_zone).isoformat(" ", "seconds")

    def passages(words: Mapping[str, str]) -> list[str]:
        lines: list[str] = []
        for number, (camera, clip) in enumerate(clips, 1):
            lines += [
                f"({number}) {_plain(camera.name)}  {at(clip.requested_start)} - {at(clip.requested_end)}",
                f"    {clip.master.name}",
            ]
            if clip.viewing_copy:
                lines.append(f"    {clip.viewing_copy.name} {words['copy']}")
            if clip.lead_in:
                lines.append("    " + words["lead_in"].format(_seconds(clip.lead_in)))
            lines.append("    " + words["clock"].format(f"{clip.clock_offset / 1e6:+.1f}"))
            if clip.damaged:
                lines.append("    " + words["damaged"].format(clip.damaged, clip.pictures))
            lines += [
                f"    {words['gap']} {at(begin)} - {at(end)}" for begin, end in clip.gaps[:20]
            ]
            if len(clip.gaps) > 20:
                lines.append("    " + words["more"].format(len(clip.gaps) - 20))
        return lines

    def taken(words: Mapping[str, str]) -> list[str]:
        lines = ["", words["heading"]] if by_hand else []
        for number, footage in enumerate(by_hand, len(clips) + 1):
            lines += [
                f"({number}) {_plain(footage.camera.name)}  {at(footage.start)} - {at(footage.end)}",
                "    " + words["medium"].format(_plain(footage.medium), _plain(footage.serial)),
                f"    SHA-256 : {footage.sha256 or words['no_sum']}",
            ]
            if footage.clock_offset is not None:
                lines.append("    " + words["clock"].format(f"{footage.clock_offset:+}"))
        return lines

    japanese = [
        f"防犯カメラ映像（案件番号 {_plain(case.id)}）",
        _plain(case.section),
        "",
        "1. 映像",
        *passages(
            {
                "copy": "（閲覧用。H.264に再エンコードしたもの。証拠となるのは上の原本です）",
                "lead_in": "請求された開始時刻より前の映像を {} 秒含みます（圧縮された映像を復号するために必要な部分です）。",
                "clock": "カメラの時計－正しい時刻：{} 秒（時刻は正しい時刻に直してあります。画面に焼き込まれた時刻はカメラの時計です）",
                "damaged": "画像 {1} 枚のうち {0} 枚は、カメラのカード上で損傷しており正しく表示できません。",
                "gap": "映像なし：",
                "more": "ほかに {} か所（manifest.json を参照）",
            }
        ),
        "映像がない区間は詰めて再生されます。再生位置と時刻の対応は manifest.json の segments にあります。",
        "音声は含まれません。映像はカメラが記録したデータそのもので、再エンコードしていません（閲覧用を除く）。",
        *taken(
            {
                "heading": "職員がカメラの設置場所で複製した映像（別の媒体で渡します。この ZIP に入っておらず、上と下の説明は当てはまりません）",
                "medium": "媒体 : {}（製造番号 {}）",
                "no_sum": "計算していません",
                "clock": "カメラの時計－正しい時刻：{} 秒（目で確かめた値。上の時刻は正しい時刻に直してあります）",
            }
        ),
        "",
        "2. 再生のしかた",
        "mp4 ファイルをダブルクリックします。再生できないときは、閲覧用のファイルがあればそれを、なければ VLC などの再生ソフトを使ってください。",
        "ZIP の中から直接開かず、先に「すべて展開」してください。",
        "",
        "3. 改ざんされていないことの確かめ方",
        "展開したフォルダーで次のとおり確かめます。SHA256SUMS に載っていないファイルは、この課が渡したものではありません。",
        "(1) 各ファイルのハッシュ値（SHA256SUMS の値と一致すること）",
        "    Windows : certutil -hashfile ファイル名 SHA256",
        "    Linux   : sha256sum -c SHA256SUMS",
        "    macOS   : shasum -a 256 -c SHA256SUMS",
        "(2) 署名（「Verified OK」と表示されること）",
        "    openssl x509 -in section-certificate.pem -noout -pubkey -out section-key.pem",
        "    openssl dgst -sha256 -verify section-key.pem -signature SHA256SUMS.sig SHA256SUMS",
        "(3) 証明書の指紋（受領書の紙面、または課に電話で確かめた値と一致すること）",
        "    openssl x509 -in section-certificate.pem -noout -fingerprint -sha256",
        "    Windows : certutil -dump section-certificate.pem （Cert Hash(sha256)）",
        "証明書はこの課が自ら作ったものです。指紋を別の方法で照合してはじめて、この課が渡したものと分かります。",
    ]
    english = [
        f"Security camera footage (case {_plain(case.id)})",
        _plain(case.section),
        "",
        "1. Footage",
        *passages(
            {
                "copy": "(for viewing: re-encoded in H.264; the evidence is the file above)",
                "lead_in": "Begins {} s before the time requested: those pictures are needed to decode what follows.",
                "clock": "Camera's clock minus true time: {} s (times here are true times; a time burnt into the picture is the camera's)",
                "damaged": "{} of {} pictures are damaged on the camera's card and cannot be shown properly.",
                "gap": "No footage:",
                "more": "{} more, see manifest.json",
            }
        ),
        "Playback skips what is missing; segments in manifest.json say which position shows which time.",
        "There is no sound. The footage is the data that the camera recorded, not re-encoded (except copies for viewing).",
        *taken(
            {
                "heading": "Footage that staff copied at the camera (on a medium of its own, not in this ZIP file; what stands above and below does not hold for it)",
                "medium": "Medium : {} (serial number {})",
                "no_sum": "not computed",
                "clock": "Camera's clock minus true time: {} s, as seen by eye (times above are true times)",
            }
        ),
        "",
        "2. Playing",
        "Double-click an mp4 file. If it does not play, take the file for viewing if there is one, or a player such as VLC.",
        "Extract the ZIP file first; do not open files inside it.",
        "",
        "3. Making sure that nothing was changed",
        "In the extracted folder. A file that SHA256SUMS does not name was not handed over by this section.",
        "(1) The checksum of each file is the one in SHA256SUMS",
        "    Windows : certutil -hashfile FILE SHA256",
        "    Linux   : sha256sum -c SHA256SUMS",
        "    macOS   : shasum -a 256 -c SHA256SUMS",
        '(2) The signature ("Verified OK")',
        "    openssl x509 -in section-certificate.pem -noout -pubkey -out section-key.pem",
        "    openssl dgst -sha256 -verify section-key.pem -signature SHA256SUMS.sig SHA256SUMS",
        "(3) The certificate's fingerprint is the one on the paper receipt, or the one that the section tells by telephone",
        "    openssl x509 -in section-certificate.pem -noout -fingerprint -sha256",
        "    Windows : certutil -dump section-certificate.pem (Cert Hash(sha256))",
        "The section made its certificate itself: only a fingerprint compared by another way shows whose it is.",
    ]
    lines = [*japanese, "", "-" * 72, "", *english, ""]
    return "\r\n".join(lines).encode("utf-8-sig")


_STYLE = """
@page { size: A4; margin: 16mm; }
body { font: 10.5pt/1.5 "Yu Gothic", "Hiragino Sans", "Noto Sans CJK JP", sans-serif; color: #000; background: #fff; }
h1 { font-size: 18pt; text-align: center; letter-spacing: .5em; margin: 0 0 6mm; }
h2 { font-size: 11pt; margin: 5mm 0 1mm; }
table { border-collapse: collapse; width: 100%; }
th, td { border: .3mm solid #000; padding: 1mm 2mm; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { width: 34mm; font-weight: normal; background: #eee; }
tr { break-inside: avoid; }
small, .sum { font-size: 8pt; }
.sum { font-family: Consolas, Menlo, monospace; }
.blank td { height: 9mm; }
"""


def _receipt(
    case: PackageCase,
    clips: Sequence[tuple[CameraFacts, SealedClip]],
    by_hand: Sequence[TakenByHand],
    signer: Signer,
) -> str:
    """Return the receipt (受領書) to be printed and signed; every text is escaped, and no script or picture runs."""

    def text(value: str) -> str:
        return escape(_plain(value))

    def at(moment: datetime) -> str:
        return text(moment.astimezone(case.time_zone).isoformat(" ", "seconds"))

    def row(japanese: str, english: str, value: str) -> str:
        return f"<tr><th>{japanese}<br><small>{english}</small></th><td>{value}</td></tr>"

    kind = KINDS.get(case.kind, (case.kind, ""))
    facts = [
        row("案件番号", "Case", text(case.id)),
        row("種類", "Kind", " / ".join(text(word) for word in kind if word)),
        *(
            row(*labels, text(case.request[name]))
            for name, labels in FIELDS.items()
            if case.request.get(name)
        ),
    ]
    footage = [
        row(
            text(camera.name),
            text(camera.serial),
            f"{at(clip.requested_start)} – {at(clip.requested_end)}"
            + "".join(
                f"<br>{text(file.name)} ({file.size:,} B)<br>"
                f'<span class="sum">SHA-256 {text(file.sha256)}</span>'
                for file in clip.files
            ),
        )
        for camera, clip in clips
    ]
    taken = "".join(
        row(
            text(one.camera.name),
            text(one.camera.serial),
            f"{at(one.start)} – {at(one.end)}<br>{text(one.medium)} ({text(one.serial)})"
            + (f'<br><span class="sum">SHA-256 {text(one.sha256)}</span>' if one.sha256 else ""),
        )
        for one in by_hand
    )
    copied = (
        f"<h2>設置場所で複製した映像 <small>Copied at the camera, on a medium of its own</small></h2>\n<table>{taken}</table>\n"
        if taken
        else ""
    )
    blanks = [
        row("受領年月日", "Date", ""),
        row("所属", "Organisation", ""),
        row("職・氏名", "Name", ""),
        row("署名・押印", "Signature", ""),
        row("媒体の種類・製造番号", "Medium, serial number", ""),
        row("引渡者 職・氏名", "Handed over by", ""),
        row("立会者 職・氏名", "In the presence of", ""),
    ]
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return f"""<!DOCTYPE html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>受領書 {text(case.id)}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>受領書</h1>
<p>{text(case.section)} 宛て<br>下記の防犯カメラ映像を受領しました。<br><small>I have received the security camera footage below.</small></p>
<table>{"".join(facts)}</table>
<h2>映像 <small>Footage</small></h2>
<table>{"".join(footage)}</table>
{copied}<h2>署名用証明書の指紋（SHA-256） <small>Fingerprint of the section's certificate: compare it with that of section-certificate.pem</small></h2>
<p class="sum">{text(signer.fingerprint)}</p>
<h2>受領者・引渡者 <small>To be filled in by hand</small></h2>
<table class="blank">{"".join(blanks)}</table>
</body>
</html>
"""
