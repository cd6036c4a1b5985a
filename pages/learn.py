"""Learn: the theory, chapter by chapter, on the model that was picked."""

from __future__ import annotations

from vaelab.web import state
from vaelab.web.learn import learn_panel

state.page_header(
    "Learn",
    "The theory of autoencoders and variational autoencoders, on your own model. "
    "Nothing here is prepared in advance: every picture and every number is "
    "computed from the model’s weights as you read.",
)
learn_panel.draw()
