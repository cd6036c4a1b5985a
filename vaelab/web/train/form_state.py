"""The Train form's values: kept in the session, filled from an earlier run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import streamlit as st

from vaelab import settings
from vaelab.data import SOURCES
from vaelab.models import ModelConfig
from vaelab.runs.config import FROM_DATA, free_name
from vaelab.runs.record import Run
from vaelab.training import TrainConfig
from vaelab.web.run_store import taken_names

PATH, UPLOAD = "path", "upload"  # beside the names in SOURCES
AUTOMATIC = {"width": 0, "depth": -1}  # what an empty field stands for

_DATA: dict[str, Any] = {
    "source": "digits",
    "path": "",
    "image_size": 32,
    "colour": "auto",
    "family": "vae",
    "name": "",
}
_MODEL = {f.name: f.default for f in fields(ModelConfig) if f.name not in FROM_DATA}
_TRAIN = {f.name: f.default for f in fields(TrainConfig)}


def key(name: str) -> str:
    """The session's key of a field, and of its widget."""
    return f"train_{name}"


def value(name: str) -> Any:
    """What the field holds now."""
    return st.session_state[key(name)]


def set_value(name: str, new: Any) -> None:
    """Set a field; before its widget in a run, or in a callback."""
    st.session_state[key(name)] = new


def prepare() -> None:
    """Give every field its default, once a session."""
    for name, default in {**_DATA, **_MODEL, **_TRAIN}.items():
        empty = name in AUTOMATIC or name == "regulariser_strength"
        st.session_state.setdefault(key(name), None if empty else default)


def model_settings(names: list[str]) -> dict[str, Any]:
    """The fields of `ModelConfig` among `names`; empty ones are left to their defaults."""
    return {n: value(n) for n in names if n in _MODEL and value(n) is not None}


def train_settings(names: list[str]) -> dict[str, Any]:
    """The fields of `TrainConfig` among `names`."""
    return {n: value(n) for n in names if n in _TRAIN and value(n) is not None}


def fill(run: Run) -> None:
    """Put the settings of a run into the form; for a callback."""
    config = run.config
    data: Mapping[str, Any] = config["data"]
    named = data["source"] in SOURCES
    set_value("source", data["source"] if named else PATH)
    set_value("path", "" if named else data["source"])
    set_value("image_size", data["image_size"] or _DATA["image_size"])
    set_value("colour", data["colour"])
    set_value("family", config["family"])
    for name, given in {**config["model"], **_TRAIN, **config["train"]}.items():
        if name in _MODEL or name in _TRAIN:
            set_value(name, None if AUTOMATIC.get(name) == given else given)
    set_value("name", suggest_name(run.name))
    st.session_state[key("suggested_for")] = data["source"]  # its settings are kept
    st.session_state[key("suggested")] = None  # the name is the user's, not to be replaced


def suggest(base: str) -> None:
    """Keep the name field at a free name made of `base` until the user writes one."""
    if value("name") in ("", st.session_state.get(key("suggested"))):
        suggestion = suggest_name(base)
        set_value("name", suggestion)
        st.session_state[key("suggested")] = suggestion


def suggest_name(base: str) -> str:
    """A name that neither a checkpoint nor an unfinished run has."""
    return free_name(base, settings.checkpoints_dir(), taken_names())


def release_name() -> None:
    """Let the name field follow the form again, now that its name is taken."""
    st.session_state[key("suggested")] = value("name")
