"""Addresses of what a browser needs to decode by itself: a model's graphs and codes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from vaelab.checkpoints import Checkpoint, CheckpointError, read_checkpoint
from vaelab.web.decoding import decode, reencode
from vaelab.web.loaders import model_of
from vaelab.web.opened import opened_from
from vaelab.web.server.graphs import graph_file
from vaelab.web.server.requested import (
    NO_SUCH,
    NOSNIFF,
    body_of,
    checkpoint_folders,
    is_known,
    or_sentence,
)
from vaelab.web.sliders.axis_modes import Asked, axes_of_mode
from vaelab.web.sliders.typical import codes_for_browser

MOST_ROWS = 64  # pictures in one request to the server's decoder
MOST_BYTES = 2**20


async def decoder_graph(request: Request) -> Response:
    """A checkpoint's decoder as ONNX."""
    return await _graph(request, "decoder")


async def encoder_graph(request: Request) -> Response:
    """A checkpoint's encoder as ONNX."""
    return await _graph(request, "encoder")


async def codes(request: Request) -> Response:
    """Some of the data's codes and their labels, see `codes_for_browser`."""
    checkpoint = await run_in_threadpool(find_checkpoint, request.path_params["checkpoint_id"])
    if checkpoint is None:
        return NO_SUCH
    content = await or_sentence(lambda: codes_for_browser(checkpoint))
    if isinstance(content, Response):
        return content
    tag = hashlib.sha256(content).hexdigest()[:32]
    if is_known(request, tag):
        return Response(status_code=304, headers=_tagged(tag))
    return Response(content, media_type="application/octet-stream", headers=_tagged(tag))


async def decoded(request: Request) -> Response:
    """Pictures of posted codes, for a browser that cannot decode: uint8 (n, C, H, W)."""
    return await posted(request, decode_body)


async def reencoded(request: Request) -> Response:
    """Codes of the pictures of posted codes: little-endian float32 (n, K)."""
    return await posted(request, reencode_body)


async def axes(request: Request) -> Response:
    """The sliders of the mode in the address, around the posted code."""
    mode = request.path_params["mode"]
    return await posted(request, lambda checkpoint, body: axes_body(checkpoint, mode, body))


async def posted(request: Request, work: Callable[[Checkpoint, bytes], bytes]) -> Response:
    """What `work` makes of a posted body for the checkpoint that the address names."""
    kind = "application/octet-stream"
    return await posted_file(request, lambda *of: (work(*of), kind), MOST_BYTES)


async def posted_file(
    request: Request, work: Callable[[Checkpoint, bytes], tuple[bytes, str]], most_bytes: int
) -> Response:
    """The same for a larger body, and for work that says the media type of what it made."""
    checkpoint = await run_in_threadpool(find_checkpoint, request.path_params["checkpoint_id"])
    if checkpoint is None:
        return NO_SUCH
    body = await body_of(request, most_bytes)
    if isinstance(body, Response):
        return body
    made = await or_sentence(lambda: work(checkpoint, body))
    if isinstance(made, Response):
        return made
    content, media_type = made
    headers = {"Cache-Control": "no-store", **NOSNIFF}
    return Response(content, media_type=media_type, headers=headers)


def decode_body(checkpoint: Checkpoint, body: bytes) -> bytes:
    """Pictures of `{"z": [[...]], "y": [[...]] or null}`, uint8 (n, C, H, W).

    Raises:
        ValueError: if the body is anything else, or its numbers do not fit the model.
    """
    z, y = _codes(body)
    return np.rint(decode(model_of(checkpoint), z, y).mean * 255).astype(np.uint8).tobytes()


def reencode_body(checkpoint: Checkpoint, body: bytes) -> bytes:
    """E(D(z)) of what `decode_body` takes, little-endian float32 (n, K).

    Raises:
        ValueError: as `decode_body`.
    """
    z, y = _codes(body)
    model = model_of(checkpoint)
    return reencode(model, z, y).astype("<f4").tobytes()


def axes_body(checkpoint: Checkpoint, mode: str, body: bytes) -> bytes:
    """The sliders of a mode around the one code of what `decode_body` takes, as JSON.

    Raises:
        ValueError: as `decode_body`; for more codes than one, or an unknown mode.
    """
    z, y = _codes(body)
    if len(z) != 1:
        raise ValueError(f"z must have one row, got {len(z)}.")
    asked = Asked(np.asarray(z[0], np.float64), y)
    return json.dumps(axes_of_mode(opened_from(checkpoint), mode, asked)).encode()


def _codes(body: bytes) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32] | None]:
    """z and y of a body, finite and with as many rows."""
    asked = json.loads(body)
    if not isinstance(asked, dict) or not isinstance(asked.get("z"), list):
        raise ValueError('the body must be {"z": [[...]], "y": [[...]] or null}.')
    z = np.asarray(asked["z"], np.float32)
    y = None if asked.get("y") is None else np.asarray(asked["y"], np.float32)
    if not 1 <= len(z) <= MOST_ROWS or (y is not None and len(y) != len(z)):
        raise ValueError(f"z and y must have the same 1 to {MOST_ROWS} rows, got {len(z)}.")
    if not np.isfinite(z).all() or not (y is None or np.isfinite(y).all()):
        raise ValueError("z and y must be finite, got NaN or infinity.")
    return z, y


def find_checkpoint(checkpoint_id: str) -> Checkpoint | None:
    """The checkpoint of that name, None where there is none that can be read.

    The name is compared with those of the folders that are there, never joined into a path.
    """
    folder = checkpoint_folders().get(checkpoint_id)
    try:
        return None if folder is None else read_checkpoint(folder)
    except CheckpointError:
        return None


async def _graph(request: Request, graph: str) -> Response:
    checkpoint = await run_in_threadpool(find_checkpoint, request.path_params["checkpoint_id"])
    if checkpoint is None:
        return NO_SUCH
    tag = checkpoint.weights_sha256
    if is_known(request, tag):
        return Response(status_code=304, headers=_tagged(tag))
    path = await or_sentence(lambda: graph_file(checkpoint, graph))
    if isinstance(path, Response):
        return path
    return FileResponse(path, media_type="application/octet-stream", headers=_tagged(tag))


def _tagged(tag: str) -> dict[str, str]:
    return {"ETag": f'"{tag}"', "Cache-Control": "no-cache", **NOSNIFF}
