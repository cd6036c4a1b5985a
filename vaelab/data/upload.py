"""One uploaded picture brought to the shape and look of a model's data, every step on record."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image

from vaelab.data.dataset import DataError
from vaelab.data.framing import Framing
from vaelab.data.geometry import crop_and_resize, to_channels_first
from vaelab.data.images import (
    BLACK,
    FORMATS,
    WHITE,
    decode_image,
    flatten,
    is_grey,
    is_transparent,
    open_image,
    pixels_only,
)
from vaelab.data.ink import (
    border_brightness,
    content_box,
    fitted,
    is_clean,
    level,
    placed,
    thickened,
)

UPLOAD_FORMATS = (*FORMATS, "TIFF")
UPLOAD_SUFFIXES = ("png", "jpg", "jpeg", "webp", "bmp", "gif", "tif", "tiff")
MAX_UPLOAD_BYTES = 20 * 2**20
WORKING_SIDE = 768  # pixels; larger pictures are reduced to this first, models see at most 128
MNIST_PAD = 4 / 28


@dataclass(frozen=True, eq=False)
class Step:
    """One thing that was done, and the picture after it."""

    name: str
    detail: str
    image: Image.Image


@dataclass(frozen=True, eq=False)
class Preprocessed:
    """An upload ready for a model: `image` uint8 (C, H, W), and the steps that led there."""

    image: npt.NDArray[np.uint8]
    steps: tuple[Step, ...]


def prepare_upload(
    data: bytes,
    image_shape: tuple[int, int, int],
    *,
    invert: bool | None = None,
    crop: bool = True,
    pad: float = MNIST_PAD,
    dark_background: bool | None = True,
    centre: str = "mass",
    levels: bool = True,
    thicken: bool = True,
    name: str = "The upload",
) -> Preprocessed:
    """Decode a picture and make it look like a model's data; see `Framing` for what fits which.

    A grey picture that has the model's size already keeps its geometry and contrast. For colour
    models and for data without a background (`dark_background=None`), the largest centred part
    with the frame's proportions is resized, and nothing else is done.

    Args:
        data: the file's bytes: png, jpg, webp, bmp, gif (first frame) or tiff (first page), at
            most 20 MB and 50 million pixels, both checked before anything is decoded.
        image_shape: (C, H, W) of the model, C 1 or 3.
        invert: exchange light and dark; None: if the picture's border is light where the data's
            background is dark, or the other way round (grey models only).
        crop: cut to the content and fit it into the frame less `pad` on each side.
        pad: fraction of the frame's side, 0 to below 0.5.
        dark_background, centre, levels, thicken: see `Framing`.
        name: what error sentences call the picture.

    Raises:
        DataError: for a file that is too large, no picture, damaged, or holds NaN; for a `pad`,
            `centre` or `image_shape` that is not allowed.
    """
    channels, height, width = image_shape
    if channels not in (1, 3) or height < 1 or width < 1:
        raise DataError(f"image_shape must be (1 or 3, H, W), got {image_shape}.")
    framing = Framing(dark_background, crop, pad, centre, levels, thicken)
    steps: list[Step] = []
    image = _read(data, name, channels, dark_background, steps)
    if invert if invert is not None else _wrong_way_round(image, dark_background, channels):
        why = (
            "as asked" if invert else "its border is light where the data's is dark, or vice versa"
        )
        image = Image.fromarray(255 - np.asarray(image))
        steps.append(Step("invert", why, image))
    if image.size == (width, height):
        detail = f"it has the data's {width}x{height} pixels already"
        steps.append(Step("keep", detail, image))
    elif channels == 3 or dark_background is None or not crop:
        detail = f"centred part of {image.width}x{image.height} to {width}x{height}"
        image = crop_and_resize(image, height, width)
        steps.append(Step("resize", detail, image))
    else:
        image = _frame(np.asarray(image), (height, width), framing, steps)
    return Preprocessed(to_channels_first(image), tuple(steps))


def _read(
    data: bytes, name: str, channels: int, dark_background: bool | None, steps: list[Step]
) -> Image.Image:
    """Decoded, upright, on an opaque ground, `L` or `RGB` as the model needs, not too large."""
    image = decode_image(
        data, name, formats=UPLOAD_FORMATS, max_bytes=MAX_UPLOAD_BYTES, enough=WORKING_SIDE
    )
    transparent = is_transparent(image)
    shown = _reduced(pixels_only(image, "RGBA") if transparent else flatten(image))
    steps.append(Step("read", _description(data, name), shown))
    grey = is_grey(shown)
    if transparent:
        matte = WHITE if channels == 3 or dark_background is None else _matte(shown)
        flat = flatten(shown, matte)
        steps.append(Step("transparency", f"laid on {'white' if matte else 'black'}", flat))
    else:
        flat = shown
    if channels == 1 and not grey:
        flat = flat.convert("L")
        steps.append(Step("grey", "brightness only, as the data has no colour", flat))
    elif channels == 3 and grey:
        flat = flat.convert("RGB")
        steps.append(Step("colour", "the same grey in all three channels", flat))
    return flat.convert("L" if channels == 1 else "RGB")


def _description(data: bytes, name: str) -> str:
    """What a decodable file is, from its header."""
    header = open_image(data, name, formats=UPLOAD_FORMATS, max_bytes=MAX_UPLOAD_BYTES)
    turned = header.getexif().get(ExifTags.Base.Orientation, 1) != 1
    return (
        f"{header.format} of {header.width}x{header.height} pixels, {header.mode}"
        f"{', turned as its EXIF says' if turned else ''}"
    )


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


def _wrong_way_round(image: Image.Image, dark_background: bool | None, channels: int) -> bool:
    """Whether a grey picture's border is light where the data's is dark, or vice versa."""
    if dark_background is None or channels == 3:
        return False
    return (border_brightness(np.asarray(image)) < 128) != dark_background


def _frame(
    pixels: npt.NDArray[np.uint8], size: tuple[int, int], framing: Framing, steps: list[Step]
) -> Image.Image:
    """The content of a grey picture in a frame of size (H, W), light and dark as they are."""

    def note(name: str, detail: str, bright: npt.NDArray[np.uint8]) -> Image.Image:
        image = Image.fromarray(bright if framing.dark_background else 255 - bright)
        steps.append(Step(name, detail, image))
        return image

    ink = pixels if framing.dark_background else 255 - pixels
    height, width = size
    even: npt.NDArray[np.uint8] | None = ink
    if framing.levels and not is_clean(ink):
        even = level(ink)
        if even is not None:
            ink = even
            note("levels", "uneven light taken away, contrast stretched", ink)
    box = None if even is None else content_box(ink)
    if box is None:
        image = crop_and_resize(Image.fromarray(ink), height, width)
        detail = f"nothing stands out to be cropped to; resized to {width}x{height}"
        return note("resize", detail, np.asarray(image))
    left, top, right, bottom = box
    ink = ink[top:bottom, left:right]
    note("crop", f"to the content, {right - left}x{bottom - top} pixels", ink)
    if framing.thicken:
        thick = thickened(ink)
        if thick.shape != ink.shape:
            ink = thick
            note("thicken", "thin strokes widened, so that they survive at this size", ink)
    part = 1 - 2 * framing.pad
    room = max(1, round(height * part)), max(1, round(width * part))
    small = fitted(ink, *room)
    note("resize", f"to {small.shape[1]}x{small.shape[0]}, to fit into {room[1]}x{room[0]}", small)
    by = "centre of mass" if framing.centre == "mass" else "bounding box"
    result = placed(small, height, width, framing.centre)
    return note("centre", f"by its {by} in {width}x{height}", result)
