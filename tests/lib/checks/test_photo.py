"""Pictures of checks: what is kept of them, and what is refused."""

from contextlib import suppress
from hashlib import sha256
from io import BytesIO
from pathlib import Path
import re
import struct
from typing import Any
import zlib

from hypothesis import given, strategies as st
from PIL import ExifTags, Image, ImageDraw
from PIL.PngImagePlugin import PngInfo
import pytest

from custom_components.niiza_cctv.lib.checks import photo
from custom_components.niiza_cctv.lib.checks.photo import (
    MAX_BYTES,
    MAX_EDGE,
    MAX_STORED,
    PhotoInvalid,
    keep_photo,
    photo_path,
)

SECRETS = (b"SecretPhone", b"secret comment", b"35 deg", b"secret profile", b"secret text")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return where pictures are kept; nobody made it yet."""
    return tmp_path / "vault" / "checks"


def corner_picture(width: int = 400, height: int = 200) -> Image.Image:
    """Return a white picture whose top left corner is red."""
    image = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(image).rectangle((0, 0, width // 4, height // 4), fill="red")
    return image


def jpeg(image: Image.Image, **options: Any) -> bytes:
    """Return a picture as a phone would write it."""
    stream = BytesIO()
    image.save(stream, "JPEG", **options)
    return stream.getvalue()


def png(image: Image.Image, **options: Any) -> bytes:
    """Return a picture as a screenshot."""
    stream = BytesIO()
    image.save(stream, "PNG", **options)
    return stream.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """Return what a phone notes beside a picture: model, place, orientation."""
    noted = Image.Exif()
    noted[ExifTags.Base.Orientation] = orientation
    noted[ExifTags.Base.Model] = "SecretPhone"
    noted.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSAreaInformation] = b"35 deg"
    return noted


def kept(data: bytes, folder: Path, tmp_path: Path) -> Image.Image:
    """Keep a picture and return what was kept."""
    source = tmp_path / "upload"
    source.write_bytes(data)
    found = keep_photo(source, folder)
    stored = photo_path(folder, found.name).read_bytes()
    assert (found.size, found.sha256) == (len(stored), sha256(stored).hexdigest())
    assert source.read_bytes() == data
    image = Image.open(BytesIO(stored))
    image.load()
    assert image.format == "JPEG"
    return image


def refused(data: bytes, folder: Path, tmp_path: Path) -> str:
    """Return why a picture is refused, having left nothing behind."""
    source = tmp_path / "upload"
    source.write_bytes(data)
    with pytest.raises(PhotoInvalid) as caught:
        keep_photo(source, folder)
    assert not folder.exists() or not list(folder.iterdir())
    return caught.value.key


def test_nothing_but_the_picture_is_kept(folder: Path, tmp_path: Path) -> None:
    """Model, place, comment, profile and notes of a phone's picture are gone."""
    data = jpeg(
        corner_picture(),
        exif=exif(),
        comment="secret comment",
        icc_profile=b"secret profile",
        xmp=b"<x:xmpmeta>secret text</x:xmpmeta>",
    )
    for secret in SECRETS:
        assert secret in data
    image = kept(data, folder, tmp_path)
    assert not image.getexif()
    assert image.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    (stored,) = folder.iterdir()
    for secret in SECRETS:
        assert secret not in stored.read_bytes()


def test_nothing_but_the_picture_is_kept_of_a_screenshot(folder: Path, tmp_path: Path) -> None:
    """The texts of a PNG are gone, and what was transparent is white."""
    texts = PngInfo()
    texts.add_text("Comment", "secret comment")
    texts.add_itxt("XML:com.adobe.xmp", "secret text", zip=True)
    image = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    data = png(image, pnginfo=texts, exif=exif())
    found = kept(data, folder, tmp_path)
    assert found.getpixel((150, 150)) == (255, 255, 255)
    (stored,) = folder.iterdir()
    for secret in SECRETS:
        assert secret not in stored.read_bytes()


@pytest.mark.parametrize(
    ("orientation", "corner"),
    [
        (1, "top left"),
        (2, "top right"),
        (3, "bottom right"),
        (4, "bottom left"),
        (5, "top left"),
        (6, "top right"),
        (7, "bottom right"),
        (8, "bottom left"),
    ],
)
def test_picture_stands_upright(
    folder: Path, tmp_path: Path, orientation: int, corner: str
) -> None:
    """Exif 2.32, tag 274: what a phone held sideways is turned before its notes go."""
    image = kept(jpeg(corner_picture(), exif=exif(orientation)), folder, tmp_path)
    assert image.size == ((400, 200) if orientation < 5 else (200, 400))
    x = 10 if "left" in corner else image.width - 10
    y = 10 if "top" in corner else image.height - 10
    colour = image.getpixel((x, y))
    assert isinstance(colour, tuple)
    assert colour[0] > 200
    assert colour[1] < 60


@pytest.mark.parametrize(
    ("size", "expected"),
    [((4000, 3000), (1600, 1200)), ((900, 4000), (360, 1600)), ((3, 2), (3, 2))],
)
def test_picture_is_shrunk(
    folder: Path, tmp_path: Path, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    """A large picture gets smaller and keeps its shape; a small one is not blown up."""
    assert kept(jpeg(corner_picture(*size)), folder, tmp_path).size == expected


def test_stored_picture_is_bounded(folder: Path, tmp_path: Path) -> None:
    """What compresses worst still fits what is reckoned with."""
    noise = Image.effect_noise((MAX_EDGE, MAX_EDGE), 250).convert("RGB")
    kept(png(noise), folder, tmp_path)
    (stored,) = folder.iterdir()
    assert stored.stat().st_size < MAX_STORED


@pytest.mark.parametrize("mode", ["L", "CMYK", "1"])
def test_pictures_of_other_colours_are_taken(folder: Path, tmp_path: Path, mode: str) -> None:
    """A scan in grey is a picture as well."""
    image = corner_picture().convert(mode)
    assert kept(jpeg(image) if mode != "1" else png(image), folder, tmp_path).mode == "RGB"


def test_several_pictures_in_one_file_are_one(folder: Path, tmp_path: Path) -> None:
    """Phones append a depth map or a preview: the picture is the first."""
    stream = BytesIO()
    corner_picture().save(
        stream, "MPO", save_all=True, append_images=[Image.new("RGB", (40, 20), "blue")]
    )
    assert kept(stream.getvalue(), folder, tmp_path).size == (400, 200)


def test_only_the_owner_reads_what_is_kept(folder: Path, tmp_path: Path) -> None:
    """Folder and file are Home Assistant's own; the name says nothing and cannot be guessed."""
    kept(jpeg(corner_picture()), folder, tmp_path)
    (stored,) = folder.iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert stored.stat().st_mode & 0o777 == 0o600
    assert re.fullmatch(r"[0-9a-f]{32}\.jpg", stored.name)


def _chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width: int, height: int) -> bytes:
    """Return a PNG of some bytes that says it is huge."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (_chunk(b"IHDR", header), _chunk(b"IDAT", rows), _chunk(b"IEND", b""))
    )


def text_bomb() -> bytes:
    """Return a PNG whose comment would be half a gigabyte."""
    packed = zlib.compressobj(9)
    text = b"".join(packed.compress(b"\0" * 1_000_000) for _ in range(500)) + packed.flush()
    data = png(corner_picture())
    return data[:33] + _chunk(b"zTXt", b"Comment\0\0" + text) + data[33:]


def many_scans() -> bytes:
    """Return a small file whose picture is to be gone through thousands of times."""
    data = jpeg(Image.new("L", (4000, 4000)), progressive=True)
    scan = data[data.rfind(b"\xff\xda") : -2]
    return data[:-2] + scan * 3000 + b"\xff\xd9"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        pytest.param(b"", "photo_unreadable", id="empty"),
        pytest.param(b"<svg onload='alert(1)'/>", "photo_unreadable", id="svg"),
        pytest.param(b"GIF89a\x01\0\x01\0\0\0\0;", "photo_unreadable", id="gif"),
        pytest.param(b"II*\0\x08\0\0\0\0\0", "photo_unreadable", id="tiff"),
        pytest.param(b"%!PS-Adobe-3.0\n%%EOF", "photo_unreadable", id="postscript"),
        pytest.param(b"\xff\xd8\xff", "photo_unreadable", id="torn at its beginning"),
        pytest.param(jpeg(corner_picture())[:-400], "photo_unreadable", id="torn at its end"),
        pytest.param(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "photo_heic", id="heic"),
        pytest.param(b"\0\0\0\x1cftypmif1\0\0\0\0mif1heic", "photo_heic", id="heif"),
        pytest.param(b"\0\0\0\x1cftypavif\0\0\0\0avifmif1", "photo_heic", id="avif"),
        pytest.param(bomb(60_000, 60_000), "photo_unreadable", id="beyond what any library takes"),
        pytest.param(bomb(9_000, 9_000), "photo_too_many_pixels", id="decompression bomb"),
        pytest.param(bomb(4_200, 4_200), "photo_too_many_pixels", id="smaller bomb"),
        pytest.param(bomb(1, 0), "photo_unreadable", id="no height"),
        pytest.param(text_bomb(), "photo_unreadable", id="bomb in a comment"),
        pytest.param(many_scans(), "photo_unreadable", id="thousands of passes"),
    ],
)
def test_what_is_no_picture_is_refused(folder: Path, tmp_path: Path, data: bytes, why: str) -> None:
    """Each is refused with what to do, and leaves nothing behind."""
    assert refused(data, folder, tmp_path) == why


def test_file_without_end_is_not_read_to_its_end(folder: Path, tmp_path: Path) -> None:
    """A file is read no further than a picture may be long."""
    source = tmp_path / "upload"
    with source.open("wb") as file:
        file.truncate(MAX_BYTES * 1000)
    with pytest.raises(PhotoInvalid) as caught:
        keep_photo(source, folder)
    assert caught.value.key == "photo_too_large"
    assert caught.value.placeholders == {"megabytes": "30"}


def test_pixels_of_a_phones_camera_are_bounded(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A JPEG has its own bound."""
    monkeypatch.setattr(photo, "MAX_PIXELS", 79_999)
    assert refused(jpeg(corner_picture()), folder, tmp_path) == "photo_too_many_pixels"
    monkeypatch.setattr(photo, "MAX_PIXELS", 80_000)
    assert kept(jpeg(corner_picture()), folder, tmp_path).size == (400, 200)


_SEED = jpeg(corner_picture(64, 48), exif=exif(6))


@given(place=st.integers(0, len(_SEED) - 1), new=st.binary(max_size=6), cut=st.integers(0, 40))
def test_hostile_bytes_are_a_picture_or_refused(
    tmp_path_factory: pytest.TempPathFactory, place: int, new: bytes, cut: int
) -> None:
    """Whatever is changed in a picture, what comes of it is a picture or a clear refusal."""
    tmp_path = tmp_path_factory.mktemp("hostile")
    source = tmp_path / "upload"
    source.write_bytes(_SEED[:place] + new + _SEED[place + cut :])
    folder = tmp_path / "checks"
    with suppress(PhotoInvalid):
        found = keep_photo(source, folder)
        with Image.open(photo_path(folder, found.name)) as image:
            image.load()
        return
    assert not folder.exists()


def test_full_disk_leaves_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A picture that cannot be stored is not half there."""
    source = tmp_path / "upload"
    source.write_bytes(jpeg(corner_picture()))

    def full(part: Path, path: Path) -> None:
        assert part.suffix == ".part"
        assert not path.exists()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(photo, "finish", full)
    with pytest.raises(OSError, match="No space left"):
        keep_photo(source, folder)
    assert not list(folder.iterdir())


@pytest.mark.parametrize(
    "name", ["", "..", "../../secrets.yaml", "a.jpg", f"{'a' * 32}.jpg/..", f"{'a' * 32}.jpg\n"]
)
def test_only_names_of_pictures_are_paths(folder: Path, name: str) -> None:
    """What comes from outside never leads out of the folder."""
    with pytest.raises(ValueError, match="Not the name"):
        photo_path(folder, name)
