"""The pages by name, and links to them that carry the checkpoint along."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from vaelab import settings
from vaelab.checkpoints import Checkpoint
from vaelab.web.linked import MODEL, WEIGHTS, link_of

PAGES = ("home", "train", "map", "sliders", "interpolate", "reconstruct", "evaluate", "learn")


def page_file(name: str) -> Path:
    """The script of the page with that address."""
    if name not in PAGES:
        raise ValueError(f"page must be one of {', '.join(PAGES)}, got {name!r}.")
    return settings.PROJECT / "pages" / f"{name}.py"


def link_to(name: str, label: str, icon: str, checkpoint: Checkpoint | None = None) -> None:
    """A link to a page, with the checkpoint that it opens with (the current one without)."""
    current = {key: st.query_params[key] for key in (MODEL, WEIGHTS) if key in st.query_params}
    st.page_link(
        page_file(name),
        label=label,
        icon=icon,
        query_params=(current or None) if checkpoint is None else link_of(checkpoint),
    )


def go_to_page(name: str, checkpoint: Checkpoint) -> None:
    """Leave for another page, which shows the checkpoint."""
    st.switch_page(page_file(name), query_params=link_of(checkpoint))
