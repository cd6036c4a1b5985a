"""Identities of the class swap: its own class, one prior for all, and what each carry keeps."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from vaelab.latent.class_swap import CARRIES, carried_codes, swap_classes, swap_images
from vaelab.models import ModelConfig, build_model

N, M, K = 7, 4, 3


def model(prior="class_gaussian", **changed):
    torch.manual_seed(0)
    config = ModelConfig(**{"latent_dim": K, "width": 16, "n_classes": M, "prior": prior} | changed)
    built = build_model(config)
    if prior == "class_gaussian":
        with torch.no_grad():
            built.prior_network.mean.normal_()
            built.prior_network.log_var.normal_()
    return built


@pytest.fixture
def batch():
    rng = np.random.default_rng(0)
    labels = np.arange(N) % M
    return rng.integers(0, 256, (N, 1, 8, 8)).astype(np.uint8), labels


@pytest.mark.parametrize("prior", ["standard", "class_gaussian"])
@pytest.mark.parametrize("carry", CARRIES)
def test_its_own_class_gives_the_plain_reconstruction_exactly(batch, prior, carry):
    images, labels = batch
    made = model(prior)
    with torch.inference_mode():
        y = torch.from_numpy(labels)
        z = made.encode(torch.from_numpy(images).float() / 255, y).mean
        plain = made.decode(z, y).mean.numpy()
    swapped = swap_images(made, images, labels, carry=carry)
    assert swapped.pictures.shape == (N, M, 1, 8, 8)
    np.testing.assert_array_equal(swapped.is_own.sum(1), 1)
    np.testing.assert_array_equal(swapped.codes[swapped.is_own], z.numpy())
    np.testing.assert_array_equal(swapped.pictures[swapped.is_own], plain)


def test_with_one_prior_for_all_classes_both_carries_are_the_same():
    z, labels = np.random.default_rng(1).normal(size=(N, K)), np.arange(N) % M
    codes = [carried_codes(model("standard"), z, labels, carry=carry) for carry in CARRIES]
    np.testing.assert_array_equal(*codes)
    np.testing.assert_array_equal(codes[0], np.broadcast_to(np.float32(z)[:, None], (N, M, K)))


def test_the_place_under_the_prior_is_the_same_for_every_class():
    made, z, labels = model(), np.random.default_rng(2).normal(size=(N, K)), np.arange(N) % M
    codes = torch.from_numpy(carried_codes(made, z, labels))
    with torch.inference_mode():
        prior = made.prior(torch.arange(M))
        u = (codes - prior.mean) / prior.std
    np.testing.assert_allclose(u, np.broadcast_to(u[:, :1], u.shape), atol=1e-5)
    own = u.numpy()[np.arange(N), labels]
    wanted = (z - prior.mean.numpy()[labels]) / prior.std.numpy()[labels]
    np.testing.assert_allclose(own, wanted, atol=1e-5)


def test_there_and_back_is_the_same_code():
    made, z = model(), np.random.default_rng(3).normal(size=(N, K))
    there = carried_codes(made, z, np.zeros(N, int), [2])[:, 0]
    back = carried_codes(made, there, np.full(N, 2), [0])[:, 0]
    np.testing.assert_allclose(back, z, atol=1e-5)


def test_columns_are_the_classes_asked_for_in_that_order():
    made, z, labels = model(), np.zeros((N, K)), np.zeros(N, int)
    every, some = swap_classes(made, z, labels), swap_classes(made, z, labels, [3, 0])
    assert list(some.classes) == [3, 0]
    np.testing.assert_array_equal(some.codes, every.codes[:, [3, 0]])
    np.testing.assert_allclose(some.pictures, every.pictures[:, [3, 0]], atol=1e-6)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"z": np.zeros((2, K + 1))}, r"z must be finite and of shape \(N, 3\)"),
        ({"z": np.full((2, K), np.nan)}, "z must be finite"),
        ({"labels": [0]}, "labels must be one a code"),
        ({"labels": [0, M]}, "labels must be at least one of 0 to 3"),
        ({"labels": [0.5, 1.0]}, "labels must be"),
        ({"classes": [-1]}, "classes must be at least one of 0 to 3"),
        ({"classes": []}, "classes must be at least one"),
        ({"carry": "style"}, "carry must be one of place, code"),
    ],
)
def test_what_does_not_fit_is_named(changed, message):
    asked = {"z": np.zeros((2, K)), "labels": [0, 1], "classes": None, "carry": "place"} | changed
    with pytest.raises(ValueError, match=message):
        swap_classes(model(), **asked)


@pytest.mark.parametrize("changed", [{}, {"family": "autoencoder"}])
def test_a_model_without_classes_has_none_to_swap(changed):
    made = model("standard", n_classes=0, **changed)
    with pytest.raises(ValueError, match="conditional"):
        swap_classes(made, np.zeros((1, K)), [0])
    with pytest.raises(ValueError, match="conditional"):
        swap_images(made, np.zeros((1, 1, 8, 8), np.uint8), [0])


def test_images_of_another_shape_are_refused():
    with pytest.raises(ValueError, match="images must be uint8"):
        swap_images(model(), np.zeros((1, 1, 9, 8), np.uint8), [0])
