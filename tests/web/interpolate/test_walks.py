import numpy as np
import pytest

from vaelab.web.decoding import decode
from vaelab.web.interpolate.density import percentiles
from vaelab.web.interpolate.key_frames import KeyFrame, frame_of_row
from vaelab.web.interpolate.walks import (
    KINDS,
    class_weights,
    cross_fade,
    picture_length,
    steps_measured,
    walk,
)


def frames_of_rows(opened, *rows):
    return [frame_of_row(opened, row) for row in rows]


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("n", [2, 3, 6])
def test_every_path_goes_through_its_key_frames_to_the_bit(opened, kind, n):
    frames = frames_of_rows(opened, *range(n))
    found = walk(opened, frames, kind)
    assert (len(found.codes) - 1) % (n - 1) == 0
    stops = found.codes[:: (len(found.codes) - 1) // (n - 1)]
    np.testing.assert_array_equal(stops, np.float32([frame.z for frame in frames]))
    assert len(found.votes) == len(found.percentiles) == len(found.codes)
    assert (len(found.codes) - 1) % (steps_measured(n) * (n - 1)) == 0


@pytest.mark.parametrize("kind", list(KINDS))
def test_no_path_is_shorter_than_the_cross_fade(opened, kind):
    frames = frames_of_rows(opened, 0, 7, 3)
    assert picture_length(opened, frames, kind) >= cross_fade(opened, frames) * (1 - 1e-6)


def test_the_geodesic_is_the_shortest_of_them(opened):
    """As far as it was searched for; it starts from the straight line."""
    frames = frames_of_rows(opened, 0, 7)
    lengths = {kind: picture_length(opened, frames, kind) for kind in KINDS}
    assert lengths["geodesic"] <= lengths["linear"] * 1.001


def test_the_cross_fade_of_two_pictures_is_their_distance(opened):
    frames = frames_of_rows(opened, 0, 7)
    a, b = decode(opened.model, [frame.z for frame in frames]).mean
    assert cross_fade(opened, frames) == pytest.approx(float(np.linalg.norm(b - a)), rel=1e-5)


def test_a_path_that_stays_has_no_length(opened):
    frames = frames_of_rows(opened, 4, 4)
    for kind in KINDS:
        assert picture_length(opened, frames, kind) == pytest.approx(0, abs=1e-4)


def test_classes_blend_from_key_frame_to_key_frame():
    class Conditional:
        n_classes = 3

    weights = class_weights(Conditional, [2, 0, 0], 3)
    np.testing.assert_allclose(
        weights, [[0, 0, 1], [0.5, 0, 0.5], [1, 0, 0], [1, 0, 0], [1, 0, 0], [1, 0, 0]]
    )
    Conditional.n_classes = 0
    assert class_weights(Conditional, [None, None], 3) is None


def test_density_is_high_in_the_midst_of_the_data_and_zero_far_out(opened):
    codes = np.stack([np.median(opened.latents.mean, axis=0), [40.0, -40.0]]).astype(np.float32)
    dense, far = percentiles(opened, codes, None)
    assert dense > 50
    assert far == 0
    assert walk(
        opened, [KeyFrame((0.0, 0.0), None, ""), KeyFrame((40.0, -40.0), None, "")], "linear"
    )
