import numpy as np
import pytest
import torch

from vaelab.data import ImageDataset, load_dataset
from vaelab.evaluation.classifier import classifier_of, kept_classifier, train_classifier


@pytest.fixture(scope="module")
def digits():
    return load_dataset("digits")


def pixels(dataset):
    return torch.from_numpy(dataset.images).float() / 255


def test_it_names_the_digits(digits):
    classifier = train_classifier(digits.train, steps=80)
    right = classifier.name(pixels(digits.test)) == digits.test.labels
    assert right.mean() > 0.85
    features = classifier.features(pixels(digits.test))
    assert features.shape == (len(digits.test), 128)
    assert (features >= 0).all()


def test_it_is_the_same_again_from_its_file_and_torch_is_left_alone(digits, tmp_path):
    before, told = torch.random.get_rng_state(), []
    first = classifier_of(digits.train, tmp_path, steps=5, on_batch=told.append)
    again = classifier_of(digits.train, tmp_path, steps=5, on_batch=told.append)
    fresh = train_classifier(digits.train, steps=5)
    assert kept_classifier(digits.train, tmp_path, steps=4) is None
    kept = kept_classifier(digits.train, tmp_path, steps=5)
    assert (kept.name(pixels(digits.test)) == first.name(pixels(digits.test))).all()
    assert told == [128] * 5
    assert torch.equal(torch.random.get_rng_state(), before)
    expected = first.features(pixels(digits.test))
    assert (again.features(pixels(digits.test)) == expected).all()
    np.testing.assert_allclose(fresh.features(pixels(digits.test)), expected, rtol=1e-4, atol=1e-5)


def test_other_images_have_another_and_a_damaged_file_is_replaced(digits, tmp_path):
    classifier_of(digits.train, tmp_path, steps=2)
    (path,) = tmp_path.iterdir()
    path.write_bytes(b"not an archive")
    classifier_of(digits.train, tmp_path, steps=2)
    assert path.read_bytes()[:2] == b"PK"
    classifier_of(digits.validation, tmp_path, steps=2)
    assert len(list(tmp_path.iterdir())) == 2


def test_large_colour_images_are_shrunk_first():
    images = np.random.default_rng(0).integers(0, 256, (6, 3, 50, 70), dtype=np.uint8)
    labels = np.array([0, 1] * 3, np.int64)
    classifier = train_classifier(
        ImageDataset("large", images, labels, ("a", "b"), "train"), steps=1
    )
    assert classifier.features(torch.zeros(2, 3, 50, 70)).shape == (2, 128)


def test_without_classes_there_is_nothing_to_learn():
    images = np.zeros((4, 1, 8, 8), np.uint8)
    with pytest.raises(ValueError, match="at least two classes"):
        train_classifier(ImageDataset("x", images), steps=1)
