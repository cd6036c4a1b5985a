import numpy as np
import pytest

from vaelab.web.learn.baseline import PixelPca, mean_squared_error

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, size=(120, 1, 8, 8), dtype=np.uint8)


@pytest.mark.parametrize("k", [1, 3, 40])
def test_the_error_on_its_own_images_is_the_variance_left_over(k):
    flat = IMAGES.reshape(120, -1) / 255
    singular = np.linalg.svd(flat - flat.mean(0), compute_uv=False)
    left = np.square(singular[k:]).sum() / flat.size
    pca = PixelPca.fit(IMAGES, k)
    found = mean_squared_error(IMAGES, pca.reconstruct(IMAGES))
    assert found == pytest.approx(left, rel=0.02 if k < 16 else 1e-4)


def test_as_many_components_as_pixels_copy():
    pca = PixelPca.fit(IMAGES, 64)
    np.testing.assert_allclose(pca.reconstruct(IMAGES), IMAGES / 255, atol=1e-5)


def test_it_is_fitted_the_same_way_each_time_and_leaves_torchs_state_alone():
    import torch

    before = torch.random.get_rng_state()
    first, second = PixelPca.fit(IMAGES, 2), PixelPca.fit(IMAGES, 2)
    np.testing.assert_array_equal(first.axes, second.axes)
    assert torch.equal(before, torch.random.get_rng_state())


def test_no_component_is_refused():
    with pytest.raises(ValueError, match="k must be"):
        PixelPca.fit(IMAGES, 0)
