"""Films of posted codes, as files to take away: made when they are asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from starlette.requests import Request
from starlette.responses import Response

from vaelab.checkpoints import Checkpoint
from vaelab.web.decoding import decode
from vaelab.web.interpolate.gif import film_gif
from vaelab.web.interpolate.mp4 import film_mp4
from vaelab.web.loaders import model_of
from vaelab.web.server.model_routes import posted_file

MOST_FRAMES = 600
MOST_BYTES = 4 * 2**20
GIF_SIDE, MP4_SIDE = 224, 256
MEDIA_TYPES = {"gif": "image/gif", "mp4": "video/mp4"}
FASTEST_GIF = 50  # frames a second; browsers play no faster


@dataclass(frozen=True, eq=False)
class Film:
    """What is asked for.

    Attributes:
        z: float32 (n, K).
        y: class weights float32 (n, n_classes), or None.
        format: a key of MEDIA_TYPES.
        rate: frames a second.
        back: whether it runs back to its start.
    """

    z: npt.NDArray[np.float32]
    y: npt.NDArray[np.float32] | None
    format: str
    rate: float
    back: bool


async def film(request: Request) -> Response:
    """A GIF or MP4 file of the pictures of posted codes."""
    return await posted_file(request, _made, MOST_BYTES)


def _made(checkpoint: Checkpoint, body: bytes) -> tuple[bytes, str]:
    """The file that a body asks for, and its media type."""
    asked = read_film(json.loads(body))
    return make_film(checkpoint, asked), MEDIA_TYPES[asked.format]


def read_film(asked: Any) -> Film:
    """The film that `{"z": [[...]], "y": ... or null, "format", "rate", "back"}` asks for.

    Raises:
        ValueError: if it is anything else.
        TypeError: if its numbers are none.
    """
    if not isinstance(asked, dict) or not isinstance(asked.get("z"), list):
        raise ValueError('the body must be {"z", "y", "format", "rate", "back"}.')
    z = np.asarray(asked["z"], np.float32)
    y = None if asked.get("y") is None else np.asarray(asked["y"], np.float32)
    kind, rate = asked.get("format"), float(asked.get("rate", 0))
    if kind not in MEDIA_TYPES:
        raise ValueError(f"format must be one of {', '.join(MEDIA_TYPES)}, got {kind!r}.")
    if not 2 <= len(z) <= MOST_FRAMES or (y is not None and len(y) != len(z)):
        raise ValueError(f"z and y must have the same 2 to {MOST_FRAMES} rows, got {len(z)}.")
    if not np.isfinite(z).all() or not (y is None or np.isfinite(y).all()):
        raise ValueError("z and y must be finite, got NaN or infinity.")
    if not 1 <= rate <= FASTEST_GIF:
        raise ValueError(f"rate must be 1 to {FASTEST_GIF} frames a second, got {rate}.")
    return Film(z, y, kind, rate, bool(asked.get("back")))


def make_film(checkpoint: Checkpoint, asked: Film) -> bytes:
    """The file.

    Raises:
        ValueError: if the codes do not fit the model.
        OSError: if it cannot be written.
    """
    frames = decode(model_of(checkpoint), asked.z, asked.y).mean
    if asked.format == "gif":
        milliseconds = round(1000 / asked.rate)
        return film_gif(frames, milliseconds=milliseconds, side=GIF_SIDE, back=asked.back)
    return film_mp4(frames, rate=asked.rate, side=MP4_SIDE, back=asked.back)
