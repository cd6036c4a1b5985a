import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from vaelab.web.server import routes
from vaelab.web.server.isolation import HEADERS
from vaelab.web.server.middleware import middleware


@pytest.mark.parametrize(("value", "isolated"), [("1", True), ("", False), ("0", False)])
def test_every_answer_carries_the_headers_only_if_asked(monkeypatch, value, isolated):
    monkeypatch.setenv("VAELAB_ISOLATED", value)
    client = TestClient(Starlette(routes=routes.routes(), middleware=middleware()))
    for path in ("/api/health", "/checkpoints/unknown/decoder.onnx"):
        headers = client.get(path).headers
        there = {name: headers.get(name) for name in HEADERS}
        own = "Cross-Origin-Resource-Policy"  # the routes' own, isolated or not
        assert there == (HEADERS if isolated else {**dict.fromkeys(HEADERS), own: "same-origin"})
