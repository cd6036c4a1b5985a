"""The commands that make files to take along, and the one that takes a file in."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests.homes import settle_home
from tests.small_checkpoints import small_checkpoint
from vaelab.cli import main
from vaelab.commands import export


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settle_home(monkeypatch, tmp_path)
    small_checkpoint(tmp_path / "checkpoints")
    return tmp_path


def test_a_zip_goes_out_and_comes_in(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "small", "--format", "zip", "--out", str(home / "out")]) == 0
    assert capsys.readouterr().out.startswith(f"{home / 'out' / 'small.zip'}  ")
    packed = str(home / "out" / "small.zip")
    assert main(["import", packed]) == 2
    said = "vaelab: There is a checkpoint named small already; give another name.\n"
    assert capsys.readouterr().err == said
    assert main(["import", packed, "--name", "again", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"checkpoint": str(home / "checkpoints/again")}
    assert main(["import", str(home / "missing.zip")]) == 2
    assert "There is no file" in capsys.readouterr().err


def test_a_page_and_a_notebook_start_where_they_are_told(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    graphs = {"decoder": b"a graph", "encoder": b"another"}
    monkeypatch.setattr(export, "graphs_of", lambda checkpoint: graphs)
    out = str(home / "out")
    where = ["--z=1,-2,0.5", "--class", "7", "--out", out]
    assert main(["export", "small", "--format", "html", *where]) == 0
    page = home / "out" / "small.html"
    assert capsys.readouterr().out == f"{page}  {page.stat().st_size / 1e6:.1f} MB\n"
    assert '"place":{"z":[1.0,-2.0,0.5],"label":7,' in page.read_text()
    assert main(["export", "small", "--format", "notebook", *where]) == 0
    assert "[1.0, -2.0, 0.5]" in (home / "out" / "small.ipynb").read_text()
    capsys.readouterr()
    for wrong, said in (
        (["--z", "a,b"], "--z must be numbers with commas"),
        (["--view", "["], "--view must be JSON"),
        (["--view", "[]"], "--view must be a JSON object"),
        (["--view", '{"zoom": 1}'], "a view has z, class, blend and frames"),
    ):
        assert main(["export", "small", "--format", "html", "--out", out, *wrong]) == 2
        assert said in capsys.readouterr().err
    assert main(["export", "small", "--z", "1", "--out", out]) == 2
    assert "belong to --format html and notebook" in capsys.readouterr().err
    assert sorted(path.name for path in (home / "out").iterdir()) == ["small.html", "small.ipynb"]


def test_many_pictures(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = home / "deep" / "a.npz"
    asked = ["--per-class", "3", "--temperature", "0.5", "--format", "npz", "--out", str(out)]
    assert main(["sample", "small", *asked, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["n"] == 30
    with np.load(out, allow_pickle=False) as file:
        assert np.bincount(file["labels"]).tolist() == [3] * 10
    assert main(["sample", "small", "--n", "4", "--out", str(home / "a.zip")]) == 0
    with zipfile.ZipFile(home / "a.zip") as archive:
        assert archive.namelist()[:2] == ["0/00000.png", "1/00001.png"]
    assert main(["sample", "small", "--n", "0", "--out", str(home / "b.zip")]) == 2
    assert "n must lie in 1..100,000, got 0" in capsys.readouterr().err
    assert not (home / "b.zip").exists()
