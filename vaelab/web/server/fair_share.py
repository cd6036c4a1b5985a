"""How much of the server one client may keep at work at a time, so that others get their turn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from vaelab.web.server.identity import login_needed, visitor_of

# A browser has six connections to a server at most, over HTTP/1.1, and a slider one request on its
# way: no browser reaches its share. A class behind one address may, and then waits a moment.
REQUESTS = 12
FILMS = 2  # each keeps a core busy for seconds
WAITING = 48  # more than the share; they hold no thread, and their bodies have not been read
WAIT_S = 15.0
RETRY_S = 5
MOST_BYTES = 4 * 2**20  # of a refused body that are read


@dataclass
class _Line:
    """One client's: places at work that are free, and its requests, at work or waiting."""

    free: asyncio.Semaphore
    n: int = 0


class Share:
    """What each client may have at work, of all routes that are given the same share.

    Attributes:
        most: requests of one client at a time; as many as `WAITING` more stand in line.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._lines: dict[str, _Line] = {}

    @asynccontextmanager
    async def turn(self, client: str) -> AsyncIterator[bool]:
        """Wait for this client's turn; False if its line is too long, or does not move."""
        line = self._lines.setdefault(client, _Line(asyncio.Semaphore(self.most)))
        if line.n >= self.most + WAITING:
            yield False
            return
        line.n += 1
        try:
            is_its_turn = await _acquired(line.free)
            try:
                yield is_its_turn
            finally:
                if is_its_turn:
                    line.free.release()
        finally:
            line.n -= 1
            if not line.n:
                del self._lines[client]


class FairShare:
    """Lets a client's requests through as its share allows; the others have shares of their own."""

    def __init__(self, app: ASGIApp, share: Share) -> None:
        self.app, self.share = app, share

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self.share.turn(client_of(Request(scope))) as is_its_turn:
            if is_its_turn:
                await self.app(scope, receive, send)
                return
        await _read_away(receive)
        said = (
            f"{self.share.most} of your requests are being worked on, which is the most at a time, "
            "and others wait; ask again in a moment."
        )
        headers = {"Retry-After": str(RETRY_S), "Cache-Control": "no-store"}
        await PlainTextResponse(said, 429, headers)(scope, receive, send)


def client_of(request: Request) -> str:
    """Who asks: whoever is logged in, from wherever; without a login, the address."""
    visitor = visitor_of(request.cookies) if login_needed() else None
    if visitor is not None:
        return f"{visitor.get('iss', '')} {visitor.get('sub') or visitor.get('email', '')}"
    return request.client.host if request.client else ""


async def _read_away(receive: Receive) -> None:
    """The body of a request that is refused: cut off in it, many clients never read the answer."""
    left, more = MOST_BYTES, True
    while more and left > 0:
        message = await receive()
        left -= len(message.get("body", b""))
        more = message["type"] == "http.request" and message.get("more_body", False)


async def _acquired(place: asyncio.Semaphore) -> bool:
    try:
        async with asyncio.timeout(WAIT_S):
            return await place.acquire()
    except TimeoutError:
        return False
