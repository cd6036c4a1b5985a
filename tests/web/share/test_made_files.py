"""Files to take along: made once, kept under what they follow from; zips that come in."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from vaelab import settings
from vaelab.checkpoints import Checkpoint, CheckpointError, pack_checkpoint
from vaelab.generate import SampleRequest
from vaelab.web.interpolate.key_frames import KeyFrame
from vaelab.web.opened import session_key
from vaelab.web.share import made_files
from vaelab.web.share.import_panel import import_upload
from vaelab.web.share.made_files import html_path, make_html, make_samples, sheet_path
from vaelab.web.share.view import session_view
from vaelab.web.sliders.steering import Place


@pytest.fixture
def exported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Counts how often the decoder is asked for; what it is does not matter here."""
    asked: list[str] = []
    graph = tmp_path / "graph.onnx"
    graph.write_bytes(b"a graph")

    def graph_file(checkpoint: Checkpoint, name: str) -> Path:
        asked.append(name)
        return graph

    monkeypatch.setattr(made_files, "graph_file", graph_file)
    return asked


def test_a_page_is_made_once_for_a_view(tiny: Checkpoint, exported: list[str]) -> None:
    here: dict[str, Any] = {"z": [0.5, -0.5]}
    first = make_html(tiny, {})
    assert first == html_path(tiny, {})
    assert first.read_bytes().startswith(b"<!doctype html>")
    assert make_html(tiny, {}) == first
    assert make_html(tiny, here) != first
    assert exported == ["decoder", "encoder"] * 2
    with pytest.raises(ValueError, match="z must be 2 finite numbers"):
        make_html(tiny, {"z": [1]})
    assert len(list(first.parent.iterdir())) == 2


def test_pictures_are_kept_with_their_sheet_and_the_oldest_go(
    tiny: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made_files, "MOST_FILES", 2)
    made = [make_samples(tiny, SampleRequest(3, seed=s), lambda done, n: None) for s in range(3)]
    assert [path.is_file() for path in made] == [False, True, True]
    assert [sheet_path(path).is_file() for path in made] == [False, True, True]
    with zipfile.ZipFile(made[2]) as archive:
        assert "00002.png" in archive.namelist()


def test_an_upload_becomes_a_checkpoint_and_says_what_is_wrong(tiny: Checkpoint) -> None:
    buffer = io.BytesIO()
    pack_checkpoint(tiny, buffer)
    imported = import_upload("../my model (1).zip", buffer.getvalue(), "second")
    assert imported.path == settings.checkpoints_dir() / "second"
    with pytest.raises(CheckpointError, match="named tiny already; give another name"):
        import_upload("a.zip", buffer.getvalue(), "")
    with pytest.raises(CheckpointError, match=r"^my-model-1-.zip is not a zip file"):
        import_upload("../my model (1).zip", b"no zip", "")
    assert sorted(p.name for p in settings.checkpoints_dir().iterdir()) == ["second", "tiny"]


def test_the_view_is_where_the_session_stands(
    tiny: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", kept)
    assert session_view(tiny) == {}
    key = session_key(tiny)
    kept[f"{key}:place"] = Place([0.25, 1.0], None)
    kept[f"{key}:key-frames"] = tuple(KeyFrame((float(i), 0.0), None, "x") for i in range(3))
    view = session_view(tiny)
    assert view["z"] == [0.25, 1.0]
    assert [frame["z"][0] for frame in view["frames"]] == [0.0, 1.0, 2.0]
