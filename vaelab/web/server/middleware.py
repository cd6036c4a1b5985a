"""What stands around all routes and pages, the outermost first."""

from __future__ import annotations

from starlette.middleware import Middleware

from vaelab import settings
from vaelab.web.server.framing import Framing
from vaelab.web.server.hosts import KnownHosts
from vaelab.web.server.isolation import Isolation


def middleware() -> list[Middleware]:
    """As the settings have it."""
    isolation = [Middleware(Isolation)] if settings.isolated() else []
    return [Middleware(Framing), Middleware(KnownHosts), *isolation]
