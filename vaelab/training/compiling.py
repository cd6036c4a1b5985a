"""Whether a run's step is compiled: by what it would save, never by a clock.

The same settings give the same decision, so that the same seed gives the same numbers.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

import torch
from torch.utils.flop_counter import FlopCounterMode

from vaelab.training.batches import Batch
from vaelab.training.compiled import COMPILE_ERRORS, CompiledUpdate
from vaelab.training.step import EagerUpdate, Objective, Update

log = logging.getLogger(__name__)

# A rough model of an eager step on a CPU, from two cores of 2024 with AMX; what matters is its
# order of magnitude, and that it is the same every time.
STEP_SECONDS = 1.5e-3  # of what a step costs however small its batch is
FLOPS_PER_SECOND = 1e11
SAVED = 0.4  # of an eager step, by compiling it
COMPILE_SECONDS = 15.0  # the first time; from the compiler's cache it takes a third
BACKWARD = 2.0  # the gradient's products, as a multiple of the forward pass's


@dataclass(frozen=True)
class Decision:
    """Whether to compile, and why in a few words."""

    compile: bool
    reason: str


def choose_update(eager: EagerUpdate, example: Batch, steps: int) -> Update:
    """The update for a run of `steps` steps, compiled where that pays; says so in the log.

    Args:
        eager: the update as it is written.
        example: a full batch.
        steps: of the whole run, also when it goes on after a pause.
    """
    decision = decide(eager.objective, example, steps)
    if not decision.compile:
        log.info("step not compiled: %s", decision.reason)
        return eager
    log.info("compiling the step: %s", decision.reason)
    began = time.monotonic()
    try:
        compiled = CompiledUpdate(eager, example)
    except COMPILE_ERRORS as error:
        log.warning("step not compiled, the run goes on without: %s", _sentence(error))
        return eager
    log.info("step compiled in %.0f s", time.monotonic() - began)
    return compiled


def decide(objective: Objective, example: Batch, steps: int) -> Decision:
    """`on` and `off` as they say; `auto` compiles what is expected to save twice its cost."""
    asked, device = objective.config.compile, example.x.device.type
    if asked != "auto":
        return Decision(asked == "on", f"compile is {asked!r}")
    if device not in ("cpu", "cuda"):
        return Decision(False, f"it is not known to pay on {device}")
    if device == "cpu" and objective.model.config.network == "conv":
        return Decision(False, "convolutions are not faster for it on a CPU")
    expected = eager_seconds(objective, example) * steps
    saved = SAVED * expected - COMPILE_SECONDS
    reason = f"about {expected:,.0f} s without"
    if saved < COMPILE_SECONDS:
        return Decision(False, f"short run, {reason}")
    return Decision(True, reason)


def eager_seconds(objective: Objective, example: Batch) -> float:
    """About what one eager step costs, from the products that it has to do."""
    generator = torch.Generator(example.x.device).manual_seed(0)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        encoded = objective.model.encode(example.x, objective.class_weights(example.y))
        objective.model.decode(
            encoded.rsample(generator), objective.class_weights(example.y)
        ).log_prob(example.x)
    products: float = counter.get_total_flops() * (1 + BACKWARD) * objective.config.iwae_samples
    return STEP_SECONDS + products / FLOPS_PER_SECOND


def _sentence(error: BaseException) -> str:
    """The error below torch's wrappers, the first line of it."""
    while (inner := error.__cause__ or getattr(error, "inner_exception", None)) is not None:
        error = inner
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0][:300]
