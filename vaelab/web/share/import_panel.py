"""A checkpoint that comes as a zip file: checked, and then among the others."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import streamlit as st

from vaelab import settings
from vaelab.checkpoints import Checkpoint, unpack_checkpoint
from vaelab.web import state, words

_DONE = "imported_checkpoint"  # in the session: said once, after the page has run again


def import_panel() -> None:
    """Takes the file, and a name where that of the archive is not wanted."""
    done = st.session_state.pop(_DONE, None)
    if done:
        st.success(f"{done} has been imported.", icon=":material/check:")
    with st.expander("Import a checkpoint from a zip file", icon=":material/upload:"):
        st.caption(
            "A file that “Share” made, here or elsewhere. Everything in it is checked "
            "before it is added; nothing in it is run."
        )
        uploaded = st.file_uploader("Zip file", type="zip", key="import-file")
        name = st.text_input(
            "Name", key="import-name", placeholder="as in the archive", max_chars=100
        )
        if st.button("Import", disabled=uploaded is None, key="import-go") and uploaded:
            try:
                with st.spinner("Checking …"):
                    imported = import_upload(uploaded.name, uploaded.getbuffer(), name.strip())
            except (ValueError, OSError) as error:
                st.error(words.sentence(error))
                return
            st.session_state[_DONE] = imported.id
            state.choose(imported.id)
            st.rerun()


def import_upload(file_name: str, content: bytes | memoryview, name: str) -> Checkpoint:
    """Make a checkpoint of an uploaded zip.

    Raises:
        ValueError: (`CheckpointError`) for anything that is no checkpoint, or a taken name.
        OSError: if the disk refuses.
    """
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", Path(file_name).stem).lstrip("._-")[:100]
    with tempfile.TemporaryDirectory(prefix="vaelab-import-") as folder:
        path = Path(folder) / f"{stem or 'checkpoint'}.zip"
        path.write_bytes(content)
        return unpack_checkpoint(path, settings.checkpoints_dir(), name or None)
