"""The learning-rate range test on the Train page: the button, the curve, and "use this rate"."""

from __future__ import annotations

import streamlit as st

from vaelab.runs.apart import StoppedApartError
from vaelab.runs.config import RunConfig
from vaelab.training import RangeTest
from vaelab.web import words
from vaelab.web.train.form_state import key, set_value
from vaelab.web.train.rate_figure import rate_figure
from vaelab.web.train.rate_search import key_of, known_rate, search_rate

POLL_S = 1.0
ASKED, ERROR = key("rate_asked"), key("rate_error")  # the settings tested; their error


def rate_form(config: RunConfig) -> None:
    """How high the rate of the form's run may be, found out in the background."""
    with st.expander("Find a learning rate", icon=":material/speed:"):
        st.caption(
            "Trains a copy of the model for 150 steps while the learning rate rises from "
            "0.00001 to 1, until the loss explodes (Smith 2017). Only the curve is kept; "
            "the suggested rate is a tenth of the one with the lowest loss."
        )
        found, settings = known_rate(config), key_of(config)
        if found is not None:
            _result(found)
        elif st.session_state.get(ASKED) == settings:
            _progress(config)
        else:
            _offer(settings)


def _offer(settings: str) -> None:
    failed = st.session_state.get(ERROR)
    if failed is not None and failed[0] == settings:
        st.error(failed[1])
    st.button(
        "Find a learning rate",
        key=key("find_rate"),
        icon=":material/search:",
        on_click=_ask,
        args=(settings,),
    )


def _ask(settings: str | None) -> None:
    st.session_state[ASKED] = settings
    st.session_state[ERROR] = None


@st.fragment(run_every=POLL_S)
def _progress(config: RunConfig) -> None:
    """How far it is, until it has ended; then the whole page is drawn again."""
    if known_rate(config) is not None or st.session_state.get(ASKED) != key_of(config):
        st.rerun()
    job = search_rate(config)
    try:
        job.raise_error()
    except StoppedApartError:
        pass  # by whoever asked before: it begins anew
    except (ValueError, ArithmeticError, OSError, RuntimeError) as error:
        _ask(None)
        st.session_state[ERROR] = key_of(config), words.sentence(error)
        st.rerun()
    st.progress(job.fraction, text=f"{job.message} …")
    if st.button("Stop", key=key("stop_rate"), icon=":material/stop:"):
        job.stop.set()
        _ask(None)
        st.rerun()


def _result(found: RangeTest) -> None:
    if found.suggestion is None:
        st.warning("The loss was not finite at the lowest rate: no rate can be suggested.")
        return
    st.plotly_chart(
        rate_figure(found),
        key=key("rate_curve"),
        config={"displayModeBar": False},
        alt=f"Training loss against learning rate; suggested is {found.suggestion:g}.",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            f"Use {found.suggestion:g}",
            key=key("use_rate"),
            icon=":material/check:",
            type="primary",
            disabled=st.session_state.get(key("learning_rate")) == found.suggestion,
            on_click=set_value,
            args=("learning_rate", found.suggestion),
            help="Enters it as the learning rate above.",
        )
        st.caption(
            f"Loss: training images, smoothed over about 10 batches, {len(found.rates)} steps."
        )
