import numpy as np

from vaelab.evaluation.codes import encode
from vaelab.evaluation.units import active_units, units_with_rate


def test_a_unit_is_active_when_its_mean_varies_over_the_images():
    rng = np.random.default_rng(0)
    means = rng.normal(size=(500, 3)) * [1.0, 0.15, 0.05] + [0, 0, 9]
    assert active_units(means).tolist() == [True, True, False]


def test_a_unit_has_a_rate_above_a_hundredth_of_a_nat():
    rates = np.array([[0.0, 0.02, 1.0], [0.01, 0.02, 1.0]])
    assert units_with_rate(rates).tolist() == [False, True, True]


def test_the_posterior_s_means_are_no_samples(exact):
    first = encode(exact.model, exact.images, batch_size=10).means
    second = encode(exact.model, exact.images, batch_size=37).means
    np.testing.assert_allclose(first, second, rtol=0, atol=1e-12)
    assert active_units(first).tolist() == [True, True]
