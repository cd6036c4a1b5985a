"""Whether a run's step is compiled: by what it would save, never by a clock.

The same settings give the same decision, so that the same seed gives the same numbers.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

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
    """As `decide_for`, for the objective's settings on the example's device."""
    return decide_for(
        objective.config.compile,
        example.x.device.type,
        objective.model.config.network,
        eager_seconds(objective, example) * steps,
    )


def decide_for(asked: str, device: str, network: str, expected: float) -> Decision:
    """`on` and `off` as they say; `auto` compiles what is expected to save twice its cost.

    Args:
        asked: one of `COMPILE`.
        device: its type, such as `cpu`.
        network: the model's.
        expected: seconds of the whole run without compiling, by `eager_seconds`.
    """
    if asked != "auto":
        return Decision(asked == "on", f"compile is {asked!r}")
    if device not in ("cpu", "cuda"):
        return Decision(False, f"it is not known to pay on {device}")
    if device == "cpu" and network == "conv":
        return Decision(False, "convolutions are not faster for it on a CPU")
    saved = SAVED * expected - COMPILE_SECONDS
    reason = f"about {expected:,.0f} s without"
    if saved < COMPILE_SECONDS:
        return Decision(False, f"short run, {reason}")
    return Decision(True, reason)


def eager_seconds(objective: Objective, example: Batch) -> float:
    """About what one eager step costs, from the products that it has to do."""
    generator = torch.Generator(example.x.device).manual_seed(0)
    with torch.no_grad(), _Products() as counter:
        encoded = objective.model.encode(example.x, objective.class_weights(example.y))
        objective.model.decode(
            encoded.rsample(generator), objective.class_weights(example.y)
        ).log_prob(example.x)
    products: float = counter.flops * (1 + BACKWARD) * objective.config.iwae_samples
    return STEP_SECONDS + products / FLOPS_PER_SECOND


class _Products(TorchDispatchMode):
    """Counts the multiplications and additions of products, as torch's `FlopCounterMode` does.

    That one hooks into every module of the process, and the pages have threads; this sees its own.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.flops = 0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any | None = None
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        formula = flop_registry.get(func.overloadpacket)
        if formula is not None:
            self.flops += formula(*args, **(kwargs or {}), out_val=result)
        return result


def _sentence(error: BaseException) -> str:
    """The error below torch's wrappers, the first line of it."""
    while (inner := error.__cause__ or getattr(error, "inner_exception", None)) is not None:
        error = inner
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0][:300]
