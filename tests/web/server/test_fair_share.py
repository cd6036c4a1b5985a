import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from vaelab.web.server import fair_share, routes
from vaelab.web.server.fair_share import FILMS, REQUESTS, Share, client_of
from vaelab.web.server.guard import guarded

WORDS = {"email": "ada@example.org", "sub": "17", "iss": "https://accounts.example.org"}


class Work:
    """A route whose requests are all at work until `done` is set."""

    def __init__(self, most: int) -> None:
        self.done, self.at_work = asyncio.Event(), 0
        route = guarded(Route("/work", self.endpoint), Share(most))
        self.app = Starlette(routes=[route])

    async def endpoint(self, request: Request) -> PlainTextResponse:
        self.at_work += 1
        try:
            await self.done.wait()
            if "fail" in request.query_params:
                raise RuntimeError("it failed")
            return PlainTextResponse("done")
        finally:
            self.at_work -= 1

    def client(self, address: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=(address, 1))
        return httpx.AsyncClient(transport=transport, base_url="http://localhost")

    async def begin(self, address: str, n: int, query: str = "") -> list[asyncio.Task]:
        """So many requests of one address, which have come as far as they come by themselves."""
        client = self.client(address)
        asked = [asyncio.create_task(client.get(f"/work{query}")) for _ in range(n)]
        for _ in range(50):
            await asyncio.sleep(0)
        return asked


def test_more_than_a_share_waits_and_nobody_else_does():
    async def scene():
        work = Work(most=3)
        mine = await work.begin("10.0.0.1", 5)
        others = await work.begin("10.0.0.2", 1)
        at_work = work.at_work
        work.done.set()
        return at_work, [(await task).status_code for task in mine + others]

    assert asyncio.run(scene()) == (3 + 1, [200] * 6)


@pytest.mark.parametrize(("limit", "value", "at_most"), [("WAIT_S", 0.0, 3), ("WAITING", 1, 4)])
def test_a_line_that_is_too_long_or_does_not_move_is_told_so(monkeypatch, limit, value, at_most):
    monkeypatch.setattr(fair_share, limit, value)

    async def scene():
        work = Work(most=3)
        asked = await work.begin("10.0.0.1", 5)
        refused = [task for task in asked if task.done()]
        work.done.set()
        return [await task for task in refused], [(await task).status_code for task in asked]

    refused, statuses = asyncio.run(scene())
    assert sorted(statuses) == [200] * at_most + [429] * (5 - at_most)
    assert len(refused) == 5 - at_most
    assert refused[0].headers["retry-after"] == str(fair_share.RETRY_S)
    assert refused[0].headers["x-content-type-options"] == "nosniff"
    assert "3 of your requests are being worked on" in refused[0].text


@pytest.mark.parametrize("query", ["", "?fail"])
def test_what_is_done_makes_room_also_if_it_failed(query):
    async def scene():
        work = Work(most=1)
        work.done.set()
        return [(await (await work.begin("10.0.0.1", 1, query))[0]).status_code for _ in range(3)]

    assert asyncio.run(scene()) == [500 if query else 200] * 3


@pytest.mark.parametrize("place", [0, 1])
def test_who_goes_away_makes_room_from_work_or_from_the_line(place):
    async def scene():
        work = Work(most=1)
        asked = await work.begin("10.0.0.1", 2)
        left = asked.pop(place)
        left.cancel()
        await asyncio.wait([left])
        asked += await work.begin("10.0.0.1", 1)
        work.done.set()
        return [(await task).status_code for task in asked]

    assert asyncio.run(scene()) == [200, 200]


def test_a_client_with_nothing_at_work_is_forgotten():
    async def scene():
        share = Share(1)
        async with share.turn("a") as first, share.turn("b") as second:
            assert (first, second, len(share._lines)) == (True, True, 2)
        return share

    assert not asyncio.run(scene())._lines


def test_a_login_counts_from_wherever_it_comes(monkeypatch):
    def asking(address: str) -> str:
        return client_of(Request({"type": "http", "client": (address, 1), "headers": []}))

    assert asking("10.0.0.1") != asking("10.0.0.2")
    monkeypatch.setattr(fair_share, "login_needed", lambda: True)
    monkeypatch.setattr(fair_share, "visitor_of", lambda cookies: WORDS)
    assert asking("10.0.0.1") == asking("10.0.0.2")


def test_every_route_that_computes_has_a_share_and_films_one_of_their_own():
    shares = {route.path: _share_of(route) for route in routes.routes()}
    free = {path for path, share in shares.items() if share is None}
    assert free == {
        "/api/health",
        "/assets/{digest}/{name}",
        "/checkpoints/{checkpoint_id:path}/preview.png",
    }
    film = shares.pop("/checkpoints/{checkpoint_id:path}/film")
    (works,) = {share for share in shares.values() if share is not None}
    assert (works.most, film.most) == (REQUESTS, FILMS)
    assert REQUESTS > 6  # connections of a browser to one server


def _share_of(route):
    app = route.app
    while app is not None and not isinstance(app, fair_share.FairShare):
        app = getattr(app, "app", None)
    return app and app.share


@pytest.mark.parametrize(("pieces", "read"), [([b"x" * 10, b"x"], 2), ([b"x" * 2**21] * 9, 2)])
def test_a_refused_body_is_read_away_but_not_for_ever(monkeypatch, pieces, read):
    monkeypatch.setattr(fair_share, "WAIT_S", 0.0)
    left, sent = list(pieces), []

    async def receive():
        body = left.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(left)}

    async def send(message):
        sent.append(message)

    async def scene():
        share = Share(1)
        scope = {"type": "http", "method": "POST", "headers": [], "client": ("10.0.0.1", 1)}
        async with share.turn("10.0.0.1"):
            await fair_share.FairShare(None, share)(scope, receive, send)

    asyncio.run(scene())
    assert sent[0]["status"] == 429
    assert len(pieces) - len(left) == read
