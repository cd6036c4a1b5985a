"""An uploaded picture on a page: its field, its steps, its faults as sentences."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from PIL import ImageOps

from vaelab.data import (
    MAX_UPLOAD_BYTES,
    UPLOAD_SUFFIXES,
    DataError,
    Preparation,
    Prepared,
    prepare,
)
from vaelab.pictures import enlarge
from vaelab.web import show
from vaelab.web.opened import Opened

MEGABYTES = MAX_UPLOAD_BYTES // 2**20
MOST_FILES = 24  # at once
STEP_SIDE = 96
EDGE = "#8b90a0"  # white paper has one on a white page, black paper on a dark one


@dataclass(frozen=True)
class Uploaded:
    """A picture as the user gave it.

    Attributes:
        is_file: whether the name is that of a file, and not words of ours.
    """

    name: str
    content: bytes
    is_file: bool = True


def uploader(label: str, key: str) -> Uploaded | None:
    """A field for one picture; None while it is empty."""
    uploaded = st.file_uploader(
        label,
        type=list(UPLOAD_SUFFIXES),
        max_upload_size=MEGABYTES,
        key=key,
        help="Nothing leaves this machine. The picture is not kept.",
    )
    return None if uploaded is None else Uploaded(uploaded.name, uploaded.getvalue())


def uploaders(label: str, key: str) -> list[Uploaded]:
    """A field for several pictures, in the order they were given."""
    uploaded = st.file_uploader(
        label,
        type=list(UPLOAD_SUFFIXES),
        accept_multiple_files=True,
        max_upload_size=MEGABYTES,
        key=key,
        help="Nothing leaves this machine. The pictures are not kept. Only their pixels "
        "are read, not where, when or with which camera they were taken.",
    )
    if len(uploaded) > MOST_FILES:
        st.caption(f"The first {MOST_FILES} of {len(uploaded)} are shown.")
    return [Uploaded(file.name, file.getvalue()) for file in uploaded[:MOST_FILES]]


def prepared(opened: Opened, uploaded: Uploaded, preparation: Preparation) -> Prepared | None:
    """The picture as the model needs it; for an unusable one the reason is shown, and None."""
    shape = opened.checkpoint.model_config.image_shape
    try:
        return prepare(uploaded.content, preparation, shape, name=uploaded.name)
    except DataError as error:
        st.error(str(error), icon=":material/error:")
        return None


def show_steps(ready: Prepared) -> None:
    """What was done to the picture, one thumbnail a step."""
    with st.grid("auto", min_column_width=84, gap="small"):
        for number, step in enumerate(ready.steps, start=1):
            longest = max(step.picture.size)
            thumbnail = step.picture.copy()
            thumbnail.thumbnail((2 * STEP_SIDE, 2 * STEP_SIDE))
            edged = ImageOps.expand(enlarge(thumbnail.convert("RGB"), STEP_SIDE), 2, EDGE)
            with st.container(gap="xsmall"):
                st.image(
                    show.png_address(edged),
                    alt=f"the picture after step {number}, {step.name}",
                    width=max(8, round(STEP_SIDE * step.picture.width / longest)),
                )
                st.markdown(f"**{number}. {step.name}**")
                st.caption(step.caption)
