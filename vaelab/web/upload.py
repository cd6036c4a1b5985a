"""An uploaded picture on a page: its switches, its steps, its faults as sentences."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from vaelab.data import (
    MAX_UPLOAD_BYTES,
    UPLOAD_SUFFIXES,
    DataError,
    Framing,
    Preprocessed,
    prepare_upload,
)
from vaelab.pictures import enlarge
from vaelab.web import show
from vaelab.web.opened import Opened
from vaelab.web.stored_images import framing_of

MEGABYTES = MAX_UPLOAD_BYTES // 2**20
INVERT = {"Auto": None, "Yes": True, "No": False}
STEP_SIDE = 96


@dataclass(frozen=True)
class Uploaded:
    """A file as the user gave it."""

    name: str
    content: bytes


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


def prepared(
    opened: Opened, uploaded: Uploaded, framing: Framing, invert: bool | None = None
) -> Preprocessed | None:
    """The picture as the model needs it; for an unusable one the reason is shown, and None."""
    config = opened.checkpoint.model_config
    try:
        return prepare_upload(
            uploaded.content,
            config.image_shape,
            name=uploaded.name,
            invert=invert,
            crop=framing.crop,
            pad=framing.pad,
            dark_background=framing.dark_background,
            centre=framing.centre,
            levels=framing.levels,
            thicken=framing.thicken,
        )
    except DataError as error:
        st.error(str(error), icon=":material/error:")
        return None


def switches(opened: Opened, key: str) -> tuple[Framing, bool | None]:
    """What is to be done to the picture: the data's own framing unless changed here."""
    framing = framing_of(opened.checkpoint)
    if opened.checkpoint.model_config.image_shape[0] == 3 or framing.dark_background is None:
        st.caption("The centre of the picture is cut out and resized, as for photographs.")
        return framing, None
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        invert = st.segmented_control(
            "Invert light and dark",
            list(INVERT),
            default="Auto",
            required=True,
            key=f"{key}-invert",
            help="Auto compares the picture’s border with the data’s background.",
        )
        crop = st.toggle("Crop to the content", value=framing.crop, key=f"{key}-crop")
        by_mass = st.toggle(
            "Centre by mass",
            value=framing.centre == "mass",
            disabled=not crop,
            key=f"{key}-centre",
            help="Otherwise by the middle of its bounding box.",
        )
    chosen = replace(framing, crop=crop, centre="mass" if by_mass else "box")
    return chosen, INVERT[str(invert)]


def show_steps(ready: Preprocessed) -> None:
    """What was done to the picture, one thumbnail a step."""
    with st.grid("auto", min_column_width=84, gap="small"):
        for number, step in enumerate(ready.steps, start=1):
            longest = max(step.image.size)
            thumbnail = step.image.copy()
            thumbnail.thumbnail((2 * STEP_SIDE, 2 * STEP_SIDE))
            with st.container(gap="xsmall"):
                st.image(
                    show.png_address(enlarge(thumbnail, STEP_SIDE)),
                    alt=f"the picture after step {number}, {step.name}",
                    width=max(8, round(STEP_SIDE * step.image.width / longest)),
                )
                st.markdown(f"**{number}. {step.name}**")
                st.caption(step.detail)
