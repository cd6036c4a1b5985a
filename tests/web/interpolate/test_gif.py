import io

import numpy as np
import pytest
from PIL import Image

from vaelab.web.interpolate.gif import END_PAUSE, film_gif

RNG = np.random.default_rng(0)


def read(gif):
    with Image.open(io.BytesIO(gif)) as film:
        film.load()
        found = []
        for i in range(film.n_frames):
            film.seek(i)
            found.append((np.asarray(film.convert("RGB")), film.info["duration"]))
        return found, film.info.get("loop")


@pytest.mark.parametrize("channels", [1, 3])
def test_a_film_runs_there_and_back_and_loops(channels):
    images = np.stack([np.full((channels, 8, 8), level, np.uint8) for level in (0, 80, 160, 240)])
    found, loop = read(film_gif(images, milliseconds=100, side=16))
    assert loop == 0
    assert [int(np.median(picture)) for picture, _ in found] == [0, 80, 160, 240, 160, 80]
    assert [ms for _, ms in found] == [100 * END_PAUSE, 100, 100, 100 * END_PAUSE, 100, 100]
    assert found[0][0].shape == (16, 16, 3)


def test_one_way_films_end_at_the_end():
    images = np.stack([np.full((1, 8, 8), level, np.uint8) for level in (0, 120, 240)])
    found, _ = read(film_gif(images, back=False))
    assert len(found) == 3


def test_grey_pictures_keep_their_pixels():
    images = RNG.integers(0, 256, (2, 1, 8, 8), np.uint8)
    found, _ = read(film_gif(images, side=8, back=False))
    for (picture, _), image in zip(found, images, strict=True):
        np.testing.assert_array_equal(picture[..., 0], image[0])


def test_what_is_no_film_is_refused():
    with pytest.raises(ValueError, match="frames must be"):
        film_gif(np.zeros((1, 1, 8, 8)))
    with pytest.raises(ValueError, match="milliseconds"):
        film_gif(np.zeros((2, 1, 8, 8)), milliseconds=5)
