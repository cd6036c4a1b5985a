import pytest
import torch

from vaelab.checkpoints import CheckpointError, read_tensors, write_tensors

DESCRIPTION = {"place": {"epoch": 3, "best": -1.1}, "history": [{"elbo": -0.1}]}


def test_tensors_and_description_come_back_bit_for_bit(tmp_path):
    channels_last = torch.randn(2, 3, 4, 4).to(memory_format=torch.channels_last)
    tensors = {
        "a": channels_last,
        "step": torch.tensor(7.0),
        "generator": torch.Generator().manual_seed(3).get_state(),
        "half": torch.randn(3).bfloat16(),
    }
    write_tensors(tmp_path / "state", tensors, DESCRIPTION)
    found, description = read_tensors(tmp_path / "state")
    assert description == DESCRIPTION
    assert set(found) == set(tensors)
    for name, tensor in tensors.items():
        assert found[name].dtype == tensor.dtype
        assert torch.equal(found[name], tensor)
    assert [path.name for path in tmp_path.iterdir()] == ["state"]


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "state"
    write_tensors(path, {"a": torch.ones(2)}, {"n": 1})

    def refuse(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        write_tensors(path, {"a": torch.zeros(2)}, {"n": 2})
    assert read_tensors(path)[1] == {"n": 1}
    assert [path.name for path in tmp_path.iterdir()] == ["state"]


@pytest.mark.parametrize("cut", [0, 4, 60, -1])
def test_a_torn_or_foreign_file_is_a_sentence(tmp_path, cut):
    path = tmp_path / "state"
    write_tensors(path, {"a": torch.ones(20)}, DESCRIPTION)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(CheckpointError, match="is damaged"):
        read_tensors(path)
    with pytest.raises(FileNotFoundError):
        read_tensors(tmp_path / "nothing")
