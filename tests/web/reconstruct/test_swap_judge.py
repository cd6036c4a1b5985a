import numpy as np
import torch

from vaelab.latent.class_swap import Swapped
from vaelab.web.reconstruct.swap_judge import wrongly_named


class Brightness:
    """Names a picture by how bright it is."""

    def name(self, x: torch.Tensor):
        return x.mean((1, 2, 3)).round().long().numpy()


def test_each_picture_is_held_against_its_own_column():
    pictures = np.empty((2, 3, 1, 4, 4), np.float32)
    pictures[:] = np.array([[0, 1, 2], [0, 2, 2]]).reshape(2, 3, 1, 1, 1)
    swapped = Swapped(np.zeros((2, 3, 5), np.float32), pictures, np.zeros(2, int), np.arange(3))
    wrong = wrongly_named(Brightness(), swapped)
    np.testing.assert_array_equal(wrong, [[False, False, False], [False, True, False]])
