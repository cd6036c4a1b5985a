"""The first part of the Train form: which images, and a look at them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import plotly.graph_objects as go
import streamlit as st
from PIL import Image

from vaelab.data import (
    SOURCES,
    DataError,
    DatasetSplits,
    DataSpec,
    SourceDescription,
    class_histogram,
    describe_source,
    load_dataset,
    preview_grid,
    resolve_source,
)
from vaelab.web import words
from vaelab.web.loaders import dataset_of, source_stamp
from vaelab.web.show import png_address
from vaelab.web.train.form_state import PATH, UPLOAD, key, set_value, value
from vaelab.web.train.suggestions import suggest_for
from vaelab.web.train.uploads import keep_upload

SHOWN_AT_ONCE = 5_000  # images of a folder or archive that are read without being asked to
TITLES = {PATH: "A path on this machine", UPLOAD: "Upload a .zip or .npz"}
COLOURS = {"auto": "as the images are", "grey": "grey", "rgb": "colour"}
LARGEST_UPLOAD = 500  # MB: an upload passes through the server's memory


def choose_data() -> tuple[DataSpec, SourceDescription] | None:
    """The widgets of the source; what was chosen, or None while nothing usable is."""
    st.selectbox(
        "Source",
        [*SOURCES, PATH, UPLOAD],
        key=key("source"),
        format_func=lambda name: TITLES[name] if name in TITLES else SOURCES[name].title,
        persist_state="session",
    )
    source = _source()
    if source is None:
        return None
    try:
        spec = DataSpec(source) if source in SOURCES else _shaped(source)
        description = _describe(spec, source_stamp(spec))
    except DataError as error:
        st.error(str(error))
        return None
    if not description.available:
        _say_absent(spec, description)
        return None
    st.caption(_facts(description))
    return spec, description


def preview(spec: DataSpec, description: SourceDescription) -> None:
    """64 images and how many there are of each class, before anything is trained on them."""
    many = (description.n_images or 0) > SHOWN_AT_ONCE and spec.source not in SOURCES
    if many and not st.toggle("Read the images and show a few", key=key(f"look-{spec.source}")):
        return
    try:
        with st.spinner("Reading the images …"):
            splits = dataset_of(spec)
    except DataError as error:
        st.error(str(error))
        return
    suggest_for(spec.source, splits.train)
    columns = st.columns(2, vertical_alignment="center")
    with columns[0]:
        shown = png_address(_grid(splits, spec))
        st.image(shown, width="stretch", alt=f"64 training images of {splits.name}")
    with columns[1]:
        counts = class_histogram(splits.train)
        if counts:
            st.plotly_chart(
                histogram(counts),
                key="class-histogram",
                config={"displayModeBar": False},
                alt="Training images of each class",
            )
        else:
            st.caption("The images have no labels: an autoencoder or a VAE needs none.")
    parts = (splits.train, splits.validation, splits.test)
    sizes = ", ".join(f"{len(part):,} {part.split}" for part in parts)
    st.caption(f"The split is always the same: {sizes} images.")
    if splits.skipped:
        with st.expander(f"{len(splits.skipped)} files were left out"):
            st.table({file.path: file.reason for file in splits.skipped[:50]}, border="horizontal")


def histogram(counts: Mapping[str, int]) -> go.Figure:
    """Number of images of each class, as bars in the order of the classes."""
    names = [str(name) for name in counts]
    figure = go.Figure(
        go.Bar(
            x=list(range(len(names))),
            y=list(counts.values()),
            customdata=names,
            hovertemplate="%{customdata}: %{y:,} images<extra></extra>",
        )
    )
    figure.update_layout(
        height=210,
        margin={"l": 0, "r": 0, "t": 24, "b": 0},
        title={"text": "Training images of each class", "font": {"size": 13}},
        bargap=0.25,
    )
    figure.update_xaxes(tickvals=list(range(len(names))), ticktext=[n[:12] for n in names])
    figure.update_yaxes(nticks=4, tickformat=",d")
    return figure


def _source() -> str | None:
    choice = str(value("source"))
    if choice == PATH:
        path = st.text_input(
            "Path of an image folder, a .zip or an .npz",
            key=key("path"),
            placeholder="/home/me/pictures",
            help="A folder of images with one sub-folder per class, inside train and test "
            "folders or not. An .npz holds the images in x and, optionally, the labels "
            "in y.",
            persist_state="session",
        )
        return _resolved(path.strip())
    if choice == UPLOAD:
        return _uploaded()
    return choice


def _resolved(path: str) -> str | None:
    """The path in full, or its name inside the data folder."""
    if not path:
        return None
    try:
        return resolve_source(path)
    except DataError as error:
        st.error(str(error))
        return None


def _uploaded() -> str | None:
    """The path under which the upload is kept; it stays chosen when its widget is left."""
    file = st.file_uploader(
        "A .zip of an image folder, or an .npz with x and, optionally, y",
        ["zip", "npz"],
        max_upload_size=LARGEST_UPLOAD,
        help="Larger files need no upload: choose “A path on this machine”.",
    )
    if file is not None:
        try:
            set_value("uploaded", str(keep_upload(file.name, file.getvalue())))
        except (DataError, OSError) as error:
            st.error(str(error))
            return None
    kept: str | None = st.session_state.get(key("uploaded"))
    if file is None and kept:
        st.caption(f"Uploaded before: {Path(kept).name}")
    return kept


def _shaped(source: str) -> DataSpec:
    """The spec of a path, with the size and colour that it is to be brought to."""
    if source.lower().endswith(".npz"):
        return DataSpec(source, None, _colour())
    left, right = st.columns(2)
    with left:
        size = st.number_input(
            "Side in pixels",
            8,
            128,
            key=key("image_size"),
            help="Images of any size are resized to squares with this side.",
            persist_state="session",
        )
    with right:
        return DataSpec(source, size, _colour())


def _colour() -> str:
    st.selectbox(
        "Colour",
        list(COLOURS),
        key=key("colour"),
        format_func=COLOURS.__getitem__,
        persist_state="session",
    )
    return str(value("colour"))


def _say_absent(spec: DataSpec, description: SourceDescription) -> None:
    st.warning(description.message)
    if spec.source in SOURCES and st.button("Fetch it now", icon=":material/download:"):
        try:
            with st.spinner(f"Fetching {description.title} …"):
                load_dataset(spec)
        except DataError as error:
            st.error(str(error))
        else:
            st.rerun()


def _facts(description: SourceDescription) -> str:
    parts = [description.message.rstrip(".")]
    if description.image_shape is not None:
        parts.append(words.shape(description.image_shape))
    classes = len(description.class_names)
    parts.append(f"{classes} classes" if classes else "no labels")
    return " · ".join(parts)


@st.cache_resource(max_entries=16, show_spinner="Looking at the files …")
def _describe(spec: DataSpec, stamp: object) -> SourceDescription:
    return describe_source(spec)


@st.cache_data(max_entries=8, show_spinner=False)
def _grid(_splits: DatasetSplits, spec: DataSpec) -> Image.Image:
    return preview_grid(_splits.train)
