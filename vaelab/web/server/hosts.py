"""Which names this server answers to: a page of another site must not reach it by DNS rebinding.

A stranger's name can be made to point at this machine, and the browser then takes the stranger's
page and this server for one site. Streamlit checks names only where `server.allowedHosts` is set.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

# Ends of names that the public DNS does not hold: nobody from outside can own one.
LOCAL_ENDS = (".localhost", ".local", ".internal", ".home.arpa", ".lan")


class KnownHosts:
    """Answers 421 to requests, and closes websockets, that come under a stranger's name."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        host = Headers(scope=scope).get("host", "")
        if is_known_host(host):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": "unknown host"})
        else:
            said = (
                f"This server does not answer to the name {host[:100]!r}. If it is yours, start "
                "the server with --server.allowedHosts and all names it is to answer to."
            )
            answer = PlainTextResponse(said, 421, {"X-Content-Type-Options": "nosniff"})
            await answer(scope, receive, send)


def is_known_host(host: str) -> bool:
    """Whether a `Host` header names this server.

    With `server.allowedHosts`, those names and no others. Without: addresses, which nobody can
    point elsewhere; names of one word and those of local networks; the server's own names.
    """
    allowed = [entry.strip().lower().rstrip(".") for entry in _option("server.allowedHosts")]
    if not host:  # an old program's; every browser says a name
        return not allowed
    try:
        parts = urlsplit(f"//{host}")
        name = (parts.hostname or "").rstrip(".")
        _ = parts.port  # raises where it is no number
    except ValueError:
        return False
    if not name or parts.username is not None or parts.path or parts.query or parts.fragment:
        return False
    if allowed:
        return any(_matches(name, entry) for entry in allowed)
    if _is_address(name) or "." not in name or name.endswith(LOCAL_ENDS):
        return True
    return name in [str(own).lower() for own in (*_option("browser.serverAddress"), _server())]


def _matches(name: str, entry: str) -> bool:
    return entry in ("*", name) or (entry.startswith("*.") and name.endswith(entry[1:]))


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _option(name: str) -> list[str]:
    value = st.get_option(name)
    return [value] if isinstance(value, str) else list(value or ())


def _server() -> str:
    return str(st.get_option("server.address") or "")
