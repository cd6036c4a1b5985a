"""Reconstruct: a picture of your own through the encoder and back."""

from __future__ import annotations

from vaelab.web import equations, state
from vaelab.web.opened import config_shown, open_checkpoint
from vaelab.web.reconstruct import reconstruct_panel

state.page_header(
    "Reconstruct",
    "A picture goes through the encoder to its code, and back through the "
    "decoder. What the code cannot hold is lost on the way.",
    equations.reconstructed(config_shown()),
)
reconstruct_panel.draw(open_checkpoint())
