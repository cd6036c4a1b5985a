"""A provider of logins on this machine that lets everybody in as Ada."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT = "vaelab-test"
CLAIMS = {"sub": "1", "name": "Ada Lovelace", "email": "ada@example.org", "email_verified": True}


def provider(issuer: str) -> Starlette:
    """Discovery, authorisation, tokens (RS256) and keys."""
    key = RSAKey.generate_key(2048, {"kid": "1", "alg": "RS256", "use": "sig"}, auto_kid=False)
    nonces: dict[str, str] = {}

    async def discovery(_request: Request) -> Response:
        pages = {"authorization_endpoint": "authorize", "token_endpoint": "token"}
        return JSONResponse(
            {
                "issuer": issuer,
                **{name: f"{issuer}/{page}" for name, page in pages.items()},
                "jwks_uri": f"{issuer}/jwks",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def authorize(request: Request) -> Response:
        asked = request.query_params
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(nonces)}"
        nonces[code] = asked["nonce"]
        back = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}")

    async def token(request: Request) -> Response:
        form = await request.form()
        now = int(time.time())
        stamped = {"iss": issuer, "aud": CLIENT, "iat": now, "exp": now + 300}
        claims = {**CLAIMS, **stamped, "nonce": nonces.pop(str(form["code"]))}
        signed = jwt.encode({"alg": "RS256", "kid": "1"}, claims, key)
        answer = {"access_token": "x", "token_type": "Bearer", "expires_in": 300}
        return JSONResponse({**answer, "id_token": signed})

    async def jwks(_request: Request) -> Response:
        return JSONResponse({"keys": [key.as_dict(private=False)]})

    return Starlette(
        routes=[
            Route("/.well-known/openid-configuration", discovery),
            Route("/authorize", authorize),
            Route("/token", token, methods=["POST"]),
            Route("/jwks", jwks),
        ]
    )


@contextmanager
def running(port: int) -> Iterator[str]:
    """The provider's address, for as long as it runs."""
    issuer = f"http://localhost:{port}"
    config = uvicorn.Config(provider(issuer), host="127.0.0.1", port=port, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.05)
        yield issuer
    finally:
        server.should_exit = True
        thread.join(10)
