"""An own home for each test, and one tiny checkpoint for all of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

import vaelab
from tests.homes import settle_home
from vaelab.checkpoints import Checkpoint, read_checkpoint


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("trained")
    with pytest.MonkeyPatch.context() as patch:
        settle_home(patch, root)
        vaelab.train("digits", "vae", name="tiny", latent_dim=2, width=16, epochs=1, progress=False)
    return root / "checkpoints" / "tiny"


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Everything that vaelab keeps goes below `tmp_path`."""
    settle_home(monkeypatch, tmp_path)
    yield tmp_path
    st.cache_resource.clear()


@pytest.fixture
def tiny(trained: Path, own_home: Path) -> Checkpoint:
    """A VAE of two dimensions in this test's checkpoints folder."""
    folder = own_home / "checkpoints" / "tiny"
    shutil.copytree(trained, folder)
    return read_checkpoint(folder)
