"""The font that pictures are written on with: the pages' own, where Pillow can read it."""

from __future__ import annotations

import functools
from pathlib import Path

import streamlit as st
from PIL import ImageFont

# Latin, Greek and Cyrillic; Pillow's own has little more than ASCII.
PAGES_FONT = "static/static/media/SourceSansVF-Upright*.woff2"
REGULAR = 400  # weight
NO_CHARACTER = "\uffff"  # in no font: what is drawn for it is drawn for all that a font lacks

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@functools.cache
def font_of(size: int) -> Font:
    """The font in pixels of height; Pillow's own if Streamlit has moved or repacked its."""
    for path in Path(st.__file__).parent.glob(PAGES_FONT):
        try:
            font = ImageFont.truetype(path, size)
            font.set_variation_by_axes([REGULAR])
        except OSError:  # a FreeType that cannot unpack woff2, or no variable font
            continue
        return font
    return ImageFont.load_default(size)


def can_be_written(text: str, font: Font) -> bool:
    """Whether the font has all letters of a text."""
    missing = font.getmask(NO_CHARACTER)
    masks = (font.getmask(letter) for letter in text if not letter.isspace())
    return not any(m.size == missing.size and bytes(m) == bytes(missing) for m in masks)
