"""Map: the codes on a plane, coloured by class."""

from __future__ import annotations

from vaelab.web import map_view, state
from vaelab.web.opened import open_checkpoint

state.page_header(
    "Map",
    "Every point is an image, drawn where its code lies: the mean of its posterior, brought from "
    "$K$ dimensions to two.",
    r"x \;\mapsto\; \mu(x) = \mathbb{E}_{q(z|x)}[z] \in \mathbb{R}^K \;\mapsto\; \mathbb{R}^2",
)
map_view.draw(open_checkpoint())
