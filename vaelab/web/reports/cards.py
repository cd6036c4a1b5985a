"""The cards of the Home page: one a checkpoint, usable or not."""

from __future__ import annotations

import io

import streamlit as st
from PIL import Image

from vaelab.checkpoints import Checkpoint, CheckpointError, DamagedCheckpoint, delete_checkpoint
from vaelab.web import words
from vaelab.web.navigation import link_to
from vaelab.web.run_store import active_runs
from vaelab.web.server.routes import read_preview
from vaelab.web.share.dialog import share_button
from vaelab.web.show import png_address

PREVIEW_WIDTH = 148


STEPS = (
    ("sliders", "Move a slider", ":material/tune:", "The picture follows."),
    ("map", "Look at the map", ":material/scatter_plot:", "Each point is an image."),
    ("train", "Train your own", ":material/model_training:", "Digits take a minute."),
)


def first_steps(has_checkpoints: bool) -> None:
    """Three obvious next steps; training comes first while there is nothing to look at."""
    steps = STEPS if has_checkpoints else (STEPS[2], *STEPS[:2])
    with st.grid(3, min_column_width=165):
        for page, label, icon, sentence in steps:
            with st.container(border=True, height="stretch", gap="xsmall"):
                link_to(page, f"**{label}**", icon)
                st.caption(sentence)


def checkpoint_card(checkpoint: Checkpoint) -> None:
    """Preview, what it is, how good it is, and where to go with it."""
    with st.container(border=True, height="stretch"):
        with st.container(horizontal=True, gap="medium"):
            with st.container(width=PREVIEW_WIDTH):
                show_preview(checkpoint.id, PREVIEW_WIDTH)
            with st.container(width="stretch", gap="xsmall"):
                st.markdown(f"**{checkpoint.id}**")
                config = checkpoint.model_config
                st.markdown(
                    f":violet-badge[{config.family_label}] :gray-badge[{checkpoint.data_name}] "
                    f":gray-badge[{config.latent_dim}-D]"
                )
                _quality(checkpoint)
                st.caption(_origin(checkpoint))
        st.space("stretch")
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            link_to("sliders", "Sliders", ":material/tune:", checkpoint)
            link_to("map", "Map", ":material/scatter_plot:", checkpoint)
            link_to("evaluate", "Report", ":material/analytics:", checkpoint)
            st.space("stretch")
            with st.container(horizontal=True, width="content", gap="xsmall"):
                share_button(checkpoint)
                if not checkpoint.bundled:
                    delete_button(checkpoint)


def damaged_card(entry: DamagedCheckpoint) -> None:
    """A folder that cannot be used, and why."""
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.markdown(f"**{entry.id}** :red-badge[:material/error: not usable]")
        st.markdown(entry.reason)
        st.caption(f"`{entry.path}`")


def show_preview(checkpoint_id: str, width: int) -> None:
    """The checkpoint's grid of samples, or a word where it has none that can be read."""
    picture = preview_picture(read_preview(checkpoint_id))
    if picture is None:
        st.caption("No preview")
    else:
        st.image(png_address(picture), width=width, alt=f"Samples of {checkpoint_id}")


def preview_picture(content: bytes | None) -> Image.Image | None:
    """The picture of a preview's bytes; None where they hold none."""
    if content is None:
        return None
    try:
        picture = Image.open(io.BytesIO(content), formats=["PNG"])
        picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return picture


def delete_button(checkpoint: Checkpoint) -> None:
    """Asks before it removes the folder; refuses while a run writes it."""
    busy = str(checkpoint.path) in {run.checkpoint for run in active_runs()}
    if st.button(
        "Delete",
        key=f"delete-{checkpoint.id}",
        icon=":material/delete:",
        type="tertiary",
        disabled=busy,
        help="A run is training it: stop the run first." if busy else None,
    ):
        _confirm_delete(checkpoint)


@st.dialog("Delete this checkpoint?")
def _confirm_delete(checkpoint: Checkpoint) -> None:
    st.markdown(
        f"**{checkpoint.id}** will be removed from the disk for good, with its codes and report."
    )
    st.caption(f"`{checkpoint.path}`")
    with st.container(horizontal=True):
        if st.button("Delete for good", type="primary", icon=":material/delete:"):
            try:
                delete_checkpoint(checkpoint)
            except (CheckpointError, OSError) as error:
                st.error(str(error))
            else:
                st.rerun()
        if st.button("Keep it"):
            st.rerun()


def _quality(checkpoint: Checkpoint) -> None:
    figure = words.headline(checkpoint)
    if figure is None:
        st.markdown("Not evaluated yet")
        return
    st.markdown(f"**{words.with_error(figure)}** {figure.unit}")
    name = words.short_name(figure)
    st.caption(
        f"{name} on {figure.n_images:,} {figure.split} images",
        help=f"{figure.name}: {figure.definition}",
    )


def _origin(checkpoint: Checkpoint) -> str:
    made = "comes with vaelab" if checkpoint.bundled else f"trained {checkpoint.created[:10]}"
    parts = (f"epoch {checkpoint.epoch}", f"{checkpoint.n_parameters:,} parameters", made)
    return " · ".join(unbroken(part) for part in parts)


def unbroken(text: str) -> str:
    """The text with spaces and hyphens at which no line ends."""
    return text.replace(" ", "\N{NO-BREAK SPACE}").replace("-", "\N{NON-BREAKING HYPHEN}")
