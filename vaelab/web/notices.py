"""Short messages that outlive the run of the page in which they came up."""

from __future__ import annotations

import streamlit as st

_LEFT = "notices"


def leave(text: str, icon: str) -> None:
    """Have the next run of a page show a message; callbacks must not show anything themselves."""
    st.session_state.setdefault(_LEFT, []).append((text, icon))


def show() -> None:
    """Show what was left, once."""
    for text, icon in st.session_state.pop(_LEFT, []):
        st.toast(text, icon=icon)
