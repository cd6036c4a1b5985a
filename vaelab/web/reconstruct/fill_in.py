"""Reconstruct's view that hides a part of the picture and draws what may be there."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import streamlit as st
import torch

from vaelab.latent.inpaint import MOST_ASKED, Inpainted, InpaintSettings, inpaint
from vaelab.latent.inpaint_classes import classes_from_visible
from vaelab.latent.steps import Steps
from vaelab.models import VAE
from vaelab.web import show
from vaelab.web.decoding import decode, pixels
from vaelab.web.opened import Opened
from vaelab.web.reconstruct import mask_painter, masks
from vaelab.web.reconstruct.better_words import nats
from vaelab.web.reconstruct.fill_in_words import CAUTION, about_chains, about_classes
from vaelab.web.reconstruct.masks import PAINTED, Mask
from vaelab.web.reconstruct.searching import fingerprint, pixels_scored, searched
from vaelab.web.reconstruct.subject import Subject
from vaelab.web.reconstruct.take_code import FoundCode, offer_menu
from vaelab.web.server import frontend_files
from vaelab.web.words import literal

ALTERNATIVES, RUNS = 8, 2  # pictures; runs of each class where every class is asked
SIDE, TILE = 168, 132
TOLD, EVERY = "The class told", "Every class"
# Seconds of decoding, by network: of one class, and of every class.
CHAINS = {
    "mlp": InpaintSettings(ALTERNATIVES, 48, 40, 12, 3),
    "conv": InpaintSettings(ALTERNATIVES, 16, 25, 8, 2),
}
CHAINS_OF_EACH = {
    "mlp": InpaintSettings(1, 16, 40, 12, 3),
    "conv": InpaintSettings(1, 4, 24, 6, 2),
}


def fits(opened: Opened) -> bool:
    """Whether a model says what hidden pixels may hold: one with a prior does."""
    return isinstance(opened.model, VAE)


def draw(opened: Opened, subject: Subject, label: int | None) -> None:
    """The mask's controls; once the chains have run, the alternatives."""
    key = f"{opened.key}:fill"
    st.subheader("Fill in what is hidden", anchor=False)
    st.markdown(
        "Hide a part. Codes are drawn from p(z | visible pixels), the posterior given **only what "
        "is left**, and decoded: what the model holds possible where nothing is to be seen."
    )
    how = masks.choose(key, paintable=frontend_files.is_built())
    classes = _classes(opened, label, key)
    if how == PAINTED:
        visible = mask_painter.paint(opened, subject, key)
        found = _found(opened, subject, visible, classes, key, by_itself=True)
    else:
        visible = masks.half_or_box(how, subject.image.shape[1:], key)
        with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
            seen = masks.with_hidden(subject.image / np.float32(255), visible)
            show.picture(seen, alt=f"{subject.name}, a part hidden", side=SIDE)
            with st.container(width="content"):
                found = _found(opened, subject, visible, classes, key)
    if found is not None:
        _alternatives(opened, subject, visible, found)


def _found(
    opened: Opened,
    subject: Subject,
    visible: Mask,
    classes: list[int] | None,
    key: str,
    *,
    by_itself: bool = False,
) -> Inpainted | None:
    """What the chains drew; None before they were asked, and for a mask that will not do."""
    wrong = masks.flaw(visible, painted=by_itself)
    if wrong is not None:
        st.info(wrong, icon=":material/brush:")
        return None
    number = int(
        st.number_input("Seed", 0, 9_999, 0, key=f"{key}-seed", width=120, persist_state="session")
    )
    return searched(
        key,
        (fingerprint(subject.image, visible), tuple(classes or ()), number),
        None if by_itself else "Fill in",
        "Chains on their way from the prior …",
        lambda: _chains(opened, subject.image, visible, classes, number),
    )


def _classes(opened: Opened, label: int | None, key: str) -> list[int] | None:
    """Those that are asked, each as often as it is run; None for a model without classes."""
    n = opened.n_classes
    if label is None or not n:
        return None
    if n * RUNS > MOST_ASKED:
        return [label]
    told = f"{TOLD}: {opened.class_names[label]}"
    which = st.segmented_control(
        "Under",
        [TOLD, EVERY],
        default=TOLD,
        required=True,
        key=f"{key}-classes",
        format_func=lambda name: told if name == TOLD else name,
        persist_state="session",
        help="Every class takes several times as long: each has chains of its own.",
    )
    return [label] if which == TOLD else [c for c in range(n) for _ in range(RUNS)]


def _chains(
    opened: Opened,
    image: npt.NDArray[np.uint8],
    visible: Mask,
    classes: list[int] | None,
    seed: int,
) -> Steps[Inpainted]:
    of_each = CHAINS_OF_EACH if classes is not None and len(classes) > 1 else CHAINS
    settings = of_each[opened.model.config.network]
    x = pixels(pixels_scored(opened, image)[None])
    return inpaint(opened.model, x, torch.from_numpy(visible), classes, settings, seed=seed)


def _alternatives(opened: Opened, subject: Subject, visible: Mask, found: Inpainted) -> None:
    whole = st.toggle(
        "The model’s whole picture", key=f"{opened.key}:fill-whole", persist_state="session"
    )
    several = found.classes is not None and len(found.classes) > 1
    if several:
        _of_classes(opened, subject, visible, found, whole)
    else:
        order = np.argsort(-found.log_joint[0], kind="stable")
        label = None if found.classes is None else int(found.classes[0])
        values = found.log_joint[0, order]
        captions = [f"{nats(value)} nats" for value in values]
        labels = [label] * len(order)
        names = [str(number) for number in range(1, len(order) + 1)]
        _tiles(opened, subject, visible, found.z[0, order], labels, names, captions, whole)
        st.caption(
            "Below each: log p(visible pixels, z), nats, a density in z, to compare these "
            "alternatives with each other."
        )
    st.caption(CAUTION)
    with st.popover("How they were drawn", type="tertiary"):
        st.markdown(about_chains(found, several))


def _of_classes(
    opened: Opened, subject: Subject, visible: Mask, found: Inpainted, whole: bool
) -> None:
    """One alternative a class, the most probable class first."""
    weighed = classes_from_visible(found)
    joint = found.log_joint[weighed.row, 0]
    captions = [
        f"**{literal(opened.class_names[c])}**"
        f"{f' · {_share(p)}' if weighed.is_decided else ''}  \n{nats(value)} nats"
        for c, p, value in zip(weighed.classes, weighed.probability, joint, strict=True)
    ]
    labels = [int(c) for c in weighed.classes]
    names = [opened.class_names[c] for c in labels]
    _tiles(opened, subject, visible, found.z[weighed.row, 0], labels, names, captions, whole)
    st.caption(about_classes(weighed, opened.class_names))


def _share(p: float) -> str:
    return f"{p:.0%}" if 0.01 <= p <= 0.995 else ("> 99%" if p > 0.5 else "< 1%")


def _tiles(
    opened: Opened,
    subject: Subject,
    visible: Mask,
    z: npt.NDArray[np.float32],
    labels: list[int | None] | list[int],
    names: list[str],
    captions: list[str],
    whole: bool,
) -> None:
    """Each alternative with its menu; visible pixels are the picture's own unless `whole`."""
    classes = None if labels[0] is None else np.array(labels, np.int64)
    decoded = decode(opened.model, z, classes).mean
    image = subject.image / np.float32(255)
    shown = decoded if whole else np.where(visible, image, decoded).astype(np.float32)
    with st.grid("auto", min_column_width=TILE + 12, gap="small"):
        for i, (picture, caption) in enumerate(zip(shown, captions, strict=True)):
            with st.container(gap="xsmall"):
                show.picture(picture, alt=f"alternative {names[i]}", side=TILE)
                st.caption(caption)
                name = f"alternative {names[i]} of {subject.name}"
                taken = FoundCode(z[i], labels[i], name, picture)
                offer_menu(opened, taken, f"fill-{i}", f"Take {literal(names[i])}")
