import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from vaelab.models import ModelConfig, build_model
from vaelab.training import TrainConfig
from vaelab.training.batches import Batch
from vaelab.training.compiling import (
    BACKWARD,
    COMPILE_SECONDS,
    FLOPS_PER_SECOND,
    SAVED,
    STEP_SECONDS,
    decide_for,
    eager_seconds,
)
from vaelab.training.step import Objective

CASES = {
    "mlp": ModelConfig(latent_dim=3, width=16, network="mlp"),
    "conv": ModelConfig(image_shape=(3, 16, 16), latent_dim=3, width=8, network="conv"),
    "cvae": ModelConfig(latent_dim=3, width=16, n_classes=4, prior="class_gaussian"),
}


@pytest.mark.parametrize("case", CASES)
def test_products_are_counted_as_torch_counts_them(case):
    """Without its hooks into every module of the process."""
    config = CASES[case]
    objective = Objective(build_model(config), TrainConfig(), torch.float32)
    y = torch.arange(4) if config.n_classes else None
    batch = Batch(torch.rand(4, *config.image_shape), y, 4)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        classes = objective.class_weights(batch.y)
        z = objective.model.encode(batch.x, classes).rsample()
        objective.model.decode(z, classes).log_prob(batch.x)
    flops = counter.get_total_flops()
    assert flops > 0
    expected = STEP_SECONDS + flops * (1 + BACKWARD) / FLOPS_PER_SECOND
    assert eager_seconds(objective, batch) == pytest.approx(expected, rel=1e-12)
    assert not torch.nn.modules.module._global_forward_pre_hooks


def test_what_saves_twice_its_cost_is_compiled():
    enough = 2 * COMPILE_SECONDS / SAVED
    assert decide_for("auto", "cpu", "mlp", enough).compile
    assert not decide_for("auto", "cpu", "mlp", 0.99 * enough).compile
    assert not decide_for("auto", "cpu", "conv", 1e9).compile
    assert decide_for("auto", "cuda", "conv", enough).compile
    assert not decide_for("auto", "mps", "mlp", 1e9).compile
    assert decide_for("on", "cpu", "conv", 0).compile
    assert not decide_for("off", "cpu", "mlp", 1e9).compile
