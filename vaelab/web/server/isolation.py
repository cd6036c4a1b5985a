"""Cross-origin isolation: headers by which a browser lends a page's workers shared memory."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vaelab import settings
from vaelab.web.server.hosts import KnownHosts

HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Isolation:
    """Puts `HEADERS` on every answer: the document, its parts and its workers all need them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_isolated(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, send_isolated if scope["type"] == "http" else send)


def middleware() -> list[Middleware]:
    """What runs around the routes and pages, as the settings have it."""
    isolation = [Middleware(Isolation)] if settings.isolated() else []
    return [Middleware(KnownHosts), *isolation]
