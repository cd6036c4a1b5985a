from dataclasses import replace

import numpy as np

from vaelab.checkpoints import load_latents
from vaelab.latent import SliderAxis
from vaelab.latent.names import dimension_name
from vaelab.web.axes import axes_of, axis_title, unused_reason


def axis(dim, rate=1.0, unused=False):
    return SliderAxis(dim, rate, 1.0, -1.0, 1.0, 0.0, unused, "because" if unused else "")


def test_dimensions_count_from_one():
    assert dimension_name(0) == "z1"
    assert axis_title(axis(2, 1.416)) == "z3 · 1.42 nats"
    assert axis_title(axis(2, None)) == "z3 · std 1.00"


def test_unused_dimensions_are_named_with_the_reason():
    assert unused_reason((axis(0), axis(1))) == ""
    reason = unused_reason((axis(0), axis(4, 0.001, True), axis(1, 0.0, True)))
    assert "z5, z2" in reason
    assert "posterior equals the prior" in reason
    assert "never changes" in unused_reason((axis(1, None, True),))


def test_the_order_is_the_reports(tiny):
    axes = axes_of(tiny)
    rates = tiny.report.rate_per_dimension
    assert [a.dim for a in axes] == list(np.argsort([-r for r in rates], kind="stable"))


def test_without_a_report_the_rates_come_from_the_stored_posteriors(tiny):
    measured = {a.dim: a.rate_nats for a in axes_of(tiny)}
    without = axes_of(replace(tiny, report=None))
    stored = load_latents(tiny)
    kl = 0.5 * (np.exp(stored.log_var) + stored.mean**2 - 1 - stored.log_var).mean(axis=0)
    for a in without:
        np.testing.assert_allclose(a.rate_nats, kl[a.dim], rtol=0.02)
        assert abs(a.rate_nats - measured[a.dim]) < 0.2  # other images, the same model
