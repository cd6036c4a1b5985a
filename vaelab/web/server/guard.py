"""What stands before the routes beside the pages: from whose page, by whom, and what is sent."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vaelab.web.server.fair_share import FairShare, Share
from vaelab.web.server.identity import login_needed, visitor_of

# Everything that a route sends: taken as what it says it is, and shown by this site's pages alone.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
}
# For programs: a browser that is sent there by hand saves it.
DOWNLOADS = ("application/octet-stream", "image/gif", "video/mp4")
SAFE = ("GET", "HEAD")
OPEN = "/api/health"  # of a monitor, which logs in nowhere


class Guard:
    """Refuses what comes from other sites' pages, or from nobody where a login is needed."""

    def __init__(self, app: ASGIApp, is_open: bool = False) -> None:
        self.app, self.is_open = app, is_open

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                kind = headers.get("content-type", "").partition(";")[0]
                if kind in DOWNLOADS:
                    headers.setdefault("Content-Disposition", "attachment")
            await send(message)

        refusal = refused(Request(scope), self.is_open)
        await (refusal or self.app)(scope, receive, send_guarded)


def guarded(route: Route, share: Share | None = None) -> Route:
    """The same route behind the guard; what takes work, within each client's share."""
    methods = sorted(route.methods or ())
    before = [Middleware(Guard, is_open=route.path.endswith(OPEN))]
    if share is not None:
        before.append(Middleware(FairShare, share=share))
    return Route(route.path, route.endpoint, methods=methods, middleware=before)


def refused(request: Request, is_open: bool = False) -> Response | None:
    """The answer to a request that is not to be worked on; None for one that is."""
    if request.method not in SAFE and not _is_own_page(request):
        return PlainTextResponse("Only this site's own pages may send this.", status_code=403)
    if not is_open and login_needed() and visitor_of(request.cookies) is None:
        return PlainTextResponse("Please log in.", 401, {"Cache-Control": "no-store"})
    return None


def _is_own_page(request: Request) -> bool:
    """Whether a request is from a page of this site, or from a program that is no browser.

    `Sec-Fetch-Site` is the browser's own word, which no page can change, and right behind a proxy
    that gives the server another name. `Origin` is what browsers without it send.
    """
    origin = request.headers.get("origin")
    if origin in [entry.strip() for entry in st.get_option("server.corsAllowedOrigins")]:
        return True
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
