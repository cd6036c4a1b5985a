import numpy as np
import pytest

from vaelab.data import ImageDataset
from vaelab.evaluation.alternatives import as_if_of, inverted, noise_images
from vaelab.evaluation.typicality import auroc, complexity, percentile, typicality


def test_the_area_under_the_curve():
    assert auroc(np.array([3.0, 4.0]), np.array([1.0, 2.0])) == 1
    assert auroc(np.array([1.0, 2.0]), np.array([3.0, 4.0])) == 0
    assert auroc(np.array([1.0, 3.0]), np.array([2.0])) == 0.5
    assert auroc(np.ones(3), np.ones(5)) == 0.5


def test_two_gaussians_have_the_closed_form():
    """P(N(1, 1) > N(0, 1)) = Phi(1 / sqrt 2), within 4 standard errors (at most 0.5 / sqrt n)."""
    rng = np.random.default_rng(0)
    found = auroc(rng.normal(1, 1, 4000), rng.normal(0, 1, 4000))
    assert found == pytest.approx(0.760250, abs=4 * 0.5 / np.sqrt(4000))


def test_percentiles_count_ties_half():
    reference = np.array([1.0, 2.0, 2.0, 3.0])
    assert percentile(np.array([0.0, 2.0, 9.0]), reference).tolist() == [0, 50, 100]


def test_far_above_is_as_strange_as_far_below():
    reference = np.array([-101.0, -99.0])
    scores = typicality(np.array([-100.0, -90.0, -110.0]), reference)
    assert scores.tolist() == [0, -10, -10]


def test_noise_is_longer_than_an_empty_image():
    images = np.zeros((2, 1, 16, 16), np.uint8)
    images[1] = np.random.default_rng(0).integers(0, 256, (1, 16, 16))
    plain, noisy = complexity(ImageDataset("x", images))
    assert noisy > plain + 150 * 8 * np.log(2)
    colour = ImageDataset("x", images.repeat(3, axis=1))
    assert complexity(colour).shape == (2,)


def test_alternatives_have_the_shape_and_classes_of_the_data(labelled_images):
    assert (inverted(inverted(labelled_images)).images == labelled_images.images).all()
    noise = noise_images(labelled_images, seed=1)
    assert noise.images.shape == labelled_images.images.shape
    assert (noise.labels == labelled_images.labels).all()
    rng = np.random.default_rng(0)
    large = ImageDataset("rgb", rng.integers(0, 256, (9, 3, 20, 30), dtype=np.uint8))
    other = as_if_of(labelled_images, large)
    assert (other.images.shape, other.name) == ((9, 1, 8, 8), "rgb")
    assert (other.labels == labelled_images.labels[:9]).all()
    assert as_if_of(large, labelled_images).images.shape == (9, 3, 20, 30)
