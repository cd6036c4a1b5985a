from dataclasses import replace

import numpy as np
import pytest

from vaelab import settings
from vaelab.checkpoints import delete_checkpoint, keep_arrays, kept_arrays

ARRAYS = {"points": np.arange(6.0).reshape(3, 2), "title": np.array("a map")}


@pytest.fixture
def checkpoint(save, tmp_path, monkeypatch):
    monkeypatch.setenv("VAELAB_HOME", str(tmp_path / "home"))
    return save()[1]


def test_what_is_kept_is_found_beside_the_weights(checkpoint):
    assert kept_arrays(checkpoint, "tsne") is None
    keep_arrays(checkpoint, "tsne", ARRAYS)
    found = kept_arrays(checkpoint, "tsne")
    np.testing.assert_array_equal(found["points"], ARRAYS["points"])
    assert str(found["title"]) == "a map"
    (folder,) = (path for path in checkpoint.path.iterdir() if path.is_dir())
    assert checkpoint.weights_sha256.startswith(folder.name.removeprefix("maps-"))
    assert [path.name for path in folder.iterdir()] == ["tsne.npz"]


def test_other_weights_have_other_maps(checkpoint):
    keep_arrays(checkpoint, "tsne", ARRAYS)
    assert kept_arrays(replace(checkpoint, weights_sha256="0" * 64), "tsne") is None


def test_a_checkpoint_that_came_with_the_project_is_left_as_it_is(
    checkpoint, tmp_path, monkeypatch
):
    monkeypatch.setattr(settings, "PROJECT", tmp_path)
    bundled = replace(checkpoint, id="digits-cvae")
    assert bundled.bundled
    before = sorted(checkpoint.path.rglob("*"))
    keep_arrays(bundled, "tsne", ARRAYS)
    assert sorted(checkpoint.path.rglob("*")) == before
    assert (tmp_path / "home" / "maps" / checkpoint.weights_sha256 / "tsne.npz").is_file()
    assert kept_arrays(bundled, "tsne") is not None


def test_a_damaged_file_is_worth_no_more_than_none(checkpoint):
    keep_arrays(checkpoint, "tsne", ARRAYS)
    (path,) = checkpoint.path.rglob("tsne.npz")
    path.write_bytes(path.read_bytes()[:100])
    assert kept_arrays(checkpoint, "tsne") is None


def test_objects_are_neither_kept_nor_unpickled(checkpoint):
    with pytest.raises(ValueError, match=r"[Oo]bject"):
        keep_arrays(checkpoint, "tsne", {"points": np.array([{}], object)})
    keep_arrays(checkpoint, "tsne", ARRAYS)
    (path,) = checkpoint.path.rglob("tsne.npz")
    np.savez(path, points=np.array([{}], object), allow_pickle=True)
    assert kept_arrays(checkpoint, "tsne") is None


def test_a_deleted_checkpoint_stays_deleted(checkpoint):
    delete_checkpoint(checkpoint)
    keep_arrays(checkpoint, "tsne", ARRAYS)
    assert not checkpoint.path.exists()


@pytest.mark.parametrize("name", ["", "../tsne", "a/b", "tsne.npz", "A", "-x", "x" * 101])
def test_names_are_plain(checkpoint, name):
    with pytest.raises(ValueError, match="name must be"):
        keep_arrays(checkpoint, name, ARRAYS)
    with pytest.raises(ValueError, match="name must be"):
        kept_arrays(checkpoint, name)
