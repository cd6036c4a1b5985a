"""Who sends a request, from the cookie that `st.login` sets: signed and read by Streamlit alone.

Streamlit has no public function for this outside its pages. What is taken from its inside stands
in this file, and `tests/web/server/test_identity.py` fails where that changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from streamlit.auth_util import get_origin_from_redirect_uri, get_secrets_auth_section
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
from streamlit.web.server.starlette.starlette_websocket import (
    _get_signed_cookie_with_chunks,
    _parse_decoded_user_cookie,
)

from vaelab import settings

SHARED = ("redirect_uri", "cookie_secret", "expose_tokens", "client_kwargs")


def login_configured() -> bool:
    """Whether Streamlit's secrets have an `[auth]` section."""
    return bool(get_secrets_auth_section())


def login_needed() -> bool:
    """Whether nobody is let in without; also where users are named and no login can be had."""
    return login_configured() or bool(settings.allowed_users())


def providers() -> list[str]:
    """Names of the `[auth.<name>]` sections; none where `[auth]` itself is the provider."""
    auth = get_secrets_auth_section()
    return [k for k in auth if isinstance(auth[k], Mapping) and k not in SHARED]


def visitor_of(cookies: Mapping[str, str]) -> dict[str, Any] | None:
    """The claims of who is logged in and may enter; None for anybody else."""
    origin = get_origin_from_redirect_uri()
    if origin is None:
        return None
    content = _get_signed_cookie_with_chunks(dict(cookies), USER_COOKIE_NAME)
    if content is None:
        return None
    claims = _parse_decoded_user_cookie(content, origin)
    return claims if claims.get("is_logged_in") is True and may_enter(claims) else None


def may_enter(claims: Mapping[str, Any]) -> bool:
    """Whether somebody with these claims is among `VAELAB_ALLOWED_USERS`; all are if it is empty.

    An address counts unless the provider says that it is not verified.
    """
    allowed = settings.allowed_users()
    if not allowed:
        return True
    address = str(claims.get("email") or "").lower()
    if "@" not in address or str(claims.get("email_verified")).lower() == "false":
        return False
    return address in allowed or f"@{address.rpartition('@')[2]}" in allowed
