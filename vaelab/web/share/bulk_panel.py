"""Many pictures of a model as one file."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from vaelab.checkpoints import Checkpoint
from vaelab.generate import FORMATS, MOST_PICTURES, SampleRequest
from vaelab.latent.draw import HOTTEST
from vaelab.standalone.page import size_text
from vaelab.web import words
from vaelab.web.share.made_files import make_samples, samples_path, sheet_path

ARCHIVE_TITLES = {"png": "PNG files in a zip", "npz": "Arrays (npz)"}


def bulk_panel(checkpoint: Checkpoint) -> None:
    """The request, the drawing of it, and what came of it."""
    request = _request(checkpoint)
    if request is None:
        return
    path, slot = samples_path(checkpoint, request), st.empty()
    if not path.is_file():
        if not slot.button("Draw them", key="bulk-draw", icon=":material/casino:", type="primary"):
            return
        bar = slot.progress(0.0, text="Drawing …")
        try:
            path = make_samples(checkpoint, request, _teller(bar.progress))
        except (ValueError, OSError) as error:
            slot.error(words.sentence(error))
            return
        slot.empty()
    st.download_button(
        f"Download {request.total(checkpoint.model_config):,} pictures "
        f"({size_text(path.stat().st_size)})",
        path.read_bytes,
        file_name=f"{checkpoint.id}-samples{path.suffix}",
        mime="application/octet-stream",
        icon=":material/download:",
        type="primary",
        on_click="ignore",
    )
    sheet = sheet_path(path)
    if sheet.is_file():
        st.image(sheet.read_bytes(), caption="Contact sheet: some of them", width=420)


def _request(checkpoint: Checkpoint) -> SampleRequest | None:
    """What the widgets ask for; None with a sentence where the model cannot draw that."""
    config = checkpoint.model_config
    left, right = st.columns(2)
    with left:
        label = "Pictures of each class" if config.is_conditional else "Pictures"
        n = st.number_input(label, 1, MOST_PICTURES, 20 if config.is_conditional else 100, 10)
        kind = st.selectbox("File format", list(FORMATS), format_func=ARCHIVE_TITLES.__getitem__)
        about = FORMATS[kind]
        st.caption(f"{about[0].upper()}{about[1:]}.")
    with right:
        temperature = st.slider(
            "Temperature",
            0.0,
            HOTTEST,
            1.0,
            0.05,
            help="Scales the prior’s standard deviation. Below 1 the pictures are more "
            "typical and more alike; at 0 all show the prior’s mean.",
        )
        seed = st.number_input("Seed", 0, 2**31 - 1, 0, help="The same seed, the same pictures")
    try:
        request = SampleRequest(int(n), config.is_conditional, temperature, int(seed), kind)
        request.total(config)
    except ValueError as error:
        st.error(words.sentence(error))
        return None
    return request


def _teller(show: Callable[..., object]) -> Callable[[int, int], None]:
    def tell(done: int, total: int) -> None:
        show(done / total, text=f"{done:,} of {total:,} pictures")

    return tell
