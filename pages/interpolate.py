"""Interpolate: walk from one image to another through the latent space."""

from __future__ import annotations

from vaelab.web import equations, state
from vaelab.web.interpolate import interpolate_panel
from vaelab.web.opened import config_shown, open_checkpoint

state.page_header(
    "Interpolate",
    "Two images, their codes, and what the decoder draws between them: along the straight line, "
    "and along the arc, which keeps to the distance from the origin at which codes lie.",
    equations.walked(config_shown()),
)
interpolate_panel.draw(open_checkpoint())
