"""What can be taken along of a checkpoint, in a dialog of its card."""

from __future__ import annotations

import io
from functools import partial
from typing import Any

import streamlit as st

from vaelab.checkpoints import (
    Checkpoint,
    load_latents,
    load_model,
    pack_checkpoint,
)
from vaelab.checkpoints.record import WEIGHTS
from vaelab.standalone.notebook import notebook
from vaelab.standalone.page import size_text
from vaelab.standalone.start import start_of
from vaelab.web import words
from vaelab.web.server.graphs import graph_file
from vaelab.web.share.bulk_panel import bulk_panel
from vaelab.web.share.made_files import html_path, make_html
from vaelab.web.share.view import session_view


def share_button(checkpoint: Checkpoint) -> None:
    """Opens the dialog."""
    if st.button(
        "Share",
        key=f"share-{checkpoint.id}",
        icon=":material/ios_share:",
        type="tertiary",
        help="Download it, or draw many pictures",
    ):
        _share(checkpoint)


@st.dialog("Share or download", width="large")
def _share(checkpoint: Checkpoint) -> None:
    st.markdown(f"**{checkpoint.id}** · {words.summary(checkpoint)}")
    files, pictures = st.tabs(["Files", "Many pictures"])
    with files:
        view = _chosen_view(checkpoint)
        _page(checkpoint, view)
        _files(checkpoint, view)
    with pictures:
        bulk_panel(checkpoint)


def _chosen_view(checkpoint: Checkpoint) -> dict[str, Any]:
    view = session_view(checkpoint)
    if view and st.checkbox(
        "Start from my sliders and key frames",
        value=True,
        key=f"share-view-{checkpoint.id}",
    ):
        return view
    return {}


def _page(checkpoint: Checkpoint, view: dict[str, Any]) -> None:
    with st.container(border=True, gap="xsmall"):
        st.markdown("**A page that works offline**")
        st.caption(
            "One HTML file with the model, the sliders, the map and the path. It opens "
            "from an e-mail attachment, needs no network, and contains no image of the "
            "data."
        )
        path, slot = html_path(checkpoint, view), st.empty()
        if not path.is_file():
            if not slot.button("Make the page", key="share-make", icon=":material/html:"):
                return
            try:
                with slot, st.spinner("Packing the decoder and its runtime …"):
                    path = make_html(checkpoint, view)
            except (ValueError, OSError) as error:
                slot.error(words.sentence(error))
                return
            slot.empty()
        st.download_button(
            f"Download the page ({size_text(path.stat().st_size)})",
            path.read_bytes,
            file_name=f"{checkpoint.id}.html",
            mime="text/html",
            icon=":material/download:",
            type="primary",
            on_click="ignore",
        )


def _files(checkpoint: Checkpoint, view: dict[str, Any]) -> None:
    def packed() -> bytes:
        buffer = io.BytesIO()
        pack_checkpoint(checkpoint, buffer)
        return buffer.getvalue()

    def book() -> bytes:
        latents = load_latents(checkpoint)
        return notebook(checkpoint, start_of(checkpoint, load_model(checkpoint), latents, view))

    weights = checkpoint.path / WEIGHTS
    offers = (
        ("Notebook", book, "ipynb", "Python that reproduces the picture"),
        ("Decoder, ONNX", partial(_graph, checkpoint, "decoder"), "decoder.onnx", "z to x"),
        ("Encoder, ONNX", partial(_graph, checkpoint, "encoder"), "encoder.onnx", "x to z"),
        ("Weights", weights.read_bytes, "safetensors", "Only the weights"),
        ("Checkpoint", packed, "zip", "Everything, to be imported elsewhere"),
    )
    with st.container(horizontal=True):
        for label, content, suffix, about in offers:
            st.download_button(
                label,
                content,
                file_name=f"{checkpoint.id}.{suffix}",
                mime="application/octet-stream",
                key=f"share-{suffix}-{checkpoint.id}",
                icon=":material/download:",
                help=about,
                on_click="ignore",
            )


def _graph(checkpoint: Checkpoint, graph: str) -> bytes:
    return graph_file(checkpoint, graph).read_bytes()
