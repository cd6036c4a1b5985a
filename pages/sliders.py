"""Sliders: move through the latent space one dimension at a time."""

from __future__ import annotations

from vaelab.web import live_panel, state
from vaelab.web.opened import open_checkpoint

state.page_header(
    "Sliders",
    "Each slider is one dimension of the code $z$, the one that carries most first; the picture is "
    "what the decoder makes of it. Ranges are those of the data.",
    r"\hat{x} = \mathbb{E}[\,x \mid z, c\,], \qquad z = (z_1, \dots, z_K)",
)
live_panel.draw(open_checkpoint())
