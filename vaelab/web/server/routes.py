"""Addresses beside the pages: the server's health, and what belongs to a checkpoint."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Awaitable, Callable

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from vaelab.web.server.fair_share import FILMS, REQUESTS, Share
from vaelab.web.server.frontend_files import frontend_file
from vaelab.web.server.guard import guarded
from vaelab.web.server.lifespan import supervisor_runs
from vaelab.web.server.requested import NO_SUCH, NOSNIFF, checkpoint_folders, is_known

PREVIEW = "preview.png"
PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
MOST_BYTES = 16 * 2**20
Endpoint = Callable[[Request], Awaitable[Response]]


def routes() -> list[BaseRoute]:
    """The routes behind the guard, below `server.baseUrlPath` like everything else."""
    checkpoint = "/checkpoints/{checkpoint_id:path}"
    works, films = Share(REQUESTS), Share(FILMS)
    film = Route(address(f"{checkpoint}/film"), of_model("film", "film_routes"), methods=["POST"])
    return [
        *(guarded(route) for route in _files(checkpoint)),
        *(guarded(route, works) for route in _works(checkpoint)),
        guarded(film, films),
    ]


def _files(checkpoint: str) -> list[Route]:
    """What only has to be read."""
    return [
        Route(address("/api/health"), health),
        Route(address("/assets/{digest}/{name}"), asset),
        Route(address(f"{checkpoint}/preview.png"), preview),
    ]


def _works(checkpoint: str) -> list[Route]:
    """What a model or a map has to be computed for."""
    return [
        Route(address(f"{checkpoint}/decoder.onnx"), of_model("decoder_graph")),
        Route(address(f"{checkpoint}/encoder.onnx"), of_model("encoder_graph")),
        *map_routes(checkpoint),
        Route(address(f"{checkpoint}/codes.bin"), of_model("codes")),
        Route(address(f"{checkpoint}/decode"), of_model("decoded"), methods=["POST"]),
        Route(address(f"{checkpoint}/reencode"), of_model("reencoded"), methods=["POST"]),
        Route(
            address(f"{checkpoint}/reconstruct"),
            of_model("reconstructed", "reconstruct_routes"),
            methods=["POST"],
        ),
        Route(address(f"{checkpoint}/axes/{{mode}}"), of_model("axes"), methods=["POST"]),
    ]


def map_routes(checkpoint: str) -> list[Route]:
    """What belongs to a map of a checkpoint's codes; before addresses that end alike."""
    one_map = f"{checkpoint}/points/{{projection}}"
    endpoints = {
        f"{one_map}/codes.bin": "map_codes",
        f"{one_map}/quality.json": "quality",
        f"{one_map}/{{position}}.json": "point",
        f"{one_map}.bin": "points",
        f"{checkpoint}/thumbnails.webp": "thumbnails",
    }
    return [
        *(Route(address(path), of_model(n, "map_routes")) for path, n in endpoints.items()),
        Route(address(f"{one_map}/place"), of_model("place", "map_routes"), methods=["POST"]),
    ]


def address(path: str) -> str:
    """A path of this server as a browser asks for it: with `server.baseUrlPath` in front."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}{path}" if base else path


async def health(_request: Request) -> Response:
    """Whether the server answers, and whether it starts queued runs."""
    return JSONResponse({"status": "ok", "supervisor": supervisor_runs()})


def of_model(name: str, module_name: str = "model_routes") -> Endpoint:
    """An endpoint of a module beside this one, imported when it is first asked: it needs torch."""
    path = f"vaelab.web.server.{module_name}"

    async def endpoint(request: Request) -> Response:
        module = await run_in_threadpool(importlib.import_module, path)
        response: Response = await getattr(module, name)(request)
        return response

    return endpoint


async def asset(request: Request) -> Response:
    """A file of the frontend; its address holds the hash of its content, so it never changes."""
    file = frontend_file(request.path_params["name"])
    if file is None or file.digest != request.path_params["digest"]:
        return NO_SUCH
    headers = {
        "ETag": f'"{file.digest}"',
        "Cache-Control": "public, max-age=31536000, immutable",
        **NOSNIFF,
    }
    if is_known(request, file.digest):
        return Response(status_code=304, headers=headers)
    if file.encoding:
        headers["Content-Encoding"] = file.encoding
    return Response(file.content, media_type=file.media_type, headers=headers)


async def preview(request: Request) -> Response:
    """A checkpoint's grid of decoded samples; 404 where there is none."""
    content = await run_in_threadpool(read_preview, request.path_params["checkpoint_id"])
    if content is None:
        return PlainTextResponse("There is no such picture.", status_code=404)
    tag = hashlib.sha256(content).hexdigest()[:32]
    headers = {"ETag": f'"{tag}"', "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    if is_known(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="image/png", headers=headers)


def read_preview(checkpoint_id: str) -> bytes | None:
    """The PNG of the checkpoint of that name, None where there is none.

    The name is compared with those of the folders that are there, never joined into a path.
    """
    folder = checkpoint_folders().get(checkpoint_id)
    picture = None if folder is None else folder / PREVIEW
    try:
        if picture is None or picture.is_symlink() or picture.stat().st_size > MOST_BYTES:
            return None
        content = picture.read_bytes()
    except OSError:
        return None
    return content if content.startswith(PNG_MAGIC) else None
