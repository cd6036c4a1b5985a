"""The update as one compiled program: loss, gradient, clipping and AdamW without a stop between.

`make_fx` writes down what the eager loss and its gradient do, operation by operation, with the
noise as arguments; AdamW is appended; `torch.compile` makes machine code of the whole. Weights
and the optimiser's state stay where the eager update keeps them, so that the two can take turns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.fx.experimental.proxy_tensor import make_fx

from vaelab.objectives import TrainingLoss
from vaelab.training.batches import Batch
from vaelab.training.noise import Draw, draw, recorded_draws, replayed
from vaelab.training.step import EagerUpdate, Objective

# What goes wrong when there is no C++ compiler, or the compiler does not know an operation: all
# of torch's own are RuntimeErrors.
COMPILE_ERRORS = (RuntimeError, OSError, ImportError, AssertionError, LookupError, AttributeError)


@dataclass(frozen=True, eq=False)
class _State:
    """Weights and AdamW's moments, one tensor a parameter, changed in place."""

    weights: list[Tensor]
    means: list[Tensor]
    squares: list[Tensor]

    def cloned(self) -> _State:
        return _State(*([t.clone() for t in part] for part in self.parts))

    @property
    def parts(self) -> tuple[list[Tensor], list[Tensor], list[Tensor]]:
        return self.weights, self.means, self.squares


class CompiledUpdate:
    """As `EagerUpdate` to rounding; batches of another size than the example's go to that one.

    Args:
        eager: the update that this one replaces, whose optimiser and generator it goes on using.
        example: a full batch.

    Raises:
        COMPILE_ERRORS: if it cannot be compiled here; nothing has been changed then.
    """

    def __init__(self, eager: EagerUpdate, example: Batch) -> None:
        self._eager = eager
        self._parameters = list(eager.objective.model.parameters())
        self._size = len(example.x)
        self._plan = draws_of(eager.objective, example)
        self._steps: list[Tensor] = []
        self._count, self._stale = 0, False
        self._state = self._bind()
        arguments = self._arguments(example, self._noise_like(example), 1e-3, 1.0)
        trial = self._state.cloned()

        def update(w: Any, m: Any, v: Any, x: Any, c: Any, noise: Any, scalars: Any) -> Any:
            return self._update(w, m, v, x, c, noise, scalars)  # make_fx counts a method's self

        graph = make_fx(update)(*trial.cloned().parts, *arguments)
        self._run = _compiled(graph, example.x.device)
        self._run(*trial.parts, *arguments)

    def __call__(self, batch: Batch, learning_rate: float, beta: float) -> TrainingLoss:
        if len(batch.x) != self._size:
            self._stale = True  # the count of steps goes on
            return self._eager(batch, learning_rate, beta)
        if self._stale or self._is_replaced():
            self._state = self._bind()
        self._count += 1
        torch._foreach_add_(self._steps, 1.0)
        noise = draw(self._plan, self._eager.noise)
        arguments = self._arguments(batch, noise, learning_rate, beta)
        loss, distortions, rates = self._run(*self._state.parts, *arguments)
        return TrainingLoss(loss, distortions, rates)

    def _arguments(
        self, batch: Batch, noise: list[Tensor], learning_rate: float, beta: float
    ) -> tuple[Tensor, Tensor | None, list[Tensor], Tensor]:
        group = self._eager.optimiser.param_groups[0]
        first, second = group["betas"]
        steps = max(1, self._count)
        scalars = (learning_rate, beta, 1 - first**steps, (1 - second**steps) ** 0.5)
        classes = self._eager.objective.class_weights(batch.y)
        return batch.x, classes, noise, torch.tensor(scalars).to(batch.x.device)

    def _noise_like(self, example: Batch) -> list[Tensor]:
        return draw(self._plan, torch.Generator(example.x.device).manual_seed(0))

    def _update(
        self,
        weights: list[Tensor],
        means: list[Tensor],
        squares: list[Tensor],
        x: Tensor,
        classes: Tensor | None,
        noise: list[Tensor],
        scalars: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor | None]:
        """One step as a function of tensors alone; the first three are changed in place."""
        learning_rate, beta, correction, root_correction = scalars.unbind()
        with torch.enable_grad():
            leaves = [w.detach().requires_grad_() for w in weights]
            loss = _functional_loss(self._eager, leaves, x, classes, noise, beta)
            gradients = list(torch.autograd.grad(loss.loss, leaves))
        with torch.no_grad():
            group = self._eager.optimiser.param_groups[0]
            scale = _clipping(gradients, self._eager.objective.config.grad_clip)
            decay = 1 - learning_rate * group["weight_decay"]
            for w, m, v, gradient in zip(weights, means, squares, gradients, strict=True):
                g = gradient if scale is None else gradient * scale
                m.lerp_(g, 1 - group["betas"][0])
                v.mul_(group["betas"][1]).addcmul_(g, g, value=1 - group["betas"][1])
                size = v.sqrt() / root_correction + group["eps"]
                w.mul_(decay).sub_(learning_rate / correction * m / size)
        rates = None if loss.rate is None else loss.rate.detach()
        return loss.loss.detach(), loss.distortion.detach(), rates

    def _is_replaced(self) -> bool:
        """Whether another state was loaded into the optimiser."""
        state = self._eager.optimiser.state[self._parameters[0]]
        return not state or state["step"] is not self._steps[0]

    def _bind(self) -> _State:
        """The tensors that are to be changed; the optimiser's are made if it has none yet."""
        states = [self._eager.optimiser.state[p] for p in self._parameters]
        for parameter, state in zip(self._parameters, states, strict=True):
            if not state:
                state["step"] = torch.zeros((), device=parameter.device)
                state["exp_avg"] = torch.zeros_like(parameter, requires_grad=False)
                state["exp_avg_sq"] = torch.zeros_like(parameter, requires_grad=False)
        self._steps = [state["step"] for state in states]
        self._count, self._stale = int(self._steps[0]), False
        return _State(
            [p.detach() for p in self._parameters],
            [state["exp_avg"] for state in states],
            [state["exp_avg_sq"] for state in states],
        )


def draws_of(objective: Objective, example: Batch) -> list[Draw]:
    """What noise a step of this batch's size draws, in order."""
    generator = torch.Generator(example.x.device).manual_seed(0)
    with recorded_draws() as plan:
        objective(example.x, objective.class_weights(example.y), generator, 1.0)
    return plan


class _Loss(nn.Module):
    """The objective as a module, so that `functional_call` can put other weights in its place."""

    def __init__(self, objective: Objective, noise: torch.Generator) -> None:
        super().__init__()
        self.model = objective.model
        self.objective, self.noise = objective, noise

    def forward(self, x: Tensor, classes: Tensor | None, beta: Tensor) -> TrainingLoss:
        return self.objective(x, classes, self.noise, beta)


def _functional_loss(
    eager: EagerUpdate,
    weights: list[Tensor],
    x: Tensor,
    classes: Tensor | None,
    noise: list[Tensor],
    beta: Tensor,
) -> TrainingLoss:
    module = _Loss(eager.objective, eager.noise)
    names = [name for name, _ in module.named_parameters()]
    with replayed(noise):
        loss: TrainingLoss = torch.func.functional_call(
            module, dict(zip(names, weights, strict=True)), (x, classes, beta)
        )
    return loss


def _clipping(gradients: list[Tensor], largest: float) -> Tensor | None:
    """What the gradients are multiplied by, as `clip_grad_norm_` does."""
    if not largest:
        return None
    norm = torch.stack([g.float().square().sum() for g in gradients]).sum().sqrt()
    return (largest / (norm + 1e-6)).clamp(max=1)


def _compiled(graph: torch.fx.GraphModule, device: torch.device) -> Callable[..., tuple]:
    """Machine code of the graph; on CUDA replayed as a CUDA graph."""
    mode = "reduce-overhead" if device.type == "cuda" else None
    run: Callable[..., tuple] = torch.compile(graph, dynamic=False, fullgraph=True, mode=mode)
    return run
