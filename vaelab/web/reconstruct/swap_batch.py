"""A sheet of swapped classes for several images, and whether a classifier names them as asked."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import streamlit as st

from vaelab.latent.class_swap import swap_images
from vaelab.latent.encode import SPLITS
from vaelab.pictures import png_bytes
from vaelab.web import show, state
from vaelab.web.opened import Opened
from vaelab.web.reconstruct.reconstruct_measures import best_class
from vaelab.web.reconstruct.subject import Subject
from vaelab.web.reconstruct.swap_judge import ready_classifier, wrongly_named
from vaelab.web.reconstruct.swap_sheet import Sheet, drawn, headings
from vaelab.web.stored_images import pictures_of
from vaelab.web.words import literal

DATA, YOURS = "Images of the data", "Your pictures"
MOST_ROWS, FIRST_ROWS, MOST_COLUMNS = 16, 8, 12


@dataclass(frozen=True, eq=False)
class Batch:
    """Images to swap the classes of.

    Attributes:
        images: uint8 (N, C, H, W).
        labels: the class that each is encoded under, int64 (N,).
        sentence: what they are.
    """

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64]
    sentence: str


@st.fragment
def draw(opened: Opened, subject: Subject, carry: str) -> None:
    """The controls, the sheet, its files, and what a classifier says of it."""
    st.subheader("Every class of several images", anchor=False)
    batch, classes = _batch(opened, subject), _classes(opened)
    swapped = swap_images(opened.model, batch.images, batch.labels, classes, carry=carry)
    sheet = Sheet(batch.images, swapped, tuple(opened.class_names[c] for c in classes))
    judge = ready_classifier(opened)
    if judge is not None:
        sheet = replace(sheet, wrong=wrongly_named(judge, swapped))
    page = drawn(sheet, dark=state.is_dark())
    st.image(
        show.png_address(page),
        alt=f"{len(batch.images)} images, each as {', '.join(sheet.names)}",
        width=page.width // 2,
    )
    st.caption(
        f"{batch.sentence} Each row is one style; the ring marks the class that the image was "
        f"encoded with.{_legend(sheet.names)}"
    )
    _judged(opened, sheet)
    _files(opened, sheet)


def _legend(names: Sequence[str]) -> str:
    """The names that the sheet's font cannot write, by the numbers that stand for them."""
    numbered = [
        f"{heading} is {literal(name)}"
        for heading, name in zip(headings(names), names, strict=True)
        if heading != name
    ]
    return f" Above the columns, {'; '.join(numbered)}." if numbered else ""


def _batch(opened: Opened, subject: Subject) -> Batch:
    key, source = f"{opened.key}:swap-batch", DATA
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        if subject.together:
            source = st.segmented_control(
                "Images", [YOURS, DATA], default=YOURS, required=True, key=f"{key}-source"
            )
        if source == DATA:
            n = st.slider("Rows", 1, MOST_ROWS, FIRST_ROWS, width=200, key=f"{key}-rows")
            st.button(
                "Others",
                icon=":material/shuffle:",
                key=f"{key}-again",
                on_click=_again,
                args=(f"{key}-seed",),
            )
    if source == YOURS:
        return _yours(opened, subject.together[:MOST_ROWS])
    return _of_the_data(opened, n, int(st.session_state.get(f"{key}-seed", 0)))


def _again(key: str) -> None:
    st.session_state[key] = int(st.session_state.get(key, 0)) + 1


def _yours(opened: Opened, subjects: tuple[Subject, ...]) -> Batch:
    labels = [best_class(opened, subject.image, subject.label) for subject in subjects]
    return Batch(
        np.stack([subject.image for subject in subjects]),
        np.array(labels, np.int64),
        "Your pictures, each encoded with the class of its highest ELBO.",
    )


def _of_the_data(opened: Opened, n: int, seed: int) -> Batch:
    """Images of the test split, the classes in turn; others with another seed."""
    latents = opened.latents
    assert latents.labels is not None  # a conditional model's codes have their classes
    rows = np.flatnonzero(latents.split == SPLITS["test"])
    rows = np.random.default_rng(seed).permutation(rows if len(rows) else len(latents))
    turn = np.empty(len(rows), np.int64)  # how many of its class stand before a row
    for label in np.unique(latents.labels[rows]):
        of_class = latents.labels[rows] == label
        turn[of_class] = np.arange(of_class.sum())
    chosen = rows[np.lexsort((latents.labels[rows], turn))][:n]
    pictures = pictures_of(opened.checkpoint, chosen)
    what = "Test images" if pictures.are_data else "Codes of test images, decoded"
    return Batch(pictures.images, latents.labels[chosen], f"{what}, each with its own class.")


def _classes(opened: Opened) -> list[int]:
    """The columns: all classes, or the ones chosen where there are many."""
    every = list(range(opened.n_classes))
    if len(every) <= MOST_COLUMNS:
        return every
    chosen = st.multiselect(
        "Classes",
        every,
        default=every[:MOST_COLUMNS],
        format_func=opened.class_names.__getitem__,
        max_selections=MOST_COLUMNS,
        key=f"{opened.key}:swap-batch-classes",
        persist_state="session",
    )
    return chosen or every[:MOST_COLUMNS]


def _judged(opened: Opened, sheet: Sheet) -> None:
    """The share of swapped pictures that the classifier names as asked."""
    if sheet.wrong is None:
        st.caption(
            "Whether each is of the class asked for can be judged by a classifier of the data’s "
            f"own images: `python -m vaelab evaluate {opened.checkpoint.id} --sections samples` "
            "trains it and keeps it."
        )
        return
    others = ~sheet.swapped.is_own
    n = int(others.sum())
    right = n - int(sheet.wrong[others].sum())
    if n:
        st.markdown(
            f"A classifier of the data’s own images names **{right:,} of {n:,}** swapped pictures "
            f"({right / n:.0%}) as asked" + ("." if right == n else "; a red dot marks the others.")
        )


def _files(opened: Opened, sheet: Sheet) -> None:
    name = f"{opened.checkpoint.id}-classes"
    offers = (
        ("PNG", lambda: png_bytes(drawn(sheet)), "png", "image/png", "The sheet as one picture"),
        (
            "Arrays (npz)",
            lambda: arrays(opened, sheet),
            "npz",
            "application/octet-stream",
            "images, pictures, codes, labels and classes",
        ),
    )
    with st.container(horizontal=True):
        for label, content, suffix, mime, about in offers:
            st.download_button(
                label,
                content,
                file_name=f"{name}.{suffix}",
                mime=mime,
                icon=":material/download:",
                key=f"{opened.key}:swap-{suffix}",
                help=about,
                on_click="ignore",
            )


def arrays(opened: Opened, sheet: Sheet) -> bytes:
    """The sheet as npz: images uint8, pictures and codes float32, labels, classes, their names."""
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        allow_pickle=False,
        images=sheet.images,
        pictures=sheet.swapped.pictures,
        codes=sheet.swapped.codes,
        labels=sheet.swapped.labels,
        classes=sheet.swapped.classes,
        class_names=np.array(opened.class_names, np.str_),
    )
    return buffer.getvalue()
