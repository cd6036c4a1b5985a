"""A browser without a network."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from vaelab.web.background import stop_all
from vaelab.web.server import routes


@pytest.fixture
def browser() -> Iterator[TestClient]:
    yield TestClient(Starlette(routes=routes.routes()))
    stop_all()


@pytest.fixture
def patiently(browser: TestClient) -> Callable[..., object]:
    """Ask until the answer is no longer 202; the limit is only there to end a test that failed."""

    def ask(address: str, limit_s: float = 280.0, **post: object) -> object:
        deadline = time.monotonic() + limit_s
        while True:
            answer = browser.post(address, **post) if post else browser.get(address)
            if answer.status_code != 202:
                return answer
            assert 0 <= answer.json()["fraction"] <= 1
            assert answer.json()["message"]
            assert time.monotonic() < deadline, "it did not come to that"
            time.sleep(0.05)

    return ask
