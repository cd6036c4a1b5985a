import numpy as np
import pytest

from vaelab.models import ModelConfig, build_model
from vaelab.pictures import to_uint8
from vaelab.web.decoding import decode
from vaelab.web.map.manifold import manifold, plane_of

RNG = np.random.default_rng(0)
CODES = (RNG.normal(size=(500, 2)) * [2, 1] + [5, -3]).astype(np.float32)


def test_cells_are_square_and_cover_most_of_the_codes():
    plane = plane_of(CODES, (0, 1), cells=10)
    rows = len(plane.codes) // plane.columns
    assert plane.columns == 10
    step = (plane.x[1] - plane.x[0]) / plane.columns
    assert (plane.y[1] - plane.y[0]) / rows == pytest.approx(step, rel=1e-6)
    inside = (
        (CODES[:, 0] >= plane.x[0])
        & (CODES[:, 0] <= plane.x[1])
        & (CODES[:, 1] >= plane.y[0])
        & (CODES[:, 1] <= plane.y[1])
    )
    assert inside.mean() > 0.97


def test_the_first_code_is_the_top_left_cells_centre():
    plane = plane_of(CODES, (0, 1), cells=10)
    step = (plane.x[1] - plane.x[0]) / plane.columns
    np.testing.assert_allclose(
        plane.codes[0], [plane.x[0] + step / 2, plane.y[1] - step / 2], rtol=1e-5
    )


def test_dimensions_can_be_exchanged():
    plane = plane_of(CODES, (1, 0), cells=10)
    across, up = plane.codes[: plane.columns, 1], plane.codes[: plane.columns, 0]
    assert (np.diff(across) > 0).all()
    assert np.ptp(up) == 0


def test_the_picture_shows_what_each_cell_decodes_to():
    model = build_model(ModelConfig(latent_dim=2, width=8, depth=1)).eval()
    backdrop = manifold(model, CODES, cells=4)
    plane = plane_of(CODES, (0, 1), cells=4)
    pixels = np.asarray(backdrop.picture)
    rows = len(plane.codes) // plane.columns
    factor = pixels.shape[0] // (8 * rows)
    first = to_uint8(decode(model, plane.codes[:1]).mean[0])[0]
    np.testing.assert_array_equal(pixels[: 8 * factor : factor, : 8 * factor : factor], first)


def test_other_numbers_of_dimensions_have_no_plane():
    with pytest.raises(ValueError, match="codes must be"):
        plane_of(np.zeros((5, 3), np.float32), (0, 1))
