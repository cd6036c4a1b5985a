"""How a chapter is laid out: words and equation first, then the live part, then the code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True)
class Lesson:
    """A chapter's words.

    Attributes:
        key: in the address.
        short: on its button.
        title: over the chapter.
        words: Markdown paragraphs.
        equation: LaTeX, the one to remember.
        says: what the equation says, a sentence under it.
        task: one thing to try with the live part.
        code: (file, name in it) of what computes it.
        sources: where it was first written.
    """

    key: str
    short: str
    title: str
    words: str
    equation: str
    says: str
    task: str
    code: tuple[tuple[str, str], ...]
    sources: str


def show(lesson: Lesson, number: int, live: Callable[[], None]) -> None:
    """Draw the chapter; `live` draws what is computed."""
    st.header(f"{number}. {lesson.title}", anchor=False)
    with st.grid(2, min_column_width=380, gap="medium"):
        with st.container():
            st.markdown(lesson.words)
        with st.container(gap="small"):
            with st.container(border=True):
                st.latex(lesson.equation)
                st.caption(lesson.says)
            st.markdown(f":violet-badge[:material/science: Try it] {lesson.task}")
    live()
    places = " · ".join(f"`{file}` ({name})" for file, name in lesson.code)
    st.caption(f":material/code: Where in the code: {places}")
    st.caption(f":material/menu_book: {lesson.sources}")
