"""Film strips as animated GIFs."""

from __future__ import annotations

import io

import numpy.typing as npt

from vaelab.pictures import enlarge, to_picture, to_uint8

MIN_MILLISECONDS = 20  # browsers slow anything faster down to 100
END_PAUSE = 6  # the two ends stay as long as this many frames


def film_gif(
    frames: npt.ArrayLike, *, milliseconds: int = 80, side: int = 224, back: bool = True
) -> bytes:
    """Images (N, C, H, W) as a GIF that loops.

    Args:
        frames: uint8, or float in [0, 1].
        milliseconds: a frame; the ends stay longer.
        side: pixels that the shorter side is enlarged to, by a whole factor.
        back: whether the film runs back to its start, so that the loop has no jump.

    Raises:
        ValueError: if frames are not (N >= 2, C, H, W), or faster than browsers play.
    """
    array = to_uint8(frames)
    if array.ndim != 4 or len(array) < 2:
        raise ValueError(f"frames must be of shape (N >= 2, C, H, W), got {array.shape}.")
    if milliseconds < MIN_MILLISECONDS:
        raise ValueError(f"milliseconds must be {MIN_MILLISECONDS} or more, got {milliseconds}.")
    pictures = [enlarge(to_picture(image), side) for image in array]
    durations = [milliseconds] * len(pictures)
    durations[0] = durations[-1] = milliseconds * END_PAUSE
    if back:
        pictures += pictures[-2:0:-1]
        durations += [milliseconds] * (len(array) - 2)
    buffer = io.BytesIO()
    pictures[0].save(
        buffer,
        "GIF",
        save_all=True,
        append_images=pictures[1:],
        duration=durations,
        loop=0,
        disposal=1,
    )
    return buffer.getvalue()
