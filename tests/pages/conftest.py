"""Pages run without a browser, on an empty machine and on one with three tiny checkpoints."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from PIL import Image, ImageDraw
from streamlit.testing.v1 import AppTest

import vaelab
from tests.homes import settle_home
from vaelab import settings
from vaelab.web.run_store import run_store

TIMEOUT_S = 120  # only there to end a run that hangs

Open = Callable[..., AppTest]


@pytest.fixture(scope="session")
def tiny_checkpoints(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A VAE, a CVAE and an autoencoder of two dimensions, and the runs that trained them."""
    root = tmp_path_factory.mktemp("trained")
    with pytest.MonkeyPatch.context() as patch:
        settle_home(patch, root)
        small = {"latent_dim": 2, "width": 16, "depth": 1, "progress": False}
        vaelab.train("digits", "vae", name="tiny-vae", epochs=2, **small)
        vaelab.train("digits", "cvae", name="tiny-cvae", epochs=1, **small)
        vaelab.train("digits", "ae", name="tiny-ae", epochs=1, **small)
    return root


@pytest.fixture
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """No checkpoint and no run."""
    settle_home(monkeypatch, tmp_path)
    yield tmp_path
    _forget()


@pytest.fixture
def trained_home(
    tiny_checkpoints: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A copy of the tiny checkpoints and runs that the test may change."""
    shutil.copytree(tiny_checkpoints, tmp_path, dirs_exist_ok=True)
    settle_home(monkeypatch, tmp_path)
    yield tmp_path
    _forget()


@pytest.fixture
def open_page() -> Open:
    """Open a page by name, with a checkpoint in the address or without; fails on a red box."""

    def open_page(name: str = "home", model: str | None = None) -> AppTest:
        app = AppTest.from_file(
            str(settings.PROJECT / "pages" / "main.py"), default_timeout=TIMEOUT_S
        )
        if model is not None:
            app.query_params["model"] = model
        app.run()
        assert not app.exception
        if name != "home":
            app.switch_page(f"{name}.py")
            if model is not None:
                app.query_params.clear()  # of what home has written there
                app.query_params["model"] = model
            app.run()
            assert not app.exception
        return app

    return open_page


@pytest.fixture
def png_bytes() -> bytes:
    """A dark 7 on light paper, as a PNG file."""
    paper = Image.new("RGB", (120, 100), (236, 232, 220))
    ImageDraw.Draw(paper).line([(44, 24), (76, 24), (56, 80)], fill=(40, 40, 60), width=7)
    buffer = io.BytesIO()
    paper.save(buffer, "PNG")
    return buffer.getvalue()


def _forget() -> None:
    """Databases stay open for a server's life, and a test's ends here."""
    run_store().close()
    st.cache_resource.clear()
    st.cache_data.clear()
