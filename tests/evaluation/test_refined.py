"""Optimised posteriors and codes, against the linear-Gaussian model's closed form."""

import numpy as np
import pytest
import torch

from tests.evaluation.conftest import build
from vaelab.evaluation.codes import encode
from vaelab.evaluation.gaps import gaps_of
from vaelab.evaluation.refined import RefineSettings, refine_posteriors
from vaelab.evaluation.refined_code import refine_codes
from vaelab.latent.steps import finish
from vaelab.models import ModelConfig, build_model

SETTINGS = RefineSettings(n_steps=150, n_fresh=200)
ROWS = np.array([0, 9, 20])


@pytest.fixture(scope="module")
def refined():
    """Three images of the model whose encoder is twice too wide; its true posterior is diagonal."""
    known = build(2.0)
    encoded = encode(known.model, known.images).take(ROWS)
    return finish(refine_posteriors(encoded, SETTINGS)), known.log_px[ROWS]


def test_the_best_diagonal_gaussian_is_the_true_posterior(refined):
    """Its ELBO is log p(x), every weight is the same, and its width is half the encoder's."""
    found, log_px = refined
    np.testing.assert_allclose(found.gaps.elbo_after, log_px, atol=1e-2)
    np.testing.assert_allclose(found.gaps.log_px, log_px, atol=1e-2)
    np.testing.assert_allclose(found.std, found.start_std / 2, rtol=0.1)
    np.testing.assert_allclose(found.mean, found.start_mean, atol=0.1 * found.std.max())
    assert (found.gaps.effective_after > 195).all()
    assert (found.gaps.approximation >= 0).all()


def test_the_amortisation_gap_is_the_known_kl(refined):
    """KL[N(m, 4 v) || N(m, v)] = K (4 - 1 - log 4) / 2, within its standard error."""
    found, _ = refined
    known = 2 * (4 - 1 - np.log(4)) / 2
    gaps = found.gaps
    assert (abs(gaps.amortisation - known) < 4 * gaps.amortisation_error + 0.01).all()
    assert (gaps.effective_before < 150).all()
    np.testing.assert_allclose(gaps.amortisation, gaps.elbo_after - gaps.elbo_before, atol=1e-9)


def test_the_curve_begins_at_the_encoders_posterior_and_says_where_it_was_taken(refined):
    found, log_px = refined
    assert found.steps.tolist() == list(range(0, 151, 10))
    assert found.curve.shape == (16, 3)
    assert (found.curve[0] < found.curve[-1]).all()
    assert (abs(found.curve[-1] - log_px) < 0.05).all()


def test_where_the_encoder_is_right_nothing_becomes_worse():
    known = build(1.0)
    encoded = encode(known.model, known.images).take(ROWS)
    settings = RefineSettings(n_steps=20, rate=5.0, check_every=3, n_held_out=2, n_fresh=50)
    found = finish(refine_posteriors(encoded, settings, seed=4))
    assert (found.gaps.amortisation >= 0).all()
    assert (found.gaps.elbo_after <= known.log_px[ROWS] + 1e-6).all()
    assert (found.curve.min(0) < found.curve[0] - 1).all()  # that rate does lead astray


@pytest.mark.parametrize("n_classes", [0, 3])
def test_the_result_is_never_below_the_start_and_the_model_stays_as_it_is(
    labelled_images, n_classes
):
    torch.manual_seed(0)
    prior = "class_gaussian" if n_classes else "standard"
    model = build_model(ModelConfig(latent_dim=2, width=8, n_classes=n_classes, prior=prior))
    before = {name: value.clone() for name, value in model.state_dict().items()}
    encoded = encode(model, labelled_images)
    settings = RefineSettings(n_steps=15, rate=1.0, n_fresh=20)
    fractions = []
    found = finish(refine_posteriors(encoded, settings), fractions.append)
    again = finish(refine_posteriors(encoded, settings))
    assert (found.gaps.elbo_after >= found.gaps.elbo_before).all()
    assert found.gaps.amortisation.max() > 0
    assert found.mean.shape == (23, 2)
    assert (found.mean == again.mean).all()
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1)
    assert all((before[name] == value).all() for name, value in model.state_dict().items())
    assert all(p.grad is None and p.requires_grad for p in model.parameters())


def test_an_autoencoders_code_is_judged_by_its_distortion(labelled_images):
    torch.manual_seed(0)
    model = build_model(ModelConfig(family="autoencoder", latent_dim=2, width=8, depth=0))
    encoded = encode(model, labelled_images)
    found = finish(refine_codes(encoded, [1.0, 2.0], n_steps=30))
    x = torch.from_numpy(labelled_images.images).float() / 255
    with torch.no_grad():
        after = -model.decode(torch.from_numpy(found.code).float()).log_prob(x)
    np.testing.assert_allclose(found.after, after.numpy(), atol=1e-3)
    assert (found.after < found.before).all()
    np.testing.assert_allclose(found.curve[0], found.before)
    assert all(p.grad is None for p in model.parameters())
    wild = finish(refine_codes(encoded, [1.0, 2.0], n_steps=3, rate=1e4))
    assert (wild.after <= wild.before).all()


def test_the_gaps_add_up_and_take_their_errors_from_pairs():
    before = torch.tensor([[0.0, -3.0], [1.0, -1.0]]).double()
    gaps = gaps_of(before, before + 2)
    assert gaps.amortisation.tolist() == [2, 2]
    assert gaps.amortisation_error.tolist() == [0, 0]  # the noise is the same
    np.testing.assert_allclose(gaps.elbo_after + gaps.approximation, gaps.log_px)
    np.testing.assert_allclose(gaps.log_px[0], np.log((np.exp(2) + np.exp(3)) / 2))


def test_what_cannot_be_is_refused(labelled_images):
    model = build_model(ModelConfig(family="autoencoder", latent_dim=2, width=8))
    encoded = encode(model, labelled_images)
    with pytest.raises(ValueError, match="no ELBO"):
        finish(refine_posteriors(encoded))
    with pytest.raises(ValueError, match="scale must be 2 positive numbers"):
        finish(refine_codes(encoded, [1.0, 0.0]))
    with pytest.raises(ValueError, match="n_samples must be even, got 3"):
        RefineSettings(n_samples=3)
