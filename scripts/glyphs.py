"""Draw the glyphs that are burnt into masked clips: `.venv/bin/python -m scripts.glyphs FONT`, for instance Noto Sans CJK.

The font's licence has to allow it (SIL Open Font License: the sheet carries that licence, see `glyphs.LICENSE.txt` beside
it). Only these characters are there: digits, Latin, and the two words, so that no name can be written into a picture.
"""

import json
from pathlib import Path
import string
import sys

import numpy as np
from PIL import Image, ImageDraw, ImageFont

FOLDER = Path(__file__).parents[1] / "custom_components/niiza_cctv/lib/footage/masking"
CHARACTERS = string.digits + string.ascii_letters + " -:/.()" + "閲覧用写し"
HEIGHT = 64
# Of the sheet's height; the rest is room above and below.
SIZE = 52


def main() -> None:
    """Write the sheet and where on it each character is."""
    # The first face of the collection is the Japanese one.
    font = ImageFont.truetype(sys.argv[1], SIZE, index=0)
    ascent, descent = font.getmetrics()
    top = (HEIGHT - ascent - descent) // 2
    places: dict[str, tuple[int, int]] = {}
    columns = []
    at = 0
    for character in CHARACTERS:
        width = round(font.getlength(character))
        image = Image.new("L", (width, HEIGHT))
        ImageDraw.Draw(image).text((0, top), character, fill=255, font=font)
        columns.append(np.asarray(image))
        places[character] = (at, width)
        at += width
    np.save(FOLDER / "glyphs.npy", np.concatenate(columns, axis=1), allow_pickle=False)
    text = json.dumps(places, ensure_ascii=False)
    (FOLDER / "glyphs.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
