"""A report's figures, a line each: its name opens what it means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from vaelab.checkpoints import Checkpoint
from vaelab.evaluation import Figure
from vaelab.web import words
from vaelab.web.reports import provenance, report_tables

WIDTHS = [5, 6]  # of the name, and of the value with its unit and what it was measured on
LEFT = """<style>
.st-key-figure-rows button { text-align: left; }
.st-key-figure-rows button p { text-align: left; }
@media (max-width: 640px) {
  .st-key-figure-rows [data-testid="stHorizontalBlock"] { gap: 0; margin-bottom: 0.5rem; }
}
</style>"""  # a name of two lines is centred otherwise; on a phone the value stands under its name


def figure_rows(checkpoint: Checkpoint, sections: Mapping[str, Sequence[Figure]]) -> None:
    """Name, value and error, unit, images, under the sections' titles; the name is a button."""
    st.html(LEFT)
    with st.container(key="figure-rows"):
        for title, figures in sections.items():
            st.markdown(f"**{title}**")
            with st.container(border=True, gap="xxsmall"):
                for figure in figures:
                    _row(checkpoint, figure)


def _row(checkpoint: Checkpoint, figure: Figure) -> None:
    name, value = st.columns(WIDTHS, vertical_alignment="center", gap="small")
    with name:
        provenance.popover(checkpoint, figure, words.short_name(figure), "row")
    images = report_tables.measured_on(figure)
    value.markdown(
        f"**{words.with_error(figure)}** :small[{figure.unit}] :small[:gray[· {images}]]"
    )
