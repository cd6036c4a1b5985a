"""Addresses of a map: its columns, one point, the codes behind it, pictures, new codes on it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from vaelab.checkpoints import Checkpoint
from vaelab.latent import PROJECTIONS
from vaelab.web.loaders import latents_of
from vaelab.web.map.columns import map_columns, quality_data
from vaelab.web.map.map_quality import known_quality, quality_of
from vaelab.web.map.point_card import point_card
from vaelab.web.map.projections import MapRequest
from vaelab.web.map.thumbnails import atlas_of
from vaelab.web.map.waiting import Waiting, map_or_wait, value_or_wait
from vaelab.web.server.map_queries import columns_query, map_request, whole_number
from vaelab.web.server.model_routes import find_checkpoint
from vaelab.web.server.requested import NO_SUCH, NOSNIFF, body_of, is_known

MOST_CODES = 20_000  # rows of codes.bin
MOST_PLACED = 1024
MOST_BYTES = 2**20
OCTETS = "application/octet-stream"


@dataclass(frozen=True)
class Found:
    """What an address leads to."""

    content: bytes
    media_type: str
    headers: dict[str, str] = field(default_factory=dict)


Work = Callable[[Checkpoint, MapRequest], Found | Waiting]


async def points(request: Request) -> Response:
    """A map's columns, see `map_columns`; 202 while it or its value is being worked out."""
    query = request.query_params

    def work(checkpoint: Checkpoint, asked: MapRequest) -> Found | Waiting:
        wanted = columns_query(query)
        made = map_or_wait(checkpoint, asked)
        if isinstance(made, Waiting):
            return made
        if wanted.value is not None:
            waiting = value_or_wait(checkpoint, asked, made, wanted.value)
            if waiting is not None:
                return waiting
        found = known_quality(checkpoint, asked)
        if found is None and wanted.quality_now:
            found = quality_of(checkpoint, asked, made)
        columns = map_columns(checkpoint, asked, made, wanted.value, wanted.columns, found)
        return Found(columns, OCTETS)

    return await _answer(request, work)


async def quality(request: Request) -> Response:
    """How far a map can be trusted, as in the header of its columns; null of a few codes."""

    def work(checkpoint: Checkpoint, asked: MapRequest) -> Found | Waiting:
        made = map_or_wait(checkpoint, asked)
        if isinstance(made, Waiting):
            return made
        return _json(quality_data(quality_of(checkpoint, asked, made)))

    return await _answer(request, work)


async def point(request: Request) -> Response:
    """One point of a map, see `point_card`."""

    def work(checkpoint: Checkpoint, asked: MapRequest) -> Found | Waiting:
        made = map_or_wait(checkpoint, asked)
        if isinstance(made, Waiting):
            return made
        try:
            position = whole_number(
                "position", request.path_params["position"], 0, len(made.rows) - 1
            )
        except ValueError as error:
            raise LookupError(str(error)) from error
        return _json(point_card(checkpoint, asked, made, position))

    return await _answer(request, work)


async def map_codes(request: Request) -> Response:
    """The codes of a map's points in the order of their positions: float32 (N, K)."""

    def work(checkpoint: Checkpoint, asked: MapRequest) -> Found | Waiting:
        made = map_or_wait(checkpoint, asked)
        if isinstance(made, Waiting):
            return made
        if len(made.rows) > MOST_CODES:
            raise ValueError(
                f"codes are given for at most {MOST_CODES:,} points, got n={len(made.rows):,}."
            )
        return Found(latents_of(checkpoint).mean[made.rows].astype("<f4").tobytes(), OCTETS)

    return await _answer(request, work)


async def place(request: Request) -> Response:
    """Where posted codes `{"z": [[...]]}` lie on a map: `{"points": [[x, y], ...]}`."""
    body = await body_of(request, MOST_BYTES)
    if isinstance(body, Response):
        return body

    def work(checkpoint: Checkpoint, asked: MapRequest) -> Found | Waiting:
        z = codes_of_body(body)
        made = map_or_wait(checkpoint, asked)
        if isinstance(made, Waiting):
            return made
        return _json({"points": made.projection.place(z).tolist()})

    return await _answer(request, work)


async def thumbnails(request: Request) -> Response:
    """Small pictures of a map's codes as one WebP, see `Atlas`."""

    def work(checkpoint: Checkpoint, asked: MapRequest) -> Found | Waiting:
        atlas = atlas_of(checkpoint, asked.split, asked.n)
        kind = "data" if atlas.are_data else "reconstructions"
        headers = {"X-Vaelab-Tiles": atlas.tiles, "X-Vaelab-Pictures": kind}
        return Found(atlas.content, "image/webp", headers)

    return await _answer(request, work)


def codes_of_body(body: bytes) -> np.ndarray:
    """The rows of `{"z": [[...]]}`, float64 (M, K).

    Raises:
        ValueError, TypeError, OverflowError, RecursionError: if the body is anything else.
    """
    asked = json.loads(body)
    if not isinstance(asked, dict) or not isinstance(asked.get("z"), list):
        raise ValueError('the body must be {"z": [[...]]}.')
    z = np.asarray(asked["z"], np.float64)
    if not 1 <= len(z) <= MOST_PLACED:
        raise ValueError(f"z must have 1 to {MOST_PLACED} rows, got {len(z)}.")
    if not np.isfinite(z).all():
        raise ValueError("z must be finite, got NaN or infinity.")
    return z


async def _answer(request: Request, work: Work) -> Response:
    """What `work` finds, in a thread, for the checkpoint and the map that the address names."""
    checkpoint = await run_in_threadpool(find_checkpoint, request.path_params["checkpoint_id"])
    projection = request.path_params.get("projection", "dims")
    if checkpoint is None or projection not in PROJECTIONS:
        return NO_SUCH
    try:
        asked = map_request(projection, request.query_params)
        found = await run_in_threadpool(work, checkpoint, asked)
    except LookupError as error:
        return PlainTextResponse(str(error), status_code=404)
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        return PlainTextResponse(str(error), status_code=400)
    except (OSError, RuntimeError) as error:
        return PlainTextResponse(str(error), status_code=500)
    if isinstance(found, Waiting):
        headers = {"Cache-Control": "no-store", **NOSNIFF}
        return JSONResponse(found.to_dict(), status_code=202, headers=headers)
    tag = hashlib.sha256(found.content).hexdigest()[:32]
    headers = {"ETag": f'"{tag}"', "Cache-Control": "no-cache", **found.headers, **NOSNIFF}
    if is_known(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(found.content, media_type=found.media_type, headers=headers)


def _json(content: object) -> Found:
    return Found(json.dumps(content, allow_nan=False).encode(), "application/json")
