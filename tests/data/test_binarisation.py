import numpy as np
import pytest

from vaelab.data import BINARISATIONS, ImageDataset, binarise

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
