"""The interpolate page's moving part: two ends, two films."""

from __future__ import annotations

import streamlit as st

from vaelab.pictures import grid
from vaelab.web import show
from vaelab.web.class_picker import pick_class
from vaelab.web.interpolate.end_picker import pick_end
from vaelab.web.interpolate.film import FORMULAS, PATHS, End, Film, make_film
from vaelab.web.interpolate.gif import film_gif
from vaelab.web.opened import Opened

STRIP_CELL = 64
GIF_SIDE = 168


@st.fragment
def draw(opened: Opened) -> None:
    """The ends, the settings, and a film for each kind of path."""
    ends = st.grid(2, min_column_width=340, gap="medium", border=True)
    with ends.cell():
        start = pick_end(opened, "From A", seed=3)
    with ends.cell():
        end = pick_end(opened, "To B", seed=14)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        n = st.slider("Pictures", 3, 24, 11, width=200, key="film-n", persist_state="session")
        speed = st.slider(
            "Pictures a second", 2, 25, 10, width=200, key="film-speed", persist_state="session"
        )
    label = _film_class(opened) if opened.n_classes else None
    if start is None or end is None:
        st.info("Upload a picture for each end that needs one, or take one from the data.")
        return
    for path in PATHS:
        _film(opened, path, make_film(opened.model, start, end, path, n, label), speed)
    _ends(opened, start, end)


def _film_class(opened: Opened) -> int | None:
    """The class of all frames, or None to go from one end's class to the other's."""
    how = st.segmented_control(
        "Class c along the way",
        ["From A’s to B’s", "One for all"],
        default="From A’s to B’s",
        required=True,
        key="film-class-how",
        persist_state="session",
        help="Between two classes the model is given a blend, which it was not trained on.",
    )
    if how != "One for all":
        return None
    return pick_class("Class of all pictures", opened.class_names, f"{opened.key}:film-class")


def _film(opened: Opened, path: str, film: Film, speed: int) -> None:
    """The strip, the film as it plays, and the file to take away."""
    st.subheader(path, anchor=False)
    n = len(film.frames)
    gif = _gif(film.frames.tobytes(), round(1000 / speed), film)
    strip, playing = st.columns([4, 1], gap="medium")
    with strip:
        st.image(
            show.png_address(grid(film.frames, columns=min(n, 12), cell=STRIP_CELL)),
            alt=f"{n} pictures along the {path.lower()} path from A to B",
            width="stretch",
        )
        st.markdown(f"${FORMULAS[path]}$")
    with playing:
        st.image(
            show.data_address(gif, "image/gif"),
            alt=f"the {path.lower()} path as a film",
            width="stretch",
        )
        st.download_button(
            "GIF",
            gif,
            file_name=f"{opened.checkpoint.id}-{path.lower()}.gif",
            mime="image/gif",
            icon=":material/download:",
            on_click="ignore",
            key=f"gif-{path}",
            width="stretch",
        )


@st.cache_data(max_entries=64, show_spinner=False)
def _gif(frames: bytes, milliseconds: int, _film: Film) -> bytes:
    return film_gif(_film.frames, milliseconds=milliseconds, side=GIF_SIDE)


def _ends(opened: Opened, start: End, end: End) -> None:
    """What the first and last pictures are, which need not look like the images above."""
    st.caption(
        "The first and last pictures are the ends’ own codes, decoded: the images above as the "
        f"model reconstructs them. Along the way only {opened.latents.latent_dim} numbers change"
        + (", and the class." if opened.n_classes and start.label != end.label else ".")
    )
