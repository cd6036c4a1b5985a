"""Learn: the theory, chapter by chapter, on the model that was picked."""

from __future__ import annotations

from vaelab.web import state
from vaelab.web.learn import learn_panel

state.page_header(
    "Learn",
    "The theory of autoencoders and variational autoencoders on your own model. Nothing here was "
    "worked out beforehand: each picture and each number is computed from its weights while you "
    "read.",
)
learn_panel.draw()
