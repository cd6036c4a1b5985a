"""Film strips as MP4 files."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

from vaelab.pictures import enlarge, to_picture, to_uint8

SLOWEST, FASTEST = 1, 60  # frames a second
QUALITY = 8  # of 10


def film_mp4(
    frames: npt.ArrayLike, *, rate: float = 30, side: int = 256, back: bool = True
) -> bytes:
    """Images (N, C, H, W) as H.264 in an MP4 file, which every browser plays.

    Args:
        frames: uint8, or float in [0, 1].
        rate: frames a second.
        side: pixels that the shorter side is enlarged to, by a whole factor.
        back: whether the film runs back to its start, so that it can be played in a loop.

    Raises:
        ValueError: if frames are not (N >= 2, C, H, W), or the rate is out of range.
        OSError: if the file cannot be written.
    """
    import imageio_ffmpeg  # brings ffmpeg with it

    array = to_uint8(frames)
    if array.ndim != 4 or len(array) < 2:
        raise ValueError(f"frames must be of shape (N >= 2, C, H, W), got {array.shape}.")
    if not SLOWEST <= rate <= FASTEST:
        raise ValueError(f"rate must be {SLOWEST} to {FASTEST} frames a second, got {rate}.")
    if back:
        array = np.concatenate([array, array[-2:0:-1]])
    pictures = [_even(np.asarray(enlarge(to_picture(x), side).convert("RGB"))) for x in array]
    height, width, _ = pictures[0].shape
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        writer = imageio_ffmpeg.write_frames(
            str(path),
            (width, height),
            fps=rate,
            quality=QUALITY,
            codec="libx264",
            macro_block_size=1,
            output_params=["-movflags", "+faststart", "-threads", "1"],
        )
        writer.send(None)  # as its interface asks
        try:
            for picture in pictures:
                writer.send(picture.tobytes())
        finally:
            writer.close()
        return path.read_bytes()


def _even(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The picture with even sides, which H.264 asks for: the last row or column twice."""
    height, width, _ = picture.shape
    return np.pad(picture, ((0, height % 2), (0, width % 2), (0, 0)), "edge")
