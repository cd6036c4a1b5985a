"""Map: the codes on a plane, coloured by class."""

from __future__ import annotations

from vaelab.web import equations, state
from vaelab.web.map import map_panel
from vaelab.web.opened import config_shown, open_checkpoint

state.page_header(
    "Map",
    "Every point is an image, placed by its code, which is projected from $K$ dimensions to two: "
    f"${equations.mapped(config_shown())}$. Any place on the map can be decoded.",
)
map_panel.draw(open_checkpoint())
