"""What is shown of the points selected on the map: one of them, or a group."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import streamlit as st

from vaelab.latent import nearest
from vaelab.pictures import to_uint8
from vaelab.web import show
from vaelab.web.decoding import decode
from vaelab.web.figures import class_counts
from vaelab.web.navigation import go_to_page
from vaelab.web.opened import Opened
from vaelab.web.sliders.steering import go_to
from vaelab.web.state import class_colours
from vaelab.web.stored_images import pictures_of, place_name, reconstructions

NEIGHBOURS = 9
MOST_FOR_MEAN = 500
SIDE = 96


def show_hint() -> None:
    """What the map can be asked, while nothing is selected."""
    with st.container(border=True):
        st.markdown(
            ":material/ads_click: **Click a point** to see its image and its neighbours.\n\n"
            ":material/gesture: **Lasso** or **Box**, then draw around points, to see what they "
            "have in common.\n\n"
            ":material/legend_toggle: **Click a class** in the legend to hide it, twice to see it "
            "alone.\n\n"
            ":material/zoom_in: **Scroll** to zoom, drag to move, double-click to start over."
        )


def show_point(opened: Opened, row: int) -> None:
    """One stored code: its image, what the decoder makes of it, its neighbours."""
    latents = opened.latents
    name, label = place_name(latents, row), opened.class_of(row)
    title = name[0].upper() + name[1:]
    st.markdown(f"**{title}**" + ("" if label is None else f" · {opened.class_names[label]}"))
    stored = pictures_of(opened.checkpoint, [row])
    with st.container(horizontal=True, gap="small"):
        if stored.are_data:
            show.picture(stored.images[0], alt=name, caption="data", side=SIDE)
        decoded = reconstructions(opened.model, latents.take(np.array([row])))[0]
        show.picture(decoded, alt=f"{name}, decoded", caption="decoded from its code", side=SIDE)
    if not stored.are_data:
        st.caption("The data’s own images are not on this machine.")
    if st.button("Open in Sliders", icon=":material/tune:"):
        go_to(opened, latents.mean[row], label if opened.n_classes else None, name, row)
        go_to_page("sliders", opened.checkpoint)
    _neighbours(opened, row)


def _neighbours(opened: Opened, row: int) -> None:
    latents = opened.latents
    if len(latents) < 2:
        return
    k = min(NEIGHBOURS + 1, len(latents))
    found = nearest(latents.mean, latents.mean[row], k)
    pairs = [(int(i), float(d)) for i, d in zip(found.indices, found.distances, strict=True)]
    pairs = [pair for pair in pairs if pair[0] != row][:NEIGHBOURS]
    rows = [i for i, _ in pairs]
    stored = pictures_of(opened.checkpoint, rows)
    st.markdown(f"**Nearest codes in all {latents.latent_dim} dimensions**")
    labels = [opened.class_of(i) for i in rows]
    captions = [
        f"{d:.2f}" if c is None else f"{opened.class_names[c]} · {d:.2f}"
        for c, (_, d) in zip(labels, pairs, strict=True)
    ]
    show.pictures(
        stored.images, alts=[place_name(latents, i) for i in rows], captions=captions, side=56
    )
    st.caption(f"Class and distance. {stored.sentence}")


def show_group(opened: Opened, rows: npt.NDArray[np.int64]) -> None:
    """Several codes: how many of each class, and their means."""
    labels = opened.latents.labels
    st.markdown(f"**{len(rows):,} codes selected**")
    if labels is not None:
        st.plotly_chart(
            class_counts(labels[rows], opened.class_names, class_colours(len(opened.class_names))),
            key="group_counts",
            alt="Selected codes by class",
            config={"displayModeBar": False},
        )
    some = rows
    if len(rows) > MOST_FOR_MEAN:
        some = np.sort(np.random.default_rng(0).choice(rows, MOST_FOR_MEAN, replace=False))
    pictures = reconstructions(opened.model, opened.latents.take(some))
    with st.container(horizontal=True, gap="small"):
        show.picture(
            mean_code_picture(opened, rows),
            alt="picture of the mean code",
            caption="the mean code, decoded",
            side=SIDE,
        )
        show.picture(
            to_uint8(pictures.mean(axis=0) / 255),
            alt="mean of the decoded pictures",
            caption=f"mean of {len(some):,} decoded",
            side=SIDE,
        )
    if opened.n_classes:
        st.caption("The mean code is decoded under the selection’s own mixture of classes.")
    st.markdown("**Some of them**")
    few = rows[np.unique(np.linspace(0, len(rows) - 1, NEIGHBOURS).astype(np.int64))]
    stored = pictures_of(opened.checkpoint, few)
    names = [place_name(opened.latents, int(row)) for row in few]
    classes = [opened.class_of(int(row)) for row in few]
    captions = ["" if c is None else opened.class_names[c] for c in classes]
    show.pictures(stored.images, alts=names, captions=captions, side=56)
    st.caption(stored.sentence)


def mean_code_picture(opened: Opened, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """The mean of the codes at `rows`, decoded: (C, H, W)."""
    weights = None
    if opened.n_classes and opened.latents.labels is not None:
        counts = np.bincount(opened.latents.labels[rows], minlength=opened.n_classes)
        weights = (counts / counts.sum()).astype(np.float32)[None]
    mean = opened.latents.mean[rows].mean(axis=0, keepdims=True)
    picture: npt.NDArray[np.float32] = decode(opened.model, mean, weights).mean[0]
    return picture
