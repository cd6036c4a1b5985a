"""Fetching, with OpenML played by a function: nothing here goes online."""

from __future__ import annotations

import socket
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import sklearn.datasets

from vaelab.data import DataError, load_dataset, openml
from vaelab.data.mnist import CHECKSUMS, FILES


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """OpenML is reachable and serves 60 training and 12 test images."""

    def fetch(name: str, **_: object) -> SimpleNamespace:
        assert name == "mnist_784"
        data = np.arange(72 * 784).reshape(72, 784) % 256
        target = (np.arange(72) % 10).astype(str).astype(object)
        return SimpleNamespace(data=data, target=target)

    monkeypatch.setattr(openml, "reachable", lambda: True)
    monkeypatch.setattr(openml, "N_TRAIN", 60)
    monkeypatch.setattr(openml, "N_TEST", 12)
    monkeypatch.setattr(sklearn.datasets, "fetch_openml", fetch)


@pytest.mark.usefixtures("small")
def test_fetched_once_then_read_from_the_same_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    splits = load_dataset("mnist", data_dir=tmp_path)
    assert (len(splits.train), len(splits.validation), len(splits.test)) == (54, 6, 12)
    assert splits.test.labels[0] == 0  # number 60
    assert sorted(p.name for p in (tmp_path / "mnist").iterdir()) == sorted((*FILES, CHECKSUMS))
    monkeypatch.setattr(openml, "reachable", lambda: pytest.fail("asked again"))
    assert load_dataset("mnist", data_dir=tmp_path).fingerprint == splits.fingerprint


@pytest.mark.usefixtures("small")
def test_another_shape_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openml, "N_TEST", 13)
    with pytest.raises(DataError, match=r"\(73, 784\) were expected"):
        load_dataset("mnist", data_dir=tmp_path)
    assert list((tmp_path / "mnist").iterdir()) == []


@pytest.mark.usefixtures("small")
def test_a_failing_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("HTTP Error 503")

    monkeypatch.setattr(sklearn.datasets, "fetch_openml", fail)
    with pytest.raises(DataError, match=r"put the files .* \(OpenML: HTTP Error 503\)\.$"):
        load_dataset("mnist", data_dir=tmp_path)


def test_offline_says_what_to_put_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openml, "reachable", lambda: False)
    with pytest.raises(DataError, match="cannot be fetched from OpenML now; put the files"):
        load_dataset("mnist", data_dir=tmp_path)
    assert not (tmp_path / "mnist").exists()


def test_a_closed_port_is_not_reachable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        port = taken.getsockname()[1]
        assert not openml.reachable(f"http://127.0.0.1:{port}/", 5)


def test_a_silent_server_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert not openml.reachable(f"http://127.0.0.1:{port}/", 0.2)
