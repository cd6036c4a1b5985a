import pytest

from vaelab.data import SourceDescription
from vaelab.models import ModelConfig, build_model, count_parameters
from vaelab.training import Estimate, TimedStep, TrainConfig
from vaelab.web.train import estimate


def test_training_images_are_what_is_left_over():
    own_test = SourceDescription("m", "M", True, "", n_images=70_000, n_test=10_000)
    assert estimate.n_training_images(own_test, 0.1, 0.1) == 54_000
    one_part = SourceDescription("d", "D", True, "", n_images=1_797)
    assert estimate.n_training_images(one_part, 0.1, 0.1) == 1_455
    assert estimate.n_training_images(SourceDescription("x", "X", True, ""), 0.1, 0.1) == 1


def test_time_is_measured_once_for_what_costs_the_same(monkeypatch):
    timed = []
    step = TimedStep(seconds=1.0, expected=1e-6, batch=128, device="cpu", network="mlp")
    monkeypatch.setattr(estimate, "time_step", lambda *args, **_: timed.append(args) or step)
    model = ModelConfig(width=8)
    epoch = 777 / 128
    assert estimate.cost(model, TrainConfig(epochs=3), 777).seconds == pytest.approx(3 * epoch)
    other = TrainConfig(epochs=30, learning_rate=0.1, seed=4)
    assert estimate.cost(model, other, 777).seconds == pytest.approx(30 * epoch)
    assert estimate.cost(model, TrainConfig(compile="on"), 777).compiling > 0
    assert len(timed) == 1
    estimate.cost(model, TrainConfig(batch_size=7), 777)
    assert len(timed) == 2


def test_compiling_is_said_where_it_is_done():
    assert estimate.in_words(Estimate(240, 0.0, "")) == "about 4 min on this machine"
    said = estimate.in_words(Estimate(240, 12.0, ""))
    assert said == "about 4 min on this machine, 12 s of it compiling"


def test_parameters_are_those_of_the_model():
    model = ModelConfig(width=8, latent_dim=3)
    assert estimate.n_parameters(model) == count_parameters(build_model(model))
