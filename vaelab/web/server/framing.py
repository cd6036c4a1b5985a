"""In whose frames the pages may be shown: a page of another site must not lay itself over them."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vaelab import settings

# The same for browsers that are older than `frame-ancestors`, as far as they know words for it.
OLDER = {"'self'": "SAMEORIGIN", "'none'": "DENY"}


class Framing:
    """Says on every answer, Streamlit's too, which sites may show it in a frame."""

    def __init__(self, app: ASGIApp) -> None:
        self.app, self.headers = app, framing_headers(settings.frame_ancestors())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_framed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.append(name, value)  # a policy beside another: a browser keeps to both
            await send(message)

        await self.app(scope, receive, send_framed if scope["type"] == "http" else send)


def framing_headers(ancestors: str) -> dict[str, str]:
    """The headers for these sources, as in CSP 3, section 6.4.2.

    Raises:
        ValueError: for text that would be more than a list of sources.
    """
    is_list = ancestors.isascii() and ancestors.isprintable() and not {*ancestors} & {*",;"}
    if not ancestors or not is_list:
        raise ValueError(
            "VAELAB_FRAME_ANCESTORS must be 'self', 'none' or origins with spaces between them, "
            f"got {ancestors!r}."
        )
    headers = {"Content-Security-Policy": f"frame-ancestors {ancestors}"}
    if ancestors in OLDER:
        headers["X-Frame-Options"] = OLDER[ancestors]
    return headers
