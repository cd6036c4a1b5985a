"""A report's figures, a line each: its name opens what it means."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from vaelab.checkpoints import Checkpoint
from vaelab.evaluation import Figure
from vaelab.web import words
from vaelab.web.reports import provenance, report_tables

WIDTHS = [5, 4, 5]  # of name, value with its unit, and what it was measured on


def figure_rows(checkpoint: Checkpoint, figures: Sequence[Figure]) -> None:
    """Name, value and error, unit, images; the name is a button."""
    with st.container(border=True, gap="xxsmall"):
        for figure in figures:
            name, value, images = st.columns(WIDTHS, vertical_alignment="center", gap="small")
            with name:
                provenance.popover(checkpoint, figure, words.short_name(figure), "row")
            value.markdown(f"**{words.with_error(figure)}** :small[:gray[{figure.unit}]]")
            images.caption(report_tables.measured_on(figure))
