"""What all pages share: the checkpoint chosen, kept across pages and in the address.

The loaders and colours that go with it are re-exported, so that a page needs this module alone.
"""

from __future__ import annotations

import streamlit as st

from vaelab import settings
from vaelab.checkpoints import Checkpoint, DamagedCheckpoint
from vaelab.web.linked import MODEL, WEIGHTS, Choice, Link, link_of, linked_choice
from vaelab.web.loaders import all_checkpoints, latents_of, mixture_of, model_of, splits_of
from vaelab.web.navigation import link_to
from vaelab.web.palette import class_colours as palette_colours

__all__ = [
    "Choice",
    "all_checkpoints",
    "choose",
    "class_colours",
    "current_choice",
    "damaged_checkpoints",
    "is_dark",
    "keep_in_address",
    "latents_of",
    "link_to",
    "mixture_of",
    "model_of",
    "page_header",
    "require_checkpoint",
    "said_of",
    "say_what_to_do",
    "splits_of",
    "usable_checkpoints",
]

_KEPT = "chosen_checkpoint"  # in the session: navigation clears the address's parameters
_PAGE = "address_of_page"  # in the session: the page of the last run
_REPLACED = "addresses_replaced"  # in the session: what stood in its address and was changed
_SEEN = "links_seen"  # in the session: names and weights that it has shown
_SAID = "choice_said"  # in the session: page, checkpoint, and what was said of the choice
MOST_SEEN = 1_000


def usable_checkpoints() -> list[Checkpoint]:
    """The checkpoints that can be opened, in the order of the picker."""
    return [entry for entry in all_checkpoints() if isinstance(entry, Checkpoint)]


def damaged_checkpoints() -> list[DamagedCheckpoint]:
    """The folders among the checkpoints that cannot be opened, with their reasons."""
    return [entry for entry in all_checkpoints() if isinstance(entry, DamagedCheckpoint)]


def current_choice() -> Choice:
    """The checkpoint of the address, else the one kept from another page, else the first."""
    asked = st.query_params.get(MODEL)
    weights = st.query_params.get(WEIGHTS) if asked else None
    seen = st.session_state.get(_SEEN, ())
    return linked_choice(all_checkpoints(), asked or st.session_state.get(_KEPT), weights, seen)


def said_of(choice: Choice, page: str) -> str:
    """What there is to say of a choice, for as long as the visit to the page lasts.

    The address is put right at once, so the next run of the page finds nothing wrong with it.
    """
    shown = None if choice.checkpoint is None else choice.checkpoint.id
    if choice.message:
        st.session_state[_SAID] = (page, shown, choice.message)
    said = st.session_state.get(_SAID)
    if said is None or said[:2] != (page, shown):
        st.session_state.pop(_SAID, None)
        return ""
    return str(said[2])


def choose(checkpoint_id: str) -> None:
    """Show this checkpoint from now on; for callbacks and before the widgets of a page."""
    st.session_state[_KEPT] = checkpoint_id
    st.session_state.pop(_SAID, None)
    known = {checkpoint.id: link_of(checkpoint) for checkpoint in usable_checkpoints()}
    st.query_params.update(known.get(checkpoint_id, {MODEL: checkpoint_id}))


def keep_in_address(checkpoint: Checkpoint | None, page: str) -> None:
    """Have the address name the checkpoint shown; the router calls it on every run.

    Each change is an entry of the browser's history. A visitor who goes back to the address as it
    was before must not be sent forward again, so it is changed once a visit to a page. Weights that
    the session has shown itself are left in it until it changes anyway: a run at work saves others
    after every epoch.

    Args:
        checkpoint: the one shown.
        page: address of the page.
    """
    shown = None if checkpoint is None else checkpoint.id
    st.session_state[_KEPT] = shown
    asked = st.query_params.get(MODEL)
    weights = st.query_params.get(WEIGHTS) if asked else None
    if st.session_state.get(_PAGE) != page:
        st.session_state[_PAGE] = page
        st.session_state[_REPLACED] = []
    seen: list[Link] = st.session_state.setdefault(_SEEN, [])
    link = {} if checkpoint is None else link_of(checkpoint)
    right = weights in (None, link.get(WEIGHTS)) or (asked, weights) in seen
    if checkpoint is not None and (now := (link[MODEL], link[WEIGHTS])) not in seen:
        st.session_state[_SEEN] = [*seen, now][-MOST_SEEN:]
    if (asked == shown and right) or (asked, weights) in st.session_state[_REPLACED]:
        return
    st.session_state[_REPLACED].append((asked, weights))
    if not link:
        st.query_params.pop(MODEL, None)
        st.query_params.pop(WEIGHTS, None)
    else:
        st.query_params.update(link)


def require_checkpoint() -> Checkpoint:
    """The checkpoint chosen; without one, says what to do and ends the page's run."""
    checkpoint = current_choice().checkpoint
    if checkpoint is None:
        say_what_to_do()
        st.stop()
    return checkpoint


def say_what_to_do(at_home: bool = False) -> None:
    """The empty state: how to come by a first checkpoint; `at_home`, where the import is."""
    where = "below" if at_home else "on the Home page"
    with st.container(border=True):
        st.markdown("**There is no trained model yet.**")
        st.markdown(
            "Train one: the digits that come with vaelab take about a minute. Or import a "
            f"checkpoint’s zip file {where}, or copy a checkpoint’s folder into "
            f"`{settings.checkpoints_dir()}`: it then appears by itself."
        )
        with st.container(horizontal=True):
            link_to("train", "Train a model", ":material/model_training:")
            if not at_home:
                link_to("home", "Go to Home", ":material/home:")


def page_header(title: str, sentence: str, latex: str | None = None) -> None:
    """A page's title, what it shows in a sentence or two, and the equation behind it."""
    st.title(title, anchor=False)
    st.markdown(sentence)
    if latex is not None:
        st.latex(latex)


def is_dark() -> bool:
    """Whether the browser shows the dark theme; light when that is not known yet."""
    return st.context.theme.type == "dark"


def class_colours(n: int) -> list[str]:
    """Hex colours of the classes 0..n-1 for the theme shown; equal on all pages."""
    return palette_colours(n, dark=is_dark())
