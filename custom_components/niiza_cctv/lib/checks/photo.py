"""Pictures of what somebody found: small, without anything that tells more than the picture, in a private folder.

Synchronous: for worker threads, one picture at a time (one needs up to 200 MB while it is shrunk).
"""

from io import BytesIO
from pathlib import Path
import re
import secrets
from typing import Final

from PIL import Image, ImageOps

from ..access.errors import FieldsInvalid
from ..footage.files import finish, new_file
from .model import Photo

# Of the longer edge: a sticker can be read, a passer-by in the background cannot be told from another.
MAX_EDGE: Final = 1600
MAX_BYTES: Final = 30_000_000
# The largest picture of phones that is not their special mode for 100 and more megapixels.
MAX_PIXELS: Final = 52_000_000
# A PNG is decoded in full: a screenshot has less.
MAX_PIXELS_PNG: Final = 16_000_000
# What a stored picture may need at most: noise at this size and quality.
MAX_STORED: Final = 4_000_000
# A JPEG is decoded in ten passes at most; a hostile one repeats them to keep the machine busy. They are counted over the
# whole file, so also by chance in the film that some phones append to a picture: hence the margin. About four seconds.
_MAX_WORK: Final = 6_000_000_000
_START_OF_SCAN: Final = b"\xff\xda"
_QUALITY: Final = 85
_NAME: Final = re.compile(r"[0-9a-f]{32}\.jpg")
# ISO 14496-12: the brands by which phones' newer formats (HEIC, HEIF, AVIF) are told.
_HEIC: Final = re.compile(rb"....ftyp(hei|hev|mif1|msf1|avi)", re.DOTALL)


class PhotoInvalid(FieldsInvalid):
    """What was sent cannot be taken as a picture; the message says what to do."""


def keep_photo(source: Path, folder: Path) -> Photo:
    """Store a picture as a JPEG of at most MAX_EDGE pixels, upright, without any metadata; `source` stays.

    Raises PhotoInvalid for what is no JPEG or PNG, broken, or too large; OSError when it cannot be stored.
    """
    picture = _shrunk(_read(source))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{secrets.token_hex(16)}.jpg"
    part = path.with_suffix(".part")
    try:
        with new_file(part) as file:
            picture.save(file, "JPEG", quality=_QUALITY, optimize=True)
        kept = finish(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return Photo(name=kept.name, sha256=kept.sha256, size=kept.size)


def photo_path(folder: Path, name: str) -> Path:
    """Return where a picture lies; raises ValueError for what is not the name of one."""
    if not _NAME.fullmatch(name):
        raise ValueError("Not the name of a picture")
    return folder / name


def _read(source: Path) -> bytes:
    with source.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise PhotoInvalid("photo_too_large", {"megabytes": str(MAX_BYTES // 1_000_000)})
    return data


def _shrunk(data: bytes) -> Image.Image:
    """Return what is seen on a picture, and nothing else of it."""
    if _HEIC.match(data):
        raise PhotoInvalid("photo_heic")
    try:
        # Every further format would be a further decoder that strangers' bytes reach.
        with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as image:
            _check_work(image, data)
            # A JPEG is decoded no larger than it is needed.
            image.draft("RGB", (MAX_EDGE, MAX_EDGE))
            image.thumbnail((MAX_EDGE, MAX_EDGE))
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except PhotoInvalid:
        raise
    # What a decoder raises at hostile bytes is promised nowhere: struct.error, SyntaxError, MemoryError, …
    except Exception as err:
        raise PhotoInvalid("photo_unreadable") from err
    # Drawn on an empty sheet: a picture carries its comments and profiles along, a sheet has none.
    sheet = Image.new("RGB", upright.size, "white")
    sheet.paste(upright, mask=upright)
    return sheet


def _check_work(image: Image.Image, data: bytes) -> None:
    """Raise PhotoInvalid for a picture that takes more memory or time than any phone's."""
    pixels = image.width * image.height
    most = MAX_PIXELS_PNG if image.format == "PNG" else MAX_PIXELS
    if pixels > most:
        raise PhotoInvalid("photo_too_many_pixels", {"megapixels": str(most // 1_000_000)})
    if pixels * data.count(_START_OF_SCAN) > _MAX_WORK:
        raise PhotoInvalid("photo_unreadable")
