import dataclasses
import shutil

import numpy as np
import pytest

from vaelab.checkpoints import delete_checkpoint, load_latents
from vaelab.data import DataError, DataSpec
from vaelab.web import loaders


def test_what_has_not_changed_is_read_once(tiny):
    assert loaders.model_of(tiny) is loaders.model_of(tiny)
    assert loaders.latents_of(tiny) is loaders.latents_of(tiny)
    assert loaders.splits_of(tiny) is loaders.splits_of(tiny)
    assert loaders.mixture_of(tiny) is None


def test_new_codes_of_the_same_weights_are_read(tiny):
    before = loaders.latents_of(tiny)
    path = tiny.path / "latents.npz"
    with np.load(path, allow_pickle=False) as file:
        fewer = {name: file[name][:10] for name in file.files}
    np.savez(path, **fewer)
    assert len(loaders.latents_of(tiny)) == 10 < len(before)
    assert len(load_latents(tiny)) == 10


def test_the_list_follows_the_folder(tiny):
    assert [entry.id for entry in loaders.all_checkpoints()] == ["tiny"]
    shutil.copytree(tiny.path, tiny.path.parent / "second")
    assert {entry.id for entry in loaders.all_checkpoints()} == {"tiny", "second"}
    delete_checkpoint(tiny)
    assert [entry.id for entry in loaders.all_checkpoints()] == ["second"]


def test_codes_point_at_their_images(tiny):
    latents, splits = loaders.latents_of(tiny).of_split("test"), loaders.splits_of(tiny)
    assert splits.test.labels is not None
    np.testing.assert_array_equal(splits.test.labels[latents.index], latents.labels)


def test_other_images_than_those_trained_on_are_refused(tiny):
    other = dataclasses.replace(tiny, data_fingerprint="0" * 64)
    with pytest.raises(DataError, match="no longer holds the images"):
        loaders.splits_of(other)


def test_absent_images_are_found_once_they_are_there(tmp_path):
    path = tmp_path / "late.npz"
    spec = DataSpec(str(path))
    with pytest.raises(DataError, match="There is no file"):
        loaders.dataset_of(spec)
    np.savez(path, x=np.zeros((30, 8, 8), np.uint8) + np.arange(30, dtype=np.uint8)[:, None, None])
    assert len(loaders.dataset_of(spec).train) == 24
