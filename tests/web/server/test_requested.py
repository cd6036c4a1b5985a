import asyncio

from starlette.requests import Request

from vaelab.web.server.requested import body_of


def posted(*messages, length: int) -> Request:
    """A request whose sender says these messages, one after another."""
    said = iter(messages)

    async def receive():
        return next(said)

    headers = [(b"content-length", str(length).encode())]
    return Request({"type": "http", "method": "POST", "headers": headers}, receive)


def test_a_body_is_what_was_posted():
    whole = {"type": "http.request", "body": b"abc", "more_body": False}
    assert asyncio.run(body_of(posted(whole, length=3), 3)) == b"abc"


def test_too_long_a_body_is_not_read():
    assert asyncio.run(body_of(posted(length=4), 3)).status_code == 413


def test_a_browser_that_leaves_midway_is_no_error():
    part = {"type": "http.request", "body": b"a", "more_body": True}
    answer = asyncio.run(body_of(posted(part, {"type": "http.disconnect"}, length=3), 3))
    assert answer.status_code == 400
