import numpy as np
import pytest
import torch

from vaelab.data.dataset import ImageDataset
from vaelab.latent.encode import concatenate, encode_dataset
from vaelab.models import ModelConfig, build_model

RNG = np.random.default_rng(0)
IMAGES = ImageDataset(
    "random",
    RNG.integers(0, 256, size=(23, 1, 8, 8), dtype=np.uint8),
    RNG.integers(0, 3, size=23).astype(np.int64),
    ("a", "b", "c"),
    "test",
)
TINY = {"latent_dim": 3, "width": 8, "depth": 1}
VAE, CVAE = ModelConfig(**TINY), ModelConfig(n_classes=3, **TINY)
AUTOENCODER = ModelConfig(family="autoencoder", **TINY)


@pytest.mark.parametrize("config", [VAE, CVAE, AUTOENCODER], ids=lambda c: c.family_label)
def test_codes_are_posterior_means_in_order_whatever_the_batch(config):
    model = build_model(config)
    latents = encode_dataset(model, IMAGES, batch_size=5)
    x = torch.from_numpy(IMAGES.images).float() / 255
    y = torch.from_numpy(IMAGES.labels) if config.is_conditional else None
    with torch.no_grad():
        posterior = model.encode(x, y)
    np.testing.assert_allclose(latents.mean, posterior.mean.numpy(), atol=1e-6)
    assert latents.mean.dtype == np.float32
    if config.is_autoencoder:
        assert latents.log_var is None
    else:
        np.testing.assert_allclose(latents.log_var, posterior.log_var.numpy(), atol=1e-6)
    np.testing.assert_array_equal(latents.labels, IMAGES.labels)
    assert latents.index.tolist() == list(range(23))
    assert set(latents.split) == {2}


@pytest.mark.parametrize("training", [True, False])
def test_encoding_is_no_matter_of_the_training_mode(training):
    model = build_model(VAE)
    reference = encode_dataset(model, IMAGES).mean
    np.testing.assert_array_equal(encode_dataset(model.train(training), IMAGES).mean, reference)
    assert model.training is training


def test_a_part_keeps_its_places_in_the_split():
    model = build_model(CVAE)
    rows = np.array([20, 3, 11])
    part = encode_dataset(model, IMAGES, indices=rows)
    whole = encode_dataset(model, IMAGES)
    assert part.index.tolist() == [20, 3, 11]
    np.testing.assert_allclose(part.mean, whole.mean[rows], atol=1e-6)
    np.testing.assert_array_equal(part.labels, IMAGES.labels[rows])


def test_splits_are_joined_and_found_again():
    model = build_model(VAE)
    train = encode_dataset(model, IMAGES.take(np.arange(10), "train"))
    test = encode_dataset(model, IMAGES.take(np.arange(10, 23), "test"))
    both = concatenate([train, test])
    assert len(both) == 23
    assert both.latent_dim == 3
    for split, part in (("train", train), ("test", test)):
        found = both.of_split(split)
        np.testing.assert_array_equal(found.mean, part.mean)
        np.testing.assert_array_equal(found.index, part.index)
        np.testing.assert_array_equal(found.labels, part.labels)
    assert len(both.of_split("validation")) == 0


def test_no_images_give_no_codes():
    empty = IMAGES.take(np.array([], np.int64), "test")
    assert encode_dataset(build_model(VAE), empty).mean.shape == (0, 3)


def test_parts_that_do_not_fit_are_refused():
    test = encode_dataset(build_model(VAE), IMAGES)
    codes = encode_dataset(build_model(AUTOENCODER), IMAGES)
    with pytest.raises(ValueError, match="log_var must be present in all parts or in none"):
        concatenate([test, codes])
    with pytest.raises(ValueError, match="at least one"):
        concatenate([])
    wide = encode_dataset(build_model(ModelConfig(latent_dim=4, width=8, depth=1)), IMAGES)
    with pytest.raises(ValueError, match="share K"):
        concatenate([test, wide])


def test_wrong_arguments_are_named():
    unlabelled = ImageDataset("x", IMAGES.images, None, (), "test")
    with pytest.raises(ValueError, match="needs labels"):
        encode_dataset(build_model(CVAE), unlabelled)
    with pytest.raises(ValueError, match="split must be one of"):
        encode_dataset(build_model(VAE), IMAGES.take(np.arange(3), "all"))
    with pytest.raises(ValueError, match="batch_size"):
        encode_dataset(build_model(VAE), IMAGES, batch_size=0)
    with pytest.raises(ValueError, match="split must be one of"):
        encode_dataset(build_model(VAE), IMAGES).of_split("all")
