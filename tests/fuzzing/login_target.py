"""The cookie of a login: Streamlit signs and reads it, nobody else's is believed."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from types import SimpleNamespace
from unittest.mock import patch

from starlette.requests import Request
from streamlit import auth_util
from streamlit.web.server import server_util
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from tests.fuzzing.campaign import Target
from tests.fuzzing.mutate import mutated
from tests.fuzzing.web_targets import RefusedError
from vaelab.web.server.identity import visitor_of


def login_cookie(_sandbox: Path) -> Target:
    """The cookie that says who somebody is: none but the one that was signed is believed."""
    section = {"redirect_uri": "http://localhost/oauth2callback", "cookie_secret": "x" * 40}
    secrets = SimpleNamespace(load_if_toml_exists=lambda: True, get={"auth": section}.get)
    claims = {"is_logged_in": True, "origin": "http://localhost", "email": "ada@example.org"}
    name = "_streamlit_user"
    sound = create_signed_value(section["cookie_secret"], name, json.dumps(claims)).decode()

    def make(rng: Random) -> bytes:
        if rng.random() < 0.05:
            return f"{name}={sound}".encode()
        seeds = [f"{name}={sound}".encode(), f"{name}=chunks-3; {name}_1={sound}".encode()]
        return mutated(rng, seeds)

    def read(header: bytes) -> str | None:
        cookies = Request({"type": "http", "headers": [(b"cookie", header)]}).cookies
        with (
            patch.multiple(auth_util, secrets_singleton=secrets),
            patch.multiple(server_util, secrets_singleton=secrets),
        ):
            found = visitor_of(cookies)
        if found is None:
            raise RefusedError("nobody")
        signed = {"is_logged_in": True, "email": claims["email"]}
        return None if found == signed else f"claims are believed that nobody signed: {found}"

    return Target(make, read, (RefusedError,))


PARSERS = {"login cookie": login_cookie}
