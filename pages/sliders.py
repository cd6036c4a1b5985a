"""Sliders: move through the latent space one dimension at a time."""

from __future__ import annotations

from vaelab.web import equations, state
from vaelab.web.opened import config_shown, open_checkpoint
from vaelab.web.sliders import live_panel

state.page_header(
    "Sliders",
    "Each slider moves one dimension of the code $z$, the most informative "
    "first, or another direction through the latent space; the picture is what "
    "the decoder makes of it. The ranges are those of the data.",
    equations.decoded(config_shown()),
)
live_panel.draw(open_checkpoint())
