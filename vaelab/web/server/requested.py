"""What the routes need to know of a request, without torch: they are there before it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from vaelab import settings

T = TypeVar("T")

NO_SUCH = PlainTextResponse("There is no such file.", status_code=404)
NOSNIFF = {"X-Content-Type-Options": "nosniff"}


def checkpoint_folders() -> dict[str, Path]:
    """The folders among the checkpoints by name: an id is looked up here, never joined."""
    root = settings.checkpoints_dir()
    if not root.is_dir():
        return {}
    return {p.name: p for p in root.iterdir() if p.is_dir() and not p.name.startswith(".")}


def is_known(request: Request, tag: str) -> bool:
    """Whether the browser already has the content of that tag."""
    return f'"{tag}"' in request.headers.get("if-none-match", "")


async def body_of(request: Request, most: int) -> bytes | Response:
    """What was posted; an answer instead if it says that it has more than `most` bytes.

    Or if the browser left before it had sent all: then nobody reads the answer.
    """
    if int(request.headers.get("content-length") or most + 1) > most:
        return PlainTextResponse(f"At most {most} bytes.", status_code=413)
    try:
        return await request.body()
    except ClientDisconnect:
        return Response(status_code=400)


async def or_sentence(work: Callable[[], T]) -> T | Response:
    """What `work` gives, in a thread; its error as a sentence for the browser."""
    try:
        return await run_in_threadpool(work)
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        return PlainTextResponse(str(error), status_code=400)
    except OSError as error:
        return PlainTextResponse(str(error), status_code=500)
