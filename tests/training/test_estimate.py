import pytest

from vaelab.models import ModelConfig
from vaelab.training import TimedStep, TrainConfig, estimate_run, time_step
from vaelab.training.compiling import COMPILE_SECONDS, SAVED

STEP = TimedStep(seconds=0.01, expected=0.01, batch=100, device="cpu", network="mlp")


def test_a_short_run_costs_its_steps():
    found = estimate_run(STEP, TrainConfig(batch_size=100, epochs=2), 1_000)
    assert (found.seconds, found.compiling) == (pytest.approx(0.2), 0)
    assert "short run" in found.reason


def test_a_long_run_costs_less_for_each_step_and_a_compilation():
    train = TrainConfig(batch_size=100, epochs=2_000)
    found = estimate_run(STEP, train, 1_000)
    assert found.compiling == COMPILE_SECONDS
    assert found.seconds == pytest.approx(COMPILE_SECONDS + (1 - SAVED) * 200)
    off = estimate_run(STEP, TrainConfig(batch_size=100, epochs=2_000, compile="off"), 1_000)
    assert (off.seconds, off.compiling) == (pytest.approx(200), 0)


def test_asked_for_convolutions_are_compiled_and_no_faster_on_a_cpu():
    conv = TimedStep(0.01, 0.01, 100, "cpu", "conv")
    found = estimate_run(conv, TrainConfig(batch_size=100, epochs=100, compile="on"), 1_000)
    assert found.seconds == pytest.approx(COMPILE_SECONDS + 10)


def test_the_estimate_grows_with_images_and_epochs() -> None:
    model = ModelConfig(image_shape=(1, 28, 28), latent_dim=4, width=64)
    step = time_step(model, TrainConfig(), 1000, budget_seconds=0.1)
    once = estimate_run(step, TrainConfig(epochs=1), 1000).seconds
    assert once > 0
    assert estimate_run(step, TrainConfig(epochs=50), 10_000).seconds > once
