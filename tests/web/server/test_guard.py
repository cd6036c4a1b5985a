import tomllib

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from vaelab import settings
from vaelab.web.server import guard, routes

BODY = {"z": [[0.0, 0.0]]}
DECODE = "/checkpoints/tiny/decode"


@pytest.fixture
def client(tiny):
    return TestClient(Starlette(routes=routes.routes()))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),  # a program that is no browser
        ({"Origin": "http://testserver"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}, 200),
        # behind a proxy that gives the server another name
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://lab.example.org"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://testserver:81"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
        # another port of the same machine
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://testserver:81"}, 403),
    ],
)
def test_only_this_sites_pages_may_post(client, headers, status):
    assert client.post(DECODE, json=BODY, headers=headers).status_code == status


def test_every_posted_route_is_guarded(client):
    posted = [route.path for route in routes.routes() if "POST" in route.methods]
    assert len(posted) >= 6
    for path in posted:
        there = path.replace("{checkpoint_id:path}", "tiny").replace("{projection}", "pca")
        answer = client.post(there, json=BODY, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403, path


def test_an_origin_that_is_trusted_may_post(client, monkeypatch):
    options = {"server.corsAllowedOrigins": ["https://lab.example.org"]}
    monkeypatch.setattr(guard.st, "get_option", options.get)
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://lab.example.org"}
    assert client.post(DECODE, json=BODY, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/api/health", "application/json"),
        ("/checkpoints/tiny/preview.png", "image/png"),
        ("/checkpoints/tiny/codes.bin", "application/octet-stream"),
        ("/checkpoints/tiny/points/pca.bin?n=10", "application/octet-stream"),
        ("/checkpoints/tiny/points/pca/0.json?n=10", "application/json"),
        ("/checkpoints/nobody/preview.png", "text/plain; charset=utf-8"),
        ("/checkpoints/tiny/points/pca.bin?n=x", "text/plain; charset=utf-8"),
    ],
)
def test_what_is_sent_says_what_it_is_and_is_for_this_site_alone(client, path, kind):
    headers = client.get(path, headers={"Origin": "http://evil.example"}).headers
    assert headers["content-type"] == kind
    assert {name: headers[name] for name in guard.HEADERS} == guard.HEADERS
    assert not [name for name in headers if name.startswith("access-control")]
    saved = headers.get("content-disposition")
    assert saved == ("attachment" if kind in guard.DOWNLOADS else None)


def test_no_other_site_is_told_that_it_may_post(client):
    asked = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    answer = client.options(DECODE, headers=asked)
    assert answer.status_code in (403, 405)
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_a_body_is_refused_by_the_length_it_says(client):
    answer = client.post(DECODE, content=b"x" * (2**20 + 1))
    assert answer.status_code == 413


def test_streamlits_own_protection_is_left_as_it_is():
    config = tomllib.loads((settings.PROJECT / ".streamlit" / "config.toml").read_text())
    loosened = {"enableCORS", "enableXsrfProtection", "corsAllowedOrigins", "trustedUserHeaders"}
    assert not loosened & set(config["server"])
    assert config["server"]["address"] == "localhost"
    for option in ("server.enableCORS", "server.enableXsrfProtection"):
        assert st.get_option(option) is True
    assert st.get_option("server.corsAllowedOrigins") == []
