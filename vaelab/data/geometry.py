"""One image or an array of them brought to the shape that was asked for."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

from vaelab.data.dataset import DataError
from vaelab.data.ink import border_level
from vaelab.data.source import MAX_DATASET_BYTES
from vaelab.data.spec import MAX_SIDE, MIN_SIDE, DataSpec

Pixels = npt.NDArray[np.uint8]


def crop_and_resize(
    image: Image.Image,
    height: int,
    width: int,
    resample: Image.Resampling = Image.Resampling.BICUBIC,
) -> Image.Image:
    """The largest centred part with the target's proportions, resampled to it."""
    if image.size == (width, height):
        return image
    w, h = image.size
    scale = min(w / width, h / height)
    crop_w, crop_h = width * scale, height * scale
    left, top = (w - crop_w) / 2, (h - crop_h) / 2
    box = (left, top, left + crop_w, top + crop_h)
    return image.resize((width, height), resample, box=box)


def fit_whole(
    image: Image.Image, height: int, width: int, resample: Image.Resampling
) -> Image.Image:
    """All of an `L` or `RGB` image in the middle of a frame, the rest in its border's colour."""
    scale = min(width / image.width, height / image.height)
    small = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    pixels = np.atleast_3d(np.asarray(image))
    ground = tuple(round(border_level(pixels[..., c])) for c in range(pixels.shape[-1]))
    frame = Image.new(image.mode, (width, height), ground if len(ground) > 1 else ground[0])
    frame.paste(image.resize(small, resample), ((width - small[0]) // 2, (height - small[1]) // 2))
    return frame


def check_total(n: int, shape: tuple[int, int, int], name: str) -> None:
    """Refuse what would not fit in memory, before any of it is allocated."""
    total = n * int(np.prod(shape))
    if total > MAX_DATASET_BYTES:
        raise DataError(
            f"{name} would take {total / 2**30:,.1f} GiB as {n:,} images of "
            f"{shape[0]}x{shape[1]}x{shape[2]}; at most {MAX_DATASET_BYTES / 2**30:.0f} GiB is "
            "allowed, so choose a smaller image_size or fewer images."
        )


def target_shape(c: int, h: int, w: int, spec: DataSpec) -> tuple[int, int, int]:
    """(C, H, W) that `conform` gives for images of (c, h, w).

    Raises:
        DataError: when a native side is outside 8..128 and no image_size was asked for.
    """
    if spec.image_size is not None:
        h = w = spec.image_size
    elif not (MIN_SIDE <= h <= MAX_SIDE and MIN_SIDE <= w <= MAX_SIDE):
        raise DataError(
            f"images of {h}x{w} pixels are outside {MIN_SIDE}..{MAX_SIDE} a side; give an "
            "image_size to have them resized."
        )
    return {"auto": 3 if c >= 3 else 1, "grey": 1, "rgb": 3}[spec.colour], h, w


def conform(images: Pixels, spec: DataSpec) -> Pixels:
    """uint8 (N, C, H, W) in the size and colour that `spec` asks for; C is 1 or 3."""
    n, c, h, w = images.shape
    channels, height, width = target_shape(c, h, w, spec)
    check_total(n, (channels, height, width), spec.source)
    if (height, width) != (h, w):
        images = _resized(images, height, width)
    if channels == c:
        return images
    if channels == 3:
        return np.repeat(images, 3, axis=1)
    # ITU-R 601 luma, the weights that Pillow uses for "L"
    luma = np.empty((n, 1, height, width), np.uint8)
    for start in range(0, n, 4096):  # in blocks: float copies of everything would take 8 times more
        block = images[start : start + 4096].astype(np.float32)
        weights = np.array([0.299, 0.587, 0.114], np.float32)
        luma[start : start + 4096, 0] = np.rint(np.einsum("nchw,c->nhw", block, weights))
    return luma


def _resized(images: Pixels, height: int, width: int) -> Pixels:
    n, c = images.shape[:2]
    resized = np.empty((n, c, height, width), np.uint8)
    for i in range(n):
        pixels = images[i, 0] if c == 1 else np.moveaxis(images[i], 0, -1)  # (H, W) or (H, W, C)
        picture = Image.fromarray(np.ascontiguousarray(pixels))
        resized[i] = to_channels_first(crop_and_resize(picture, height, width))
    return resized


def to_channels_first(image: Image.Image) -> Pixels:
    """uint8 (C, H, W) of an `L` or `RGB` image."""
    pixels = np.asarray(image, dtype=np.uint8)
    return pixels[None] if pixels.ndim == 2 else np.moveaxis(pixels, -1, 0)
