"""Pictures that a user has put on the map; kept for as long as the session lasts."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from vaelab.pictures import enlarge, to_picture
from vaelab.web import show, upload
from vaelab.web.class_picker import pick_class
from vaelab.web.decoding import encode
from vaelab.web.opened import Opened
from vaelab.web.preparation_controls import switches

MOST = 8
LONGEST_NAME = 24
SIDE = 96


@dataclass(frozen=True)
class Star:
    """An uploaded picture with its code.

    Attributes:
        id: changes with the code and the class.
        name: the file's, shortened.
        z: K numbers, the posterior's mean.
        label: class under which it was encoded; None without classes.
        picture: as the model sees it, as a `data:` address.
    """

    id: str
    name: str
    z: tuple[float, ...]
    label: int | None
    picture: str

    def to_dict(self) -> dict[str, Any]:
        """`Star` in the frontend."""
        return asdict(self)


def stars_of(opened: Opened) -> tuple[Star, ...]:
    """The session's pictures on this model's map, the newest last."""
    stars: tuple[Star, ...] = st.session_state.get(_kept(opened), ())
    return stars


def add_star(opened: Opened) -> None:
    """Draw the upload's field and switches; a usable picture is put on the map."""
    key = f"{opened.key}:star"
    uploaded = upload.uploader("A picture like those the model was trained on", f"{key}-file")
    label = None
    if opened.n_classes:
        label = pick_class("Class c", opened.class_names, f"{key}-class")
    preparation = None if uploaded is None else switches(opened, key)
    if stars_of(opened):
        st.button(
            "Remove all from the map", icon=":material/delete:", on_click=_clear, args=(opened,)
        )
    if uploaded is None or preparation is None:
        return
    ready = upload.prepared(opened, uploaded, preparation)
    if ready is None:
        return
    upload.show_steps(ready)
    star = star_of(opened, ready.pixels, label, uploaded.name)
    if star.id not in _dropped(opened):
        put_star(opened, star)


def star_of(opened: Opened, image: npt.NDArray[np.uint8], label: int | None, name: str) -> Star:
    """The star of a picture uint8 (C, H, W) that is encoded under class `label`."""
    code = encode(opened.model, image[None], opened.condition(label)).mean[0]
    return star_of_code(code, label, name, image)


def star_of_code(
    code: npt.NDArray[np.floating],
    label: int | None,
    name: str,
    picture: npt.NDArray[np.uint8] | npt.NDArray[np.float32],
) -> Star:
    """The star of a code (K,), whoever found it; a picture (C, H, W) stands for it."""
    z = tuple(float(value) for value in code)
    digest = hashlib.sha256(repr((z, label)).encode()).hexdigest()[:16]
    shown = show.png_address(enlarge(to_picture(picture), SIDE))
    return Star(digest, name[:LONGEST_NAME], z, label, shown)


def put_star(opened: Opened, star: Star) -> None:
    """Put it on the map, the newest last; the oldest of more than MOST goes."""
    _dropped(opened).discard(star.id)
    if star in stars_of(opened):
        return
    others = [other for other in stars_of(opened) if other.id != star.id]
    st.session_state[_kept(opened)] = (*others, star)[-MOST:]


def _clear(opened: Opened) -> None:
    """Also the file that is still in the field is not put back."""
    _dropped(opened).update(star.id for star in stars_of(opened))
    st.session_state[_kept(opened)] = ()


def _dropped(opened: Opened) -> set[str]:
    dropped: set[str] = st.session_state.setdefault(f"{_kept(opened)}-dropped", set())
    return dropped


def _kept(opened: Opened) -> str:
    return f"{opened.key}:stars"
