import io

import numpy as np
import pytest
import torch

from vaelab.latent.mixture import CodeMixture

RNG = np.random.default_rng(0)
CLUSTERS = np.concatenate([RNG.normal(size=(600, 2)) * 0.3 + c for c in ([0, 0], [5, 0], [0, 5])])


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_samples_lie_where_the_codes_lie():
    mixture = CodeMixture.fit(CLUSTERS)
    assert mixture.n_components > 1
    samples = mixture.sample(3000, generator())
    assert samples.shape == (3000, 2)
    assert samples.dtype == torch.float32
    assert np.linalg.norm(samples.mean(0).numpy() - CLUSTERS.mean(0)) < 0.3
    centres = np.array([[0, 0], [5, 0], [0, 5]])
    nearest = np.linalg.norm(samples.numpy()[:, None] - centres, axis=2).min(1)
    assert (nearest < 1.5).mean() > 0.99


def test_the_density_is_torch_s():
    mixture = CodeMixture.fit(CLUSTERS, n_components=3)
    z = torch.from_numpy(CLUSTERS[::100])
    expected = torch.distributions.MixtureSameFamily(
        torch.distributions.Categorical(torch.from_numpy(mixture.weights)),
        torch.distributions.MultivariateNormal(
            torch.from_numpy(mixture.means), scale_tril=torch.from_numpy(mixture.cholesky)
        ),
    ).log_prob(z)
    torch.testing.assert_close(mixture.log_prob(z), expected)


def test_one_component_has_the_codes_moments():
    mixture = CodeMixture.fit(CLUSTERS, n_components=1)
    covariance = mixture.cholesky[0] @ mixture.cholesky[0].T
    np.testing.assert_allclose(mixture.means[0], CLUSTERS.mean(0), atol=1e-9)
    np.testing.assert_allclose(covariance, np.cov(CLUSTERS.T, bias=True), rtol=1e-3, atol=1e-3)


def test_seeds_decide_everything():
    first, second = CodeMixture.fit(CLUSTERS, seed=1), CodeMixture.fit(CLUSTERS, seed=1)
    np.testing.assert_array_equal(first.means, second.means)
    a, b = first.sample(9, generator(2)), second.sample(9, generator(2))
    assert torch.equal(a, b)
    assert not torch.equal(a, first.sample(9, generator(3)))


def test_it_survives_an_npz_without_pickle():
    mixture = CodeMixture.fit(CLUSTERS)
    file = io.BytesIO()
    np.savez(file, **mixture.to_arrays())
    file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        read = CodeMixture.from_arrays(arrays)
    assert torch.equal(read.sample(9, generator()), mixture.sample(9, generator()))


@pytest.mark.parametrize(
    "codes",
    [
        RNG.normal(size=(2, 1)),
        RNG.normal(size=(3, 16)),
        np.ones((50, 4)),
        np.tile([[1.0, 2.0], [3.0, 4.0]], (50, 1)),
        np.concatenate([RNG.normal(size=(500, 2)), np.zeros((500, 2))], axis=1),
        (1e6 * RNG.normal(size=(100, 2))).astype(np.float32),
    ],
    ids=["two codes", "fewer than K", "all equal", "two values", "dead dimensions", "large"],
)
def test_poor_codes_still_give_a_mixture(codes):
    mixture = CodeMixture.fit(codes)
    samples = mixture.sample(50, generator())
    assert torch.isfinite(samples).all()
    assert torch.isfinite(mixture.log_prob(samples)).all()


def test_dead_dimensions_stay_where_they_are():
    codes = np.concatenate([RNG.normal(size=(500, 2)), np.full((500, 1), 3.0)], axis=1)
    samples = CodeMixture.fit(codes).sample(100, generator())
    assert (samples[:, 2] - 3).abs().max() < 0.01


@pytest.mark.parametrize(
    ("codes", "n_components", "message"),
    [
        (np.zeros((1, 2)), None, "N of at least 2"),
        (np.zeros(5), None, "N of at least 2"),
        (np.array([[np.nan], [1.0]]), None, "finite"),
        (np.zeros((5, 2)), 6, "n_components must be 1 to 5"),
        (np.zeros((5, 2)), 0, "n_components must be 1 to 5"),
    ],
)
def test_codes_that_no_mixture_fits_are_refused(codes, n_components, message):
    with pytest.raises(ValueError, match=message):
        CodeMixture.fit(codes, n_components)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weights": np.array([0.5, 0.4, 0.3])}, "sum to 1"),
        ({"means": np.zeros((3, 2), np.float32)}, "means must be float64"),
        ({"cholesky": np.zeros((3, 2, 2))}, "positive diagonal"),
        ({"means": np.full((3, 2), np.inf)}, "means must be finite"),
        ({"extra": np.zeros(1)}, "holds the arrays"),
    ],
)
def test_damaged_arrays_are_refused(change, message):
    arrays = CodeMixture.fit(CLUSTERS, n_components=3).to_arrays()
    with pytest.raises(ValueError, match=message):
        CodeMixture.from_arrays({**arrays, **change})


def test_codes_of_another_size_are_refused():
    with pytest.raises(ValueError, match=r"shape \(n, 2\)"):
        CodeMixture.fit(CLUSTERS, n_components=1).log_prob(torch.zeros(4, 3))
