"""One picture of the user's brought to the shape and look of a model's data, step by step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image

from vaelab.data.dataset import DataError
from vaelab.data.geometry import crop_and_resize, fit_whole, to_channels_first
from vaelab.data.images import (
    BLACK,
    FORMATS,
    WHITE,
    decode_image,
    flatten,
    has_more_frames,
    is_grey,
    is_transparent,
    open_image,
    pixels_only,
)
from vaelab.data.ink_steps import framed
from vaelab.data.paper import has_light_ground
from vaelab.data.preparation import FILTERS, Preparation
from vaelab.data.steps import Record, Step

UPLOAD_FORMATS = (*FORMATS, "TIFF")
UPLOAD_SUFFIXES = ("png", "jpg", "jpeg", "webp", "bmp", "gif", "tif", "tiff")
MAX_UPLOAD_BYTES = 20 * 2**20
MODES = {  # Pillow's, in words
    "1": "black and white",
    "L": "grey",
    "LA": "grey with alpha",
    "P": "palette",
    "RGB": "colour",
    "RGBA": "colour with alpha",
}
WORKING_SIDE = 768  # pixels; larger pictures are reduced to this first, models see at most 128
# What undoes the turn that each EXIF orientation asks for.
_TURNED_BACK = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@dataclass(frozen=True, eq=False)
class Prepared:
    """A picture ready for a model: `pixels` uint8 (C, H, W), and the steps that led there."""

    steps: tuple[Step, ...]
    pixels: npt.NDArray[np.uint8]


def prepare(
    data: bytes,
    preparation: Preparation,
    shape: tuple[int, int, int],
    *,
    name: str = "The upload",
) -> Prepared:
    """Decode a picture and make it look like a model's data.

    A picture that has the model's size already keeps its geometry. For colour models and for data
    without a background the largest centred part with the frame's proportions is resized.

    Args:
        data: the file's bytes: png, jpg, webp, bmp, gif (first frame) or tiff (first page), at
            most 20 MB and 50 million pixels, both checked before anything is decoded.
        preparation: what to do; see `guess_preparation`.
        shape: (C, H, W) of the model, C 1 or 3.
        name: what error sentences call the picture.

    Raises:
        DataError: for a file that is too large, no picture, damaged, or holds NaN; for a `shape`
            that is not allowed.
    """
    channels, height, width = shape
    if channels not in (1, 3) or height < 1 or width < 1:
        raise DataError(f"shape must be (1 or 3, H, W), got {shape}.")
    record = Record()
    image = _read(data, name, channels, preparation, record)
    if _is_to_be_inverted(image, preparation):
        image = Image.fromarray(255 - np.asarray(image))
        asked = preparation.invert == "yes"
        record.note("invert", "as asked" if asked else _why_inverted(preparation), image)
    if image.size == (width, height) and preparation.threshold != "fixed":
        record.note("keep", f"it has the data’s {width}x{height} pixels already", image)
    elif channels == 3 or preparation.dark_background is None:
        image = _photograph(image, (height, width), preparation, record)
    else:
        image = framed(np.asarray(image), (height, width), preparation, record)
    return Prepared(record.steps, to_channels_first(image))


def _read(
    data: bytes, name: str, channels: int, preparation: Preparation, record: Record
) -> Image.Image:
    """Decoded, upright, on an opaque ground, `L` or `RGB` as the model needs, not too large."""
    image = decode_image(
        data, name, formats=UPLOAD_FORMATS, max_bytes=MAX_UPLOAD_BYTES, enough=WORKING_SIDE
    )
    transparent = is_transparent(image)
    shown = _reduced(pixels_only(image, "RGBA") if transparent else flatten(image))
    _note_file(data, name, shown, record)
    grey = is_grey(shown)
    flat = shown
    if transparent:
        light = channels == 3 or preparation.dark_background is None
        matte = WHITE if light else _matte(shown)
        flat = flatten(shown, matte)
        record.note("transparency", f"laid on {'white' if matte else 'black'}", flat)
    if not grey and (channels == 1 or preparation.colour == "grey"):
        why = "as the data has no colour" if channels == 1 else "as asked"
        flat = flat.convert("L")
        record.note("grey", f"brightness only, {why}", flat)
    elif channels == 3 and grey:
        record.note("colour", "the same grey in all three channels", flat.convert("RGB"))
    return flat.convert("L" if channels == 1 else "RGB")


def _note_file(data: bytes, name: str, shown: Image.Image, record: Record) -> None:
    """What the file is, from its header, as it is stored; and that it is turned, where it is."""
    header = open_image(data, name, formats=UPLOAD_FORMATS, max_bytes=MAX_UPLOAD_BYTES)
    mode = MODES.get(header.mode, header.mode)
    said = f"{header.format} of {header.width}x{header.height} pixels, {mode}"
    if has_more_frames(header):
        said += ", the first of its frames"
    try:
        orientation = header.getexif().get(ExifTags.Base.Orientation, 1)
    except (OSError, SyntaxError, ValueError):  # a damaged EXIF block asks for nothing
        orientation = 1
    back = _TURNED_BACK.get(orientation) if isinstance(orientation, int) else None
    record.note("read", said, shown if back is None else shown.transpose(back))
    if back is not None:
        record.note("turn", "upright, as its EXIF says; nothing else of that is kept", shown)


def _reduced(image: Image.Image) -> Image.Image:
    scale = WORKING_SIDE / max(image.size)
    if scale >= 1:
        return image
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return image.resize(size, Image.Resampling.BOX)


def _matte(layers: Image.Image) -> int:
    """Black under a drawing that is light, white under one that is dark."""
    rgba = np.asarray(layers, dtype=np.float64)  # (H, W, 4)
    alpha = rgba[..., 3]
    if not alpha.any():
        return WHITE
    brightness = (rgba[..., :3].mean(-1) * alpha).sum() / alpha.sum()
    return BLACK if brightness > 127 else WHITE


def _is_to_be_inverted(image: Image.Image, preparation: Preparation) -> bool:
    if preparation.invert != "auto":
        return preparation.invert == "yes"
    if preparation.dark_background is None or image.mode != "L":
        return False
    return has_light_ground(np.asarray(image)) == preparation.dark_background


def _why_inverted(preparation: Preparation) -> str:
    if preparation.dark_background:
        return "it is dark on light, the data light on dark"
    return "it is light on dark, the data dark on light"


def _photograph(
    image: Image.Image, size: tuple[int, int], preparation: Preparation, record: Record
) -> Image.Image:
    """The centred part, or the whole picture on its border's colour, in a frame of size (H, W)."""
    height, width = size
    resample, before = FILTERS[preparation.resize], f"{image.width}x{image.height}"
    if preparation.crop == "auto":
        image = crop_and_resize(image, height, width, resample)
        record.note("resize", f"centred part of {before} to {width}x{height}", image)
        return image
    frame = fit_whole(image, height, width, resample)
    record.note("resize", f"all of {before} into {width}x{height}", frame)
    return frame
