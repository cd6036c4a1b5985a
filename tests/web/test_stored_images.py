import json
from dataclasses import replace

import numpy as np

from vaelab.checkpoints import load_latents, load_model, read_checkpoint
from vaelab.data import guess_preparation, load_dataset
from vaelab.web.stored_images import (
    data_at_hand,
    image_name,
    pictures_of,
    place_name,
    preparation_of,
    reconstructions,
)


def test_a_stored_code_shows_the_image_it_is_the_code_of(tiny):
    latents, splits = load_latents(tiny), load_dataset("digits")
    rows = np.array([3, len(latents) - 1, 10])
    pictures = pictures_of(tiny, rows)
    assert pictures.are_data
    for image, row in zip(pictures.images, rows, strict=True):
        part = (splits.train, splits.validation, splits.test)[latents.split[row]]
        np.testing.assert_array_equal(image, part.images[latents.index[row]])
        assert part.labels[latents.index[row]] == latents.labels[row]


def test_other_data_under_the_same_name_is_not_passed_off_as_the_images(tiny):
    config = json.loads((tiny.path / "config.json").read_text())
    config["data"]["fingerprint"] = "0" * 64
    (tiny.path / "config.json").write_text(json.dumps(config))
    foreign = read_checkpoint(tiny.path)
    pictures = pictures_of(foreign, [0, 5])
    assert not pictures.are_data
    latents = load_latents(foreign)
    expected = reconstructions(load_model(foreign), latents.take(np.array([0, 5])))
    np.testing.assert_array_equal(pictures.images, expected)
    assert "not on this machine" in pictures.sentence


def test_without_the_data_the_preparation_is_measured_on_decoded_codes(tiny):
    guess = preparation_of(tiny)
    assert guess.dark_background
    assert guess.threshold == "auto"
    gone = replace(tiny, data_spec=replace(tiny.data_spec, source="/nowhere/at/all"))
    assert data_at_hand(gone) is None
    latents = load_latents(tiny)
    rows = np.unique(np.linspace(0, len(latents) - 1, 256).astype(int))
    decoded = reconstructions(load_model(tiny), latents.take(rows))
    assert preparation_of(gone) == guess_preparation(decoded)


def test_images_are_named_by_split_and_position_and_class(tiny):
    latents = load_latents(tiny)
    row = int(np.flatnonzero(latents.split == 2)[4])
    assert place_name(latents, row) == "test image 4"
    names = [f"the {c}" for c in range(10)]
    assert image_name(latents, names, row) == f"test image 4 (class the {latents.labels[row]})"
    assert image_name(replace(latents, labels=None), names, row) == "test image 4"
