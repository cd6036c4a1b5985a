"""Colours of the classes: the same class has the same colour in every picture."""

from __future__ import annotations

# Ten colours that stay apart for colour-blind eyes (Petroff 2021, arXiv:2107.02270), and two more;
# the second list is the same hues, lifted to be read on a dark page.
LIGHT = (
    "#3f90da",
    "#ffa90e",
    "#bd1f01",
    "#94a4a2",
    "#832db6",
    "#a96b59",
    "#e76300",
    "#b9ac70",
    "#717581",
    "#92dadd",
    "#1b7f4f",
    "#d6457f",
)
DARK = (
    "#5aa9f2",
    "#ffb733",
    "#ff5c45",
    "#b4c2c0",
    "#b977f0",
    "#c98a76",
    "#ff8f3d",
    "#d2c68a",
    "#8f95a8",
    "#9fe6e9",
    "#4cc38a",
    "#ff7fb0",
)
