"""Draws given some pixels, against the linear-Gaussian model's closed form."""

import numpy as np
import pytest
import torch

from tests.linear_gaussian import SIDE, STD, an_image, linear_vae
from vaelab.latent.inpaint import InpaintSettings, inpaint
from vaelab.latent.inpaint_classes import classes_from_visible
from vaelab.latent.steps import finish
from vaelab.models import ModelConfig, build_model

MANY = InpaintSettings(n_alternatives=600, n_chains=600, n_steps=30, n_settling=5, n_leapfrog=3)
SHORT = InpaintSettings(n_alternatives=4, n_chains=8, n_steps=5, n_settling=3, n_leapfrog=2)
LEFT = torch.zeros(SIDE, SIDE, dtype=torch.bool)
LEFT[:, : SIDE // 2] = True


def posterior(model, x, visible):
    """Mean and covariance of p(z | visible pixels), and log p(visible pixels)."""
    rows = visible.flatten()
    weight, offset = model.decoder.weight.detach()[rows], model.decoder.offset.detach()[rows]
    seen = x.flatten()[rows]
    covariance = torch.linalg.inv(torch.eye(2).double() + weight.T @ weight / STD**2)
    mean = covariance @ weight.T @ (seen - offset) / STD**2
    full = weight @ weight.T + STD**2 * torch.eye(len(seen)).double()
    density = torch.distributions.MultivariateNormal(offset, full)
    return mean.numpy(), covariance.numpy(), float(density.log_prob(seen))


@pytest.mark.parametrize("visible", [LEFT, torch.ones_like(LEFT)])
def test_the_draws_follow_the_posterior_of_what_is_visible(visible):
    """Also of the whole picture; log p(visible) by the chains' weights."""
    model, x = linear_vae(), an_image()
    mean, covariance, log_visible = posterior(model, x, visible)
    found = finish(inpaint(model, x, visible, settings=MANY))
    z = found.z[0]
    std = np.sqrt(np.diag(covariance))
    assert (abs(z.mean(0) - mean) < 4 * std / np.sqrt(600)).all()
    assert np.allclose(np.cov(z.T), covariance, atol=4 * std.max() ** 2 * np.sqrt(2 / 600))
    assert found.log_visible[0] == pytest.approx(log_visible, abs=0.2)
    assert found.acceptance > 0.6
    assert found.n_starts[0] > 100


def test_with_everything_hidden_the_draws_follow_the_prior():
    found = finish(
        inpaint(linear_vae(), an_image(), torch.zeros(SIDE, SIDE, dtype=torch.bool), settings=MANY)
    )
    z = found.z[0]
    assert (abs(z.mean(0)) < 4 / np.sqrt(600)).all()
    assert (abs(z.std(0) - 1) < 4 / np.sqrt(1200)).all()
    assert found.log_visible[0] == 0  # nothing was said
    assert found.n_starts[0] == 600


def test_the_log_joint_is_that_of_prior_and_visible_pixels():
    model, x = linear_vae(), an_image()
    found = finish(inpaint(model, x, LEFT, settings=SHORT))
    z = torch.from_numpy(found.z[0]).double()
    per_value = model.decode(z).log_prob_of_values(x)[:, 0, :, : SIDE // 2]
    expected = model.prior(n=1).log_prob(z) + per_value.sum((1, 2))
    np.testing.assert_allclose(found.log_joint[0], expected.detach().numpy(), atol=1e-4)


@pytest.mark.parametrize("likelihood", ["bernoulli", "continuous_bernoulli", "gaussian"])
def test_hidden_pixels_change_nothing_to_the_bit(likelihood):
    model = build_model(ModelConfig(latent_dim=2, width=8, depth=1, likelihood=likelihood))
    x = torch.rand(1, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    other = torch.where(LEFT, x, torch.full_like(x, torch.nan))
    one, two = (finish(inpaint(model, seen, LEFT, settings=SHORT)) for seen in (x, other))
    assert (one.z == two.z).all()
    assert (one.log_joint == two.log_joint).all()
    third = finish(inpaint(model, 1 - x, LEFT, settings=SHORT))
    assert (one.log_joint != third.log_joint).all()
    again = finish(inpaint(model, x, LEFT, settings=SHORT, seed=1))
    assert (one.z != again.z).all()


def test_every_class_is_weighed_by_the_visible_pixels():
    """A class whose decoder draws the picture is certain; the model is left as it was."""
    config = ModelConfig(latent_dim=2, width=8, depth=0, n_classes=3, prior="class_gaussian")
    model = build_model(config)
    y = torch.tensor([1])
    with torch.no_grad():
        model.prior_network.mean[1] += 6.0
        before = {name: value.clone() for name, value in model.state_dict().items()}
        x = (model.decode(model.prior(y).mean, y).mean > 0.5).float()
    fractions = []
    found = finish(inpaint(model, x, LEFT, [0, 1, 2, 0, 1, 2], SHORT), fractions.append)
    assert found.z.shape == (6, 4, 2)
    weighed = classes_from_visible(found)
    assert weighed.classes[0] == 1
    assert sorted(weighed.classes) == [0, 1, 2]
    assert weighed.probability.sum() == pytest.approx(1)
    runs = found.log_visible[[1, 4]]
    assert weighed.log_visible[0] == pytest.approx(np.log(np.exp(runs).mean()))
    assert weighed.spread[0] == pytest.approx(abs(runs[0] - runs[1]))
    assert weighed.row[0] == (1, 4)[runs.argmax()]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1)
    assert all((before[name] == value).all() for name, value in model.state_dict().items())
    assert all(parameter.grad is None for parameter in model.parameters())
    assert all(parameter.requires_grad for parameter in model.parameters())


def test_what_cannot_be_is_refused():
    x, visible = torch.zeros(1, 1, 8, 8), torch.ones(8, 8, dtype=torch.bool)
    autoencoder = build_model(ModelConfig(family="autoencoder", latent_dim=2, width=8))
    with pytest.raises(ValueError, match="no prior"):
        finish(inpaint(autoencoder, x, visible))
    vae = build_model(ModelConfig(latent_dim=2, width=8))
    with pytest.raises(ValueError, match=r"visible must be bool of shape \(8, 8\)"):
        finish(inpaint(vae, x, visible[:4]))
    with pytest.raises(ValueError, match="classes must be given for a conditional model alone"):
        finish(inpaint(vae, x, visible, [0]))
    with pytest.raises(ValueError, match="found must be of a conditional model"):
        classes_from_visible(finish(inpaint(vae, x, visible, settings=SHORT)))
    with pytest.raises(ValueError, match=r"n_chains must be at least n_alternatives \(=8\), got 2"):
        InpaintSettings(n_chains=2)
