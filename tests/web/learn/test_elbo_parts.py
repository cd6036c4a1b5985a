import numpy as np
import pytest
import torch

from tests.linear_gaussian import an_image, closed_form, linear_vae
from vaelab.models import ModelConfig, build_model
from vaelab.objectives import elbo_terms, rate_per_dimension
from vaelab.web.learn.elbo_parts import elbo_parts
from vaelab.web.learn.one_elbo import cost_figure
from vaelab.web.learn.plane_integral import plane_integral
from vaelab.web.learn.posterior_grid import posterior_grid

WINDOW = ((-8.0, 8.0), (-8.0, 8.0))


def test_the_parts_add_up():
    parts = elbo_parts(linear_vae(stretch=2, shift=0.2), an_image())
    assert parts.rate == pytest.approx(parts.rates.sum())
    assert parts.elbo == pytest.approx(-(parts.distortion + parts.rate))
    assert parts.elbo + parts.gap == pytest.approx(parts.log_px)


def gap_error(parts):
    """Standard error of the gap, its two terms taken as independent."""
    return np.hypot(parts.distortion_error, parts.log_px_error)


def test_the_gap_is_the_divergence_from_the_true_posterior():
    """Of N(m + 0.2, 4 v) from N(m, v), known in closed form, and log p(x) with it."""
    model, exact, x = linear_vae(stretch=2, shift=0.2), linear_vae(), an_image()
    parts = elbo_parts(model, x, n_samples=8000)
    with torch.no_grad():
        expected = float(model.encode(x).kl(exact.encode(x)).sum())
    assert abs(parts.gap - expected) < 4 * gap_error(parts)
    assert abs(parts.log_px - closed_form(model, x)) < 4 * parts.log_px_error


def test_the_true_posterior_leaves_no_gap():
    parts = elbo_parts(linear_vae(), an_image(), n_samples=4000)
    assert abs(parts.gap) < 4 * gap_error(parts)
    assert parts.effective > 4000


def test_a_region_to_which_the_posterior_is_blind_is_not_missed():
    """A narrow q, ten of its standard deviations off: importance sampling from it alone fails."""
    model, x = linear_vae(stretch=0.05, shift=0.3), an_image()
    parts = elbo_parts(model, x, n_samples=20_000)
    assert parts.log_px_error < 0.1
    assert abs(parts.log_px - closed_form(model, x)) < 4 * parts.log_px_error


def test_they_are_the_terms_of_the_objective_for_a_class():
    config = ModelConfig(latent_dim=3, n_classes=4, width=16, depth=1, prior="class_gaussian")
    model, x, y = build_model(config), torch.rand(1, 1, 8, 8), torch.tensor([2])
    parts = elbo_parts(model, x, y, n_samples=500)
    with torch.no_grad():
        terms = elbo_terms(model, x, y, torch.Generator().manual_seed(5), 500)
        rates = rate_per_dimension(model, x, y)[0].numpy()
    np.testing.assert_allclose(parts.rates, rates, rtol=1e-5)
    assert parts.rate == pytest.approx(float(terms.rate[0]), rel=1e-5)
    assert abs(parts.distortion - float(terms.distortion[0])) < 6 * parts.distortion_error


def test_the_grid_integrates_to_the_closed_form():
    model, x = linear_vae(stretch=1.5, shift=0.1), an_image()
    grid = posterior_grid(model, x, None, (0, 1), WINDOW, 180)
    assert grid.log_evidence == pytest.approx(closed_form(model, x), abs=1e-6)
    assert np.exp(grid.log_q + grid.log_cell).sum() == pytest.approx(1, abs=1e-6)
    assert (grid.density * np.exp(grid.log_cell)).sum() == pytest.approx(1)


def test_the_grids_elbo_lacks_the_divergence():
    model, exact, x = linear_vae(stretch=1.5, shift=0.1), linear_vae(), an_image()
    grid = posterior_grid(model, x, None, (0, 1), WINDOW, 180)
    with torch.no_grad():
        gap = float(model.encode(x).kl(exact.encode(x)).sum())
    assert grid.elbo == pytest.approx(closed_form(model, x) - gap, abs=1e-6)


def test_the_plane_integrates_to_the_closed_form_on_few_cells():
    model, x = linear_vae(), an_image()
    whole = plane_integral(model, x, None, WINDOW, cells=24, split=8)
    assert whole.log_evidence == pytest.approx(closed_form(model, x), abs=1e-4)
    assert whole.held == pytest.approx(1 - np.exp(-2), abs=0.02)


def test_a_misplaced_posterior_holds_less():
    x = an_image()
    shifted = plane_integral(linear_vae(shift=2.0), x, None, WINDOW, cells=48)
    assert shifted.held < 0.05
    assert shifted.log_evidence == pytest.approx(closed_form(linear_vae(), x), abs=1e-4)


def test_the_grid_has_its_first_dimension_across_and_its_second_up():
    model, x = linear_vae(), an_image()
    grid = posterior_grid(model, x, None, (1, 0), ((-3, 3), (-2, 2)), 40)
    with torch.no_grad():
        mean = model.encode(x).mean[0].numpy()
    row, column = np.unravel_index(grid.density.argmax(), grid.density.shape)
    assert grid.across[column] == pytest.approx(mean[1], abs=6 / 40)
    assert grid.up[row] == pytest.approx(mean[0], abs=4 / 40)


def test_the_waterfalls_steps_meet():
    parts = elbo_parts(linear_vae(stretch=2), an_image())
    bars = cost_figure(parts, "log p(x)", ["#000000"] * 4).data[0]
    ends = np.asarray(bars.base) + np.asarray(bars.x)
    expected = [parts.distortion, -parts.elbo, -parts.elbo, -parts.log_px, -parts.log_px]
    np.testing.assert_allclose(ends, expected, atol=0.016)  # sums of rounded numbers
    assert bars.base[1] == pytest.approx(ends[0])
    assert bars.base[3] == pytest.approx(ends[2])


def test_refusals():
    model, x = linear_vae(), an_image()
    with pytest.raises(ValueError, match="n_samples"):
        elbo_parts(model, x, n_samples=1)
    with pytest.raises(ValueError, match="dims differ"):
        posterior_grid(model, x, None, (1, 1), WINDOW, 10)
