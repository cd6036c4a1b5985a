import numpy as np
import pytest
import torch

from vaelab.data.dataset import ImageDataset
from vaelab.evaluation.codes import Encoded
from vaelab.evaluation.probes import Labelled, chance, knn_correct, linear_probe_correct
from vaelab.evaluation.sections.codes import relative_samples
from vaelab.models import ModelConfig, build_model


def labelled(codes_of, n=600, seed=0):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 3, n)
    return Labelled(codes_of(labels, rng), labels)


def blobs(labels, rng):
    return np.c_[labels * 10.0, 1000 * np.ones(len(labels))] + rng.normal(size=(len(labels), 2))


def rings(labels, rng):
    angle = rng.uniform(0, 2 * np.pi, len(labels))
    return np.c_[np.cos(angle), np.sin(angle)] * (1 + 3 * labels[:, None])


def noise(labels, rng):
    return rng.normal(size=(len(labels), 2))


def test_classes_that_lie_apart_are_read_by_both():
    train, test = labelled(blobs), labelled(blobs, seed=1)
    assert knn_correct(train, test).mean() > 0.99
    assert linear_probe_correct(train, test).mean() > 0.99


def test_rings_are_read_by_neighbours_and_not_by_a_line():
    train, test = labelled(rings), labelled(rings, seed=1)
    assert knn_correct(train, test).mean() > 0.99
    assert linear_probe_correct(train, test).mean() < 0.6


def test_codes_that_know_nothing_are_at_chance():
    """Within 4 standard errors of a third."""
    train, test = labelled(noise, 3000), labelled(noise, 3000, seed=1)
    error = np.sqrt(2 / 9 / 3000)
    for probe in (knn_correct, linear_probe_correct):
        assert probe(train, test).mean() == pytest.approx(1 / 3, abs=4 * error)


def test_chance_names_the_most_frequent_class():
    assert chance(np.array([0, 1, 1]), np.array([1, 0, 0, 0])) == 0.25


@pytest.mark.parametrize("prior", ["standard", "class_gaussian"])
def test_a_code_from_the_prior_of_its_class_is_clean(prior):
    """u = (z - m_c) / s_c is N(0, I) where the posterior is the prior, whatever the class."""
    config = ModelConfig(latent_dim=2, width=8, n_classes=3, prior=prior)
    model = build_model(config).double()
    if prior == "class_gaussian":
        model.prior_network.mean.data.copy_(10 * torch.arange(6.0).reshape(3, 2))
    labels = np.arange(3000) % 3
    images = np.zeros((3000, 1, 8, 8), np.uint8)
    dataset = ImageDataset("made", images, labels, ("a", "b", "c"), "test")
    prior_of = model.prior(torch.from_numpy(labels))
    encoded = Encoded(model, dataset, prior_of.mean.detach(), prior_of.log_var.detach())
    u = relative_samples(encoded, seed=0)
    np.testing.assert_allclose(u.mean(axis=0), 0, atol=0.1)
    np.testing.assert_allclose(u.std(axis=0), 1, atol=0.1)
    train, test = Labelled(u[:1500], labels[:1500]), Labelled(u[1500:], labels[1500:])
    assert linear_probe_correct(train, test).mean() == pytest.approx(1 / 3, abs=0.05)
