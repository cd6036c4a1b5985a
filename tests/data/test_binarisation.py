from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vaelab.data import BINARISATIONS, ImageDataset, binarise
from vaelab.data.dataset import as_array
from vaelab.data.stored import PixelFile, StoredImages

GREY = ImageDataset(
    "grey",
    np.repeat(np.arange(256, dtype=np.uint8), 64).reshape(256, 1, 8, 8).repeat(20, axis=0),
    None,
    (),
    "test",
)


def test_a_pixel_is_white_with_its_grey_value_as_the_probability():
    """Within 5 standard errors of each of the 256 grey values; black and white are certain."""
    drawn = binarise(GREY, "dynamic", seed=1).images.reshape(256, -1) / 255
    expected = np.arange(256) / 255
    error = np.sqrt(expected * (1 - expected) / drawn.shape[1])
    assert (abs(drawn.mean(1) - expected) <= 5 * error).all()
    assert set(np.unique(drawn)) == {0, 1}


def test_the_threshold_is_half_grey():
    images = binarise(GREY, "threshold").images.reshape(256, -1)
    assert (images[:128] == 0).all()
    assert (images[128:] == 255).all()


def test_dynamic_follows_its_seed_and_fixed_never_changes():
    first, second = (binarise(GREY, "dynamic", seed=seed).images for seed in (1, 2))
    assert (first != second).any()
    assert (first == binarise(GREY, "dynamic", seed=1).images).all()
    assert (binarise(GREY, "fixed", 1).images == binarise(GREY, "fixed", 2).images).all()
    assert binarise(GREY, "none") is GREY


def test_another_way_is_refused():
    with pytest.raises(ValueError, match="binarisation must be one of none, dynamic, fixed"):
        binarise(GREY, "sometimes")
    assert set(BINARISATIONS) == {"none", "dynamic", "fixed", "threshold"}


def stored(folder: Path) -> ImageDataset:
    """The grey images in a file."""
    GREY.images.tofile(folder / "pixels")
    file = PixelFile(folder / "pixels", GREY.images.shape, "")
    return replace(GREY, images=as_array(StoredImages(file)))


@pytest.mark.parametrize("how", ["dynamic", "fixed", "threshold"])
def test_stored_images_stay_in_their_file_and_are_drawn_alike_however_they_are_read(
    how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = binarise(stored(tmp_path), how, seed=1)
    assert isinstance(drawn.images, StoredImages)
    whole = np.asarray(drawn.images)
    some = np.array([5000, 3, 700, 3])
    assert (drawn.images[some] == whole[some]).all()
    monkeypatch.setattr("vaelab.data.stored.SMALL_BYTES", 0)
    later = drawn.take(some, "test").images
    assert isinstance(later, StoredImages)
    assert (np.asarray(later) == whole[some]).all()
    assert (np.asarray(binarise(drawn, "dynamic", seed=2).images) == whole).all()
    if how == "threshold":
        assert (whole == binarise(GREY, how).images).all()
        return
    expected = np.arange(256) / 255
    error = np.sqrt(expected * (1 - expected) / (20 * 64))
    means = whole.reshape(256, -1).mean(1) / 255
    assert (abs(means - expected) <= 5 * error).all()
    other = np.asarray(binarise(stored(tmp_path), how, seed=2).images)
    assert (other == whole).all() == (how == "fixed")
