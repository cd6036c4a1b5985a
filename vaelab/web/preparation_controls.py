"""How an uploaded picture is prepared: the data's own way to begin with, each step changeable."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import streamlit as st

from vaelab.data import CHOICES, Preparation
from vaelab.web.opened import Opened
from vaelab.web.stored_images import preparation_of

TITLES = {
    "colour": "Colour",
    "invert": "Invert light and dark",
    "threshold": "Threshold",
    "crop": "Crop to the content",
    "centre": "Centre by",
    "resize": "Resize with",
}
NAMES = {"keep": "Colour", "fixed": "By hand"}
HELP = {
    "invert": "Auto inverts a picture on a light ground if the data’s is dark, or vice versa.",
    "threshold": "Auto evens out the light and removes shadows, ruled lines and specks; “By "
    "hand” does so with your cut.",
    "crop": "Auto crops to the content, or a photograph to the frame’s proportions.",
    "centre": "Moves the centre of mass, or of the bounding box, to the middle.",
}
FOR_INK = ("threshold", "crop", "centre")


def switches(opened: Opened, key: str) -> Preparation:
    """What is to be done to the picture: as the model's data has it unless changed here."""
    guess = preparation_of(opened.checkpoint)
    colour = opened.checkpoint.model_config.image_shape[0] == 3
    photographs = colour or guess.dark_background is None
    chosen: dict[str, Any] = {}
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        for name in _choices(colour=colour, photographs=photographs):
            off = name == "centre" and chosen.get("crop") == "none"
            chosen[name] = _choice(name, getattr(guess, name), key, disabled=off)
        chosen["resize"] = _choice("resize", guess.resize, key)
        if not photographs:
            chosen |= _numbers(guess, key, chosen)
        _reset(guess, key)
    st.caption(_about(guess, colour=colour))
    return replace(guess, **chosen)


def _choices(*, colour: bool, photographs: bool) -> tuple[str, ...]:
    if colour:
        return "colour", "invert", "crop"
    return ("invert", "crop") if photographs else ("invert", *FOR_INK)


def _title(value: str) -> str:
    return NAMES.get(value, value).capitalize()


def _choice(name: str, default: str, key: str, disabled: bool = False) -> str:
    if name == "resize":
        chosen: str | None = st.selectbox(
            TITLES[name],
            CHOICES[name],
            index=CHOICES[name].index(default),
            key=f"{key}-{name}",
            width=130,
        )
    else:
        chosen = st.segmented_control(
            TITLES[name],
            CHOICES[name],
            format_func=_title,
            default=default,
            required=True,
            key=f"{key}-{name}",
            help=HELP.get(name),
            disabled=disabled,
        )
    return str(chosen or default)


def _numbers(guess: Preparation, key: str, chosen: dict[str, Any]) -> dict[str, Any]:
    """Margin, cut and strokes of pictures with a ground of their own."""
    numbers: dict[str, Any] = {}
    if chosen["threshold"] == "fixed":
        numbers["cut"] = st.slider(
            "Cut",
            0.0,
            1.0,
            guess.cut,
            0.05,
            key=f"{key}-cut",
            width=150,
            help="0 keeps everything that is not paper, 1 only the darkest ink.",
        )
    framed = chosen["crop"] == "auto"
    percent = st.slider(
        "Margin, % of the frame",
        0,
        40,
        round(100 * guess.pad),
        key=f"{key}-pad",
        width=150,
        disabled=not framed,
    )
    if percent != round(100 * guess.pad):
        numbers["pad"] = percent / 100
    numbers["thicken"] = st.toggle(
        "Widen thin strokes", guess.thicken, key=f"{key}-thicken", disabled=not framed
    )
    return numbers


def _reset(guess: Preparation, key: str) -> None:
    names = [f"{key}-{name}" for name in asdict(guess)]

    def forget() -> None:
        for name in names:
            st.session_state.pop(name, None)

    st.button("As guessed", icon=":material/restart_alt:", key=f"{key}-reset", on_click=forget)


def _about(guess: Preparation, *, colour: bool) -> str:
    if colour or guess.dark_background is None:
        return "The model’s data has no uniform ground: pictures are treated as photographs."
    ground = "light on dark" if guess.dark_background else "dark on light"
    kind = "handwriting" if guess.thicken else "shapes"
    place = "not centred"
    if guess.crop == "auto":
        by = "centre of mass" if guess.centre == "mass" else "bounding box"
        place = f"centred by its {by}, {guess.pad:.0%} free on each side"
    return f"Measured on the model’s own data: {kind}, {ground}, {place}."
