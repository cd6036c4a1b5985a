"""The page: chapters by button and address, one drawn at a time, and the references."""

from __future__ import annotations

import streamlit as st

from vaelab.web.learn import lesson
from vaelab.web.learn.chapters import CHAPTERS

PARAMETER = "chapter"  # of the address: ?chapter=elbo
_WIDGET = "learn_chapter"  # Streamlit forgets it when another page is shown
_KEPT = "learn_chapter_kept"

REFERENCES = """
- Burda, Grosse, Salakhutdinov 2016. Importance weighted autoencoders. ICLR.
- Doersch 2016. Tutorial on variational autoencoders. arXiv:1606.05908.
- Goodfellow, Bengio, Courville 2016. Deep learning, chapters 14 and 20. MIT Press.
- Higgins et al. 2017. β-VAE: learning basic visual concepts with a constrained variational
  framework. ICLR.
- Alemi et al. 2018. Fixing a broken ELBO. ICML.
- Hoffman, Johnson 2016. ELBO surgery. NeurIPS workshop on approximate Bayesian inference.
- Kingma, Welling 2014. Auto-encoding variational Bayes. ICLR.
- Kingma et al. 2014. Semi-supervised learning with deep generative models. NeurIPS.
- Rezende, Mohamed, Wierstra 2014. Stochastic backpropagation and approximate inference in deep
  generative models. ICML.
- Sohn, Lee, Yan 2015. Learning structured output representation using deep conditional generative
  models. NeurIPS.
- Vincent et al. 2010. Stacked denoising autoencoders. JMLR.
- Williams 1992. Simple statistical gradient-following algorithms. Machine Learning.
"""


def draw() -> None:
    """The chapters' buttons, the chapter chosen, the way to the next, the references."""
    keys = list(CHAPTERS)
    st.session_state[_WIDGET] = _asked(keys)
    key = st.segmented_control(
        "Chapter",
        keys,
        format_func=lambda k: f"{keys.index(k) + 1} {CHAPTERS[k].lesson.short}",
        required=True,
        key=_WIDGET,
        label_visibility="collapsed",
        wrap=True,
        on_change=lambda: _go(st.session_state[_WIDGET]),
    )
    chapter = CHAPTERS[str(key)]
    lesson.show(chapter.lesson, keys.index(chapter.lesson.key) + 1, chapter.draw)
    _neighbours(keys, keys.index(chapter.lesson.key))
    with st.expander("References", icon=":material/menu_book:"):
        st.markdown(REFERENCES)


def _asked(keys: list[str]) -> str:
    """The chapter of the address; on coming from another page, the one last read.

    Without one in the address it is the first, so that the browser's way back leads there.
    """
    asked = st.query_params.get(PARAMETER)
    if asked in keys:
        st.session_state[_KEPT] = asked
        return str(asked)
    kept = st.session_state.get(_KEPT)
    if _WIDGET not in st.session_state and kept in keys and kept != keys[0]:
        st.query_params[PARAMETER] = kept
        return str(kept)
    return keys[0]


def _go(key: str) -> None:
    st.session_state[_KEPT] = key
    st.query_params[PARAMETER] = key


def _neighbours(keys: list[str], place: int) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        for offset, icon in ((-1, ":material/arrow_back:"), (1, ":material/arrow_forward:")):
            if 0 <= place + offset < len(keys):
                other = CHAPTERS[keys[place + offset]].lesson
                st.button(
                    other.short,
                    icon=icon,
                    icon_position="left" if offset < 0 else "right",
                    key=f"learn-to-{other.key}",
                    on_click=_go,
                    args=(other.key,),
                )
