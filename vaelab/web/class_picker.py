"""Choosing a class: buttons where they fit, a list where there are many."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

MOST_PILLS = 24


def pick_class(label: str, class_names: Sequence[str], key: str, help: str | None = None) -> int:
    """The number of the class picked, the first to begin with."""
    numbers = list(range(len(class_names)))
    if st.session_state.get(key) not in numbers:
        st.session_state[key] = 0
    if len(class_names) > MOST_PILLS:
        chosen: int | None = st.selectbox(
            label, numbers, format_func=class_names.__getitem__, key=key, help=help
        )
    else:
        chosen = st.pills(
            label,
            numbers,
            format_func=class_names.__getitem__,
            key=key,
            required=True,
            wrap=True,
            help=help,
        )
    return int(chosen or 0)
