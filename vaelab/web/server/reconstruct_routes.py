"""A picture through encoder and decoder, for a browser that cannot run them itself."""

from __future__ import annotations

import base64
import binascii
import json

import numpy as np
import numpy.typing as npt
from starlette.requests import Request
from starlette.responses import Response

from vaelab.checkpoints import Checkpoint
from vaelab.pictures import to_uint8
from vaelab.web.decoding import decode, encode
from vaelab.web.loaders import model_of
from vaelab.web.server.model_routes import MOST_ROWS, posted


async def reconstructed(request: Request) -> Response:
    """Posteriors and reconstructions of a posted picture, see `reconstruct_body`."""
    return await posted(request, reconstruct_body)


def reconstruct_body(checkpoint: Checkpoint, body: bytes) -> bytes:
    """What the model makes of `{"x": base64, "y": [[...]] or null}`.

    x is a picture uint8 (C, H, W), y class weights (n, n_classes); without, n is 1.

    Returns:
        The codes' means and, for a VAE, standard deviations as little-endian float32 (n, K) each,
        then the decoded means uint8 (n, C, H, W).

    Raises:
        ValueError: if the body is anything else, or its numbers do not fit the model.
    """
    asked = json.loads(body)
    if not isinstance(asked, dict) or not isinstance(asked.get("x"), str):
        raise ValueError('the body must be {"x": base64, "y": [[...]] or null}.')
    config, model = checkpoint.model_config, model_of(checkpoint)
    x = picture_of(asked["x"], config.image_shape)
    y = _weights(asked.get("y"), config.n_classes)
    images = np.repeat(x[None], 1 if y is None else len(y), axis=0)
    code = encode(model, images, y)
    pictures = to_uint8(decode(model, code.mean, y).mean)
    numbers = [code.mean] if code.std is None else [code.mean, code.std]
    return b"".join([*(part.astype("<f4").tobytes() for part in numbers), pictures.tobytes()])


def picture_of(text: str, shape: tuple[int, int, int]) -> npt.NDArray[np.uint8]:
    """uint8 (C, H, W) of base64.

    Raises:
        ValueError: if it is no base64, or of another length.
    """
    try:
        content = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"x must be base64: {error}.") from error
    if len(content) != int(np.prod(shape)):
        raise ValueError(f"x must have {int(np.prod(shape))} bytes, got {len(content)}.")
    return np.frombuffer(content, np.uint8).reshape(shape)


def _weights(rows: object, n_classes: int) -> npt.NDArray[np.float32] | None:
    if not n_classes and rows is None:
        return None
    y = np.asarray(rows, np.float32)
    if y.ndim != 2 or not 1 <= len(y) <= MOST_ROWS or y.shape[1] != n_classes:
        raise ValueError(f"y must be (1 to {MOST_ROWS}, {n_classes}), got {y.shape}.")
    if not np.isfinite(y).all():
        raise ValueError("y must be finite, got NaN or infinity.")
    return y
