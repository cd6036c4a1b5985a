"""These fail where Streamlit changes how `st.login` keeps who somebody is."""

import json
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit import auth_util
from streamlit.web.server import server_util
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from vaelab.web import login
from vaelab.web.server import identity, routes
from vaelab.web.server.identity import may_enter, providers, visitor_of

SECRET = "a secret of this test, long enough"
ORIGIN = "http://localhost:8501"
NAME = "_streamlit_user"
CLAIMS = {"email": "ada@example.org", "name": "Ada", "is_logged_in": True, "origin": ORIGIN}


@pytest.fixture
def auth(monkeypatch):
    """Streamlit's secrets with an `[auth]` section; change it to change them."""
    section = {"redirect_uri": f"{ORIGIN}/oauth2callback", "cookie_secret": SECRET}
    secrets = SimpleNamespace(load_if_toml_exists=lambda: True, get={"auth": section}.get)
    monkeypatch.setattr(auth_util, "secrets_singleton", secrets)
    monkeypatch.setattr(server_util, "secrets_singleton", secrets)
    return section


def cookie(claims=CLAIMS, secret=SECRET, name=NAME):
    return create_signed_value(secret, name, json.dumps(claims)).decode()


def test_a_signed_cookie_names_its_visitor(auth):
    assert visitor_of({NAME: cookie()})["email"] == "ada@example.org"


@pytest.mark.parametrize(
    "value",
    [
        "",
        "garbage",
        json.dumps(CLAIMS),
        cookie(secret="another secret"),
        cookie(name="_xsrf"),
        cookie()[:-2],
        "x" + cookie(),
        cookie({**CLAIMS, "is_logged_in": False}),
        cookie({**CLAIMS, "origin": "http://evil.example"}),
        cookie({"email": "ada@example.org"}),
    ],
    ids=range(10),  # a cookie says when it was made: processes would collect different names
)
def test_any_other_names_nobody(auth, value):
    assert visitor_of({NAME: value}) is None


def test_a_cookie_in_parts_is_put_together(auth):
    text = json.dumps({**CLAIMS, "about": "x" * 300})
    parts = {f"{NAME}_1": text[:200], f"{NAME}_2": text[200:], NAME: "chunks-2"}
    cookies = {k: create_signed_value(SECRET, k, v).decode() for k, v in parts.items()}
    assert visitor_of(cookies)["name"] == "Ada"
    del cookies[f"{NAME}_2"]
    assert visitor_of(cookies) is None


def test_without_a_secret_in_the_settings_nobody_is_known(auth):
    del auth["redirect_uri"]
    assert visitor_of({NAME: cookie()}) is None


def test_a_route_answers_who_is_logged_in_and_nobody_else(auth, tiny):
    client = TestClient(Starlette(routes=routes.routes()))
    assert client.get("/api/health").status_code == 200  # a monitor logs in nowhere
    for path in ("/checkpoints/tiny/preview.png", "/checkpoints/tiny/points/pca.bin?n=9"):
        assert client.get(path).status_code == 401
        assert client.get(path, headers={"Cookie": f"{NAME}=x"}).status_code == 401
        assert client.get(path, headers={"Cookie": f"{NAME}={cookie()}"}).status_code == 200
    assert client.post("/checkpoints/tiny/decode", json={"z": [[0, 0]]}).status_code == 401


@pytest.mark.parametrize(
    ("claims", "allowed"),
    [
        ({"email": "Ada@Example.org"}, True),
        ({"email": "someone@lab.example"}, True),
        ({"email": "ada@example.org", "email_verified": False}, False),
        ({"email": "ada@example.org", "email_verified": "false"}, False),
        ({"email": "eve@example.org"}, False),
        ({"email": "x@lab.example.evil"}, False),
        ({"email": "lab.example"}, False),
        ({"email": "@lab.example@evil"}, False),
        ({"name": "ada@example.org"}, False),
        ({}, False),
    ],
)
def test_only_the_users_that_are_named_may_enter(monkeypatch, claims, allowed):
    assert may_enter(claims)
    monkeypatch.setenv("VAELAB_ALLOWED_USERS", "ada@example.org, @Lab.example")
    assert may_enter(claims) == allowed


def test_users_without_a_login_lock_everybody_out(monkeypatch, tiny):
    monkeypatch.setattr(identity, "get_secrets_auth_section", dict)
    assert not identity.login_needed()
    assert login.is_let_in()
    monkeypatch.setenv("VAELAB_ALLOWED_USERS", "ada@example.org")
    assert identity.login_needed()
    assert not login.is_let_in()
    client = TestClient(Starlette(routes=routes.routes()))
    assert client.get("/checkpoints/tiny/preview.png").status_code == 401


def test_providers_are_the_sections_of_the_settings(auth):
    assert providers() == []
    auth.update(google={"client_id": "x"}, client_kwargs={"scope": "openid"})
    assert providers() == ["google"]
