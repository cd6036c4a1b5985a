"""The server: the pages, the routes beside them, and what lives as long as it does."""

from __future__ import annotations

import streamlit as st

from vaelab import settings
from vaelab.web.server.lifespan import lifespan
from vaelab.web.server.middleware import middleware
from vaelab.web.server.routes import routes

app = st.App(
    settings.PROJECT / "pages" / "main.py",
    lifespan=lifespan,
    routes=routes(),
    middleware=middleware(),
)
