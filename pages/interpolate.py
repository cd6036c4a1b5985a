"""Interpolate: walk from one image to another through the latent space."""

from __future__ import annotations

from vaelab.web import equations, state
from vaelab.web.interpolate import live_panel
from vaelab.web.opened import config_shown, open_checkpoint

state.page_header(
    "Interpolate",
    "Key frames, and what the decoder draws between them: along the straight line, along the arc, "
    "from image to image of the data, and along the way on which the picture changes least.",
    equations.walked(config_shown()),
)
live_panel.draw(open_checkpoint())
