"""The compiled step does what the eager one does, and takes turns with it."""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import numpy as np
import pytest
import torch

from vaelab.data import ImageDataset
from vaelab.models import ModelConfig, build_model
from vaelab.training import EpochEnd, TrainConfig, compiled, fit
from vaelab.training.compiled import CompiledUpdate
from vaelab.training.compiling import decide
from vaelab.training.loop import Trainer

# the compiler's own modules
pytestmark = pytest.mark.filterwarnings("ignore:.torch.jit:DeprecationWarning")


def pictures(n: int, split: str = "train", seed: int = 0) -> ImageDataset:
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (n, 1, 8, 8), dtype=np.uint8)
    return ImageDataset("noise", images, rng.integers(0, 3, n), ("a", "b", "c"), split)


def trainer(model: dict[str, Any] | None = None, **settings: Any) -> Trainer:
    config = TrainConfig(
        **{"batch_size": 16, "precision": "float32", "compile": "off", "epochs": 2, **settings}
    )
    given = {"latent_dim": 3, "width": 16, **(model or {})}
    torch.manual_seed(0)
    return Trainer(build_model(ModelConfig(**given)), pictures(40), pictures(9, seed=1), config)


@pytest.fixture
def traced(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program that would be compiled, run as it was written down: no compiler needed."""
    monkeypatch.setattr(compiled, "_compiled", lambda graph, device: graph)


CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "vae": ({}, {}),
    "conv": ({"network": "conv", "image_shape": (1, 8, 8)}, {}),
    "cvae": ({"n_classes": 3, "prior": "class_gaussian"}, {"beta": 2.0}),
    "shared scale": ({"likelihood": "gaussian_shared"}, {"grad_clip": 0.0}),
    "clipped": ({"likelihood": "continuous_bernoulli"}, {"grad_clip": 0.5}),
    "free bits": ({}, {"free_bits": 0.3, "kl_warmup_epochs": 1.0}),
    "iwae": ({}, {"iwae_samples": 3}),
    "contractive": (
        {"family": "autoencoder", "regulariser": "contractive", "regulariser_strength": 0.1},
        {"weight_decay": 0.1},
    ),
    "masked": (
        {"family": "autoencoder", "regulariser": "denoise_masking", "regulariser_strength": 0.3},
        {},
    ),
}


def steps(run: Trainer) -> list[float]:
    """The losses of two epochs of three batches, the last of each ragged (16, 16, 8)."""
    losses = []
    for number in range(6):
        batch = [*run.train.in_order(16)][number % 3]
        losses.append(run.step(batch, number).loss.item())
    return losses


@pytest.mark.parametrize("case", CASES)
@pytest.mark.usefixtures("traced")
def test_it_is_the_eager_step_to_rounding(case: str) -> None:
    model, settings = CASES[case]
    eager, other = trainer(model, **settings), trainer(model, **settings)
    other.update = CompiledUpdate(other.eager, next(other.train.in_order(16)))
    untouched = zip(eager.model.parameters(), other.model.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in untouched), "building it took a step"
    assert steps(other) == pytest.approx(steps(eager), rel=1e-5)
    for (name, a), b in zip(eager.model.named_parameters(), other.model.parameters(), strict=True):
        torch.testing.assert_close(b, a, rtol=1e-4, atol=1e-5, msg=lambda m, n=name: f"{n}: {m}")
        for key in ("step", "exp_avg", "exp_avg_sq"):
            torch.testing.assert_close(
                other.optimiser.state[b][key], eager.optimiser.state[a][key], rtol=1e-3, atol=1e-6
            )
    assert torch.equal(eager.noise.get_state(), other.noise.get_state())


@pytest.mark.usefixtures("traced")
def test_a_state_that_is_loaded_is_gone_on_from_bit_for_bit() -> None:
    run = trainer()
    run.update = CompiledUpdate(run.eager, next(run.train.in_order(16)))
    steps(run)
    saved = copy.deepcopy(
        (run.model.state_dict(), run.optimiser.state_dict(), run.noise.get_state())
    )
    expected = steps(run)
    again = trainer()
    again.update = CompiledUpdate(again.eager, next(again.train.in_order(16)))
    steps(again)
    again.model.load_state_dict(saved[0])
    again.optimiser.load_state_dict(saved[1])
    again.noise.set_state(saved[2])
    assert steps(again) == expected
    pairs = zip(run.model.parameters(), again.model.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)


def epochs(compile: str) -> list[EpochEnd]:
    torch.manual_seed(0)
    model = build_model(ModelConfig(latent_dim=3, width=16, depth=1))
    config = TrainConfig(epochs=2, batch_size=16, precision="float32", compile=compile)
    events = fit(model, pictures(40), pictures(9, "validation", 1), config)
    return [event for event in events if isinstance(event, EpochEnd)]


def test_compiled_training_repeats_itself_and_agrees_with_eager(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "vaelab.training")
    first, again, eager = epochs("on"), epochs("on"), epochs("off")
    assert "step compiled in" in caplog.text
    assert [e.train for e in first] == [e.train for e in again]
    assert [e.validation for e in first] == [e.validation for e in again]
    for a, b in zip(first, eager, strict=True):
        assert a.train.loss == pytest.approx(b.train.loss, rel=1e-4)
        assert a.validation.loss == pytest.approx(b.validation.loss, rel=1e-4)


def no_compiler(monkeypatch: pytest.MonkeyPatch, until_the_end: ExitStack) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CXX", raising=False)
    torch._dynamo.reset()
    from torch._inductor import config, cpp_builder, cpu_vec_isa

    # not by `monkeypatch`, which deletes the setting in the end: nothing could be compiled then
    until_the_end.enter_context(config.patch({"cpp.cxx": (None, "no-such-compiler")}))
    for cached in (cpp_builder.get_cpp_compiler, cpu_vec_isa.valid_vec_isa_list):
        forget = getattr(cached, "cache_clear", lambda: None)
        forget()
        until_the_end.callback(forget)


def refuses(monkeypatch: pytest.MonkeyPatch, until_the_end: ExitStack) -> None:
    def fail(graph: object, device: object) -> None:
        raise RuntimeError("the compiler does not know aten::x\nsecond line")

    monkeypatch.setattr(compiled, "_compiled", fail)


@pytest.mark.parametrize("obstacle", [no_compiler, refuses])
def test_without_a_compiler_the_run_goes_on_eagerly_and_says_so(
    obstacle: Callable[[pytest.MonkeyPatch, ExitStack], None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Any,
) -> None:
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path))
    caplog.set_level(logging.INFO, "vaelab.training")
    with ExitStack() as until_the_end:
        obstacle(monkeypatch, until_the_end)
        fallen_back, eager = epochs("on"), epochs("off")
    assert [e.train for e in fallen_back] == [e.train for e in eager]
    assert "step not compiled, the run goes on without: " in caplog.text
    assert "compiler" in caplog.text
    assert "second line" not in caplog.text


def test_long_runs_are_compiled_and_short_ones_are_not() -> None:
    run = trainer({"width": 512}, compile="auto")
    batch = next(run.train.in_order(16))
    assert not decide(run.eager.objective, batch, 1000).compile
    long = decide(run.eager.objective, batch, 1_000_000)
    assert long.compile
    assert "s without" in long.reason
    conv = trainer(CASES["conv"][0], compile="auto")
    assert not decide(conv.eager.objective, batch, 1_000_000).compile
    for asked in ("on", "off"):
        said = decide(trainer(compile=asked).eager.objective, batch, 1)
        assert said.compile == (asked == "on")
