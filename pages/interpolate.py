"""Interpolate: walk from one image to another through the latent space."""

from __future__ import annotations

from vaelab.web import equations, state
from vaelab.web.interpolate import live_panel
from vaelab.web.opened import config_shown, open_checkpoint

state.page_header(
    "Interpolate",
    "Key frames, and what the decoder draws between them: along a straight line, "
    "along an arc, from one image of the data to the next, and along the path on "
    "which the picture changes least.",
    equations.walked(config_shown()),
)
live_panel.draw(open_checkpoint())
