"""The pages by name, and links to them that carry the checkpoint along."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from vaelab import settings

PAGES = ("home", "train", "map", "sliders", "interpolate", "reconstruct", "evaluate", "learn")
PARAMETER = "model"  # of the address: ?model=<checkpoint id>


def page_file(name: str) -> Path:
    """The script of the page with that address."""
    if name not in PAGES:
        raise ValueError(f"page must be one of {', '.join(PAGES)}, got {name!r}.")
    return settings.PROJECT / "pages" / f"{name}.py"


def link_to(name: str, label: str, icon: str, checkpoint_id: str | None = None) -> None:
    """A link to a page, with the checkpoint that it opens with (the current one without)."""
    chosen = checkpoint_id or st.query_params.get(PARAMETER)
    st.page_link(
        page_file(name),
        label=label,
        icon=icon,
        query_params={PARAMETER: chosen} if chosen else None,
    )
