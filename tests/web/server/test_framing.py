import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from vaelab.web.server import routes
from vaelab.web.server.framing import framing_headers
from vaelab.web.server.middleware import middleware


def a_page(_request):
    """As Streamlit's own, with a policy of its own."""
    return PlainTextResponse("page", headers={"Content-Security-Policy": "object-src 'none'"})


@pytest.fixture
def client():
    page = Route("/", a_page)
    return TestClient(Starlette(routes=[*routes.routes(), page], middleware=middleware()))


def test_no_other_site_may_frame_the_pages_or_the_routes(client):
    paths = ("/", "/api/health", "/checkpoints/nobody/preview.png", "/nowhere")
    for path in paths:
        headers = client.get(path).headers
        policies = headers.get_list("content-security-policy")
        assert policies[-1] == "frame-ancestors 'self'", path
        assert headers["x-frame-options"] == "SAMEORIGIN", path
    foreign = client.get("/", headers={"Host": "evil.example"})
    assert (foreign.status_code, foreign.headers["x-frame-options"]) == (421, "SAMEORIGIN")


def test_a_policy_that_is_there_stays(client):
    policies = client.get("/").headers.get_list("content-security-policy")
    assert policies == ["object-src 'none'", "frame-ancestors 'self'"]


def test_sites_that_are_named_may(client, monkeypatch):
    named = "'self' https://notes.example.org"
    monkeypatch.setenv("VAELAB_FRAME_ANCESTORS", named)
    headers = client.get("/api/health").headers
    assert headers["content-security-policy"] == f"frame-ancestors {named}"
    assert "x-frame-options" not in headers


def test_none_is_none_for_old_browsers_too():
    assert framing_headers("'none'")["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("text", ["", "'self'; script-src *", "a,b", "a\r\nX: y", "ä.example"])
def test_text_that_is_more_than_a_list_of_sites_is_refused(text):
    with pytest.raises(ValueError, match="VAELAB_FRAME_ANCESTORS must be"):
        framing_headers(text)
