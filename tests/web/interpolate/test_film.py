import numpy as np
import pytest

from vaelab.models import ModelConfig, build_model
from vaelab.web.decoding import decode
from vaelab.web.interpolate.film import PATHS, End, make_film

RNG = np.random.default_rng(0)


def end(label=None):
    return End(RNG.normal(size=4).astype(np.float32), label, np.zeros((1, 8, 8), np.uint8), "")


@pytest.mark.parametrize("path", list(PATHS))
def test_both_ends_are_the_ends_own_pictures(path):
    model = build_model(ModelConfig(latent_dim=4, width=8, depth=1, n_classes=3)).eval()
    a, b = end(0), end(2)
    film = make_film(model, a, b, path, 7)
    np.testing.assert_array_equal(film.codes[[0, -1]], np.stack([a.z, b.z]))
    ends = decode(model, np.stack([a.z, b.z]), np.array([0, 2])).mean
    np.testing.assert_allclose(film.frames[[0, -1]], ends, atol=1e-6)
    assert film.frames.shape == (7, 1, 8, 8)


def test_one_class_for_all_pictures():
    model = build_model(ModelConfig(latent_dim=4, width=8, depth=1, n_classes=3)).eval()
    film = make_film(model, end(0), end(2), "Linear", 5, label=1)
    np.testing.assert_allclose(
        film.frames, decode(model, film.codes, np.full(5, 1)).mean, atol=1e-6
    )


def test_a_model_without_classes_ignores_them():
    model = build_model(ModelConfig(latent_dim=4, width=8, depth=1)).eval()
    assert len(make_film(model, end(), end(), "Spherical", 3, label=1).frames) == 3
