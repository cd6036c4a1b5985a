import numpy as np
import pytest

from vaelab.latent.encode import Latents
from vaelab.web.reconstruct.nearest_view import nearest_training


def latents(split, labels=(0, 1, 0, 1, 0)):
    mean = np.array([[0, 0], [1, 0], [2, 0], [3, 0], [9, 0]], np.float32)
    return Latents(
        mean,
        None,
        None if labels is None else np.array(labels, np.int64),
        np.array(split, np.uint8),
        np.arange(5, dtype=np.int64),
    )


def test_only_training_codes_count_nearest_first():
    found = nearest_training(latents([0, 2, 0, 0, 0]), [1.2, 0], k=3)
    assert found.rows.tolist() == [2, 0, 3]
    assert found.distances == pytest.approx([0.8, 1.2, 1.8])
    assert found.n == 4
    assert found.are_training


def test_of_one_class_all_where_they_are_fewer_than_k():
    found = nearest_training(latents([0] * 5), [1.2, 0], label=1)
    assert found.rows.tolist() == [1, 3]
    assert nearest_training(latents([0] * 5), [0, 0], label=7).n == 0
    assert nearest_training(latents([0] * 5, None), [0, 0], label=1).n == 5


def test_without_training_codes_all_are_looked_at_and_it_says_so():
    found = nearest_training(latents([2] * 5), [3.1, 0], k=1)
    assert found.rows.tolist() == [3]
    assert not found.are_training
