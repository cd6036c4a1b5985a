import threading

import pytest
import torch

from vaelab import settings
from vaelab.checkpoints import CheckpointError, find_graph, load_model
from vaelab.web.server import graphs


@pytest.fixture
def bare(tiny):
    """A checkpoint without ONNX files, as one copied from elsewhere may be."""
    for graph in ("decoder", "encoder"):
        find_graph(tiny, graph).unlink()
    return tiny


def test_the_file_beside_the_weights_is_taken(tiny):
    assert graphs.graph_file(tiny, "decoder") == find_graph(tiny, "decoder")
    assert not (settings.home() / "onnx").exists()


def test_ten_askers_cause_one_export(bare, exports, monkeypatch):
    copy, all_ask, found = graphs.export_apart, threading.Event(), []
    monkeypatch.setattr(graphs, "export_apart", lambda *a: all_ask.wait() and copy(*a))
    askers = [
        threading.Thread(target=lambda: found.append(graphs.graph_file(bare, "encoder")))
        for _ in range(10)
    ]
    for asker in askers:
        asker.start()
    all_ask.set()
    for asker in askers:
        asker.join()
    assert len(exports) == 1
    assert found == [settings.home() / "onnx" / bare.weights_sha256 / "encoder.onnx"] * 10
    assert all(path.is_file() for path in found)


def test_a_failed_export_leaves_nothing(bare, monkeypatch):
    def full(*_):
        raise OSError("no space left on the device")

    monkeypatch.setattr(graphs, "export_apart", full)
    with pytest.raises(OSError, match="no space"):
        graphs.graph_file(bare, "decoder")
    assert list((settings.home() / "onnx").iterdir()) == []


def test_another_process_may_have_been_faster(bare, exports, monkeypatch):
    copy = graphs.export_apart

    def overtaken(checkpoint, folder):
        copy(checkpoint, folder)
        other = settings.home() / "onnx" / checkpoint.weights_sha256
        other.mkdir()
        copy(checkpoint, other)

    monkeypatch.setattr(graphs, "export_apart", overtaken)
    assert graphs.graph_file(bare, "decoder").is_file()
    assert len(list((settings.home() / "onnx").iterdir())) == 1


def test_at_the_start_of_the_server_all_are_exported_and_damage_is_survived(
    bare, own_home, exports
):
    (own_home / "checkpoints" / "broken").mkdir()
    graphs.export_missing()
    assert (settings.home() / "onnx" / bare.weights_sha256 / "decoder.onnx").is_file()


def test_pages_may_compute_while_models_are_exported(bare):
    """The exporter's state is global to its process: in a thread it broke torch in others."""
    asker = threading.Thread(target=lambda: graphs.graph_file(bare, "decoder"))
    asker.start()
    decoded = 0
    while asker.is_alive():
        torch.manual_seed(decoded)
        load_model(bare).decode(torch.zeros(1, bare.model_config.latent_dim))
        decoded += 1
    asker.join()
    assert decoded
    assert graphs.graph_file(bare, "decoder").is_file()


def test_a_damaged_checkpoint_is_not_exported_and_says_why(bare):
    (bare.path / "weights.safetensors").write_bytes(b"")
    with pytest.raises(CheckpointError, match="has changed since it was saved"):
        graphs.graph_file(bare, "decoder")
    assert list((settings.home() / "onnx").iterdir()) == []
