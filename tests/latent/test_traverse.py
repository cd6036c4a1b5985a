import numpy as np
import pytest

from vaelab.latent.encode import Latents
from vaelab.latent.traverse import slider_axes


def latents(codes: np.ndarray) -> Latents:
    n = len(codes)
    return Latents(
        codes.astype(np.float32), None, None, np.zeros(n, np.uint8), np.arange(n, dtype=np.int64)
    )


CODES = np.random.default_rng(0).normal(size=(5000, 3)) * [1.0, 2.0, 0.01] + [0.0, 5.0, 0.0]


def test_sliders_are_ordered_by_rate_and_span_the_data():
    axes = slider_axes(latents(CODES), [0.5, 3.0, 0.002])
    assert [axis.dim for axis in axes] == [1, 0, 2]
    assert [axis.rate_nats for axis in axes] == [3.0, 0.5, 0.002]
    low, median, high = np.quantile(CODES[:, 1], [0.005, 0.5, 0.995])
    assert (axes[0].low, axes[0].median, axes[0].high) == pytest.approx((low, median, high), 1e-4)


def test_a_range_is_not_symmetric_around_zero():
    axis = slider_axes(latents(CODES), [0.5, 3.0, 0.002])[0]
    assert -2 < axis.low < 0.5
    assert 9.5 < axis.high < 12


def test_a_dimension_without_rate_is_unused_and_says_why():
    *used, unused = slider_axes(latents(CODES), [0.5, 3.0, 0.002])
    assert unused.unused
    assert "0.0020 nats" in unused.reason
    assert not any(axis.unused or axis.reason for axis in used)


def test_a_dimension_without_width_still_slides():
    unused = slider_axes(latents(CODES), [0.5, 3.0, 0.002])[-1]
    assert unused.high - unused.low > 0.5
    assert unused.low < unused.median < unused.high


def test_without_rates_the_variance_orders():
    codes = np.concatenate([CODES, np.full((5000, 1), 7.0)], axis=1)
    axes = slider_axes(latents(codes))
    assert [axis.dim for axis in axes] == [1, 0, 2, 3]
    assert all(axis.rate_nats is None for axis in axes)
    assert [axis.unused for axis in axes] == [False, False, False, True]
    assert axes[-1].reason == "z4 is unused: its code is 7 for every image."


def test_a_single_image_gives_sliders_around_its_code():
    axis = slider_axes(latents(np.array([[3.0]])), [1.0])[0]
    assert (axis.low, axis.median, axis.high) == (2.0, 3.0, 4.0)


@pytest.mark.parametrize("rates", [[1.0], [1.0, 2.0, np.nan], [[1.0, 2.0, 3.0]]])
def test_wrong_rates_are_named(rates):
    with pytest.raises(ValueError, match="rate_per_dimension must be 3 finite numbers"):
        slider_axes(latents(CODES), rates)


def test_no_codes_are_refused():
    with pytest.raises(ValueError, match="at least one code"):
        slider_axes(latents(CODES[:0]))
