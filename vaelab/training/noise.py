"""The noise of a step, drawn before it: what a compiled step can take as arguments.

A loss draws from a generator where it needs noise. `recorded_draws` notes what it drew, `draw`
draws the same kinds and shapes in the same order, and inside `replayed` the loss is handed them.
So an eager and a compiled step of one generator see the same numbers, and the generator is in the
same state after either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

DRAWN: tuple[Callable[..., Tensor], ...] = (torch.randn, torch.rand)


@dataclass(frozen=True)
class Draw:
    """One call of `torch.randn` or `torch.rand`."""

    function: Callable[..., Tensor]
    shape: torch.Size
    dtype: torch.dtype
    device: torch.device

    def __call__(self, generator: torch.Generator) -> Tensor:
        return self.function(self.shape, generator=generator, dtype=self.dtype, device=self.device)


def draw(plan: Sequence[Draw], generator: torch.Generator) -> list[Tensor]:
    """The tensors of one step, in the order in which the step uses them."""
    return [one(generator) for one in plan]


@contextmanager
def recorded_draws() -> Iterator[list[Draw]]:
    """A list that fills with what is drawn from any generator inside."""
    plan: list[Draw] = []
    with _Recording(plan):
        yield plan


@contextmanager
def replayed(tensors: Iterable[Tensor]) -> Iterator[None]:
    """Hand out these tensors inside, one a draw.

    Raises:
        ValueError: if more or fewer are asked for.
    """
    rest = list(tensors)
    with _Replaying(rest):
        yield
    if rest:
        raise ValueError(f"tensors must be as many as are drawn, got {len(rest)} too many.")


@contextmanager
def cut_draws(rows: slice, n: int) -> Iterator[None]:
    """Whatever is drawn inside is drawn for a batch of n images, and cut to these rows of it.

    Raises:
        ValueError: if a draw has not one row an image.
    """
    with _Cutting(rows, n):
        yield


class _Recording(TorchFunctionMode):
    def __init__(self, plan: list[Draw]) -> None:
        super().__init__()
        self.plan = plan

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        if _is_draw(func, kwargs):
            self.plan.append(Draw(func, result.shape, result.dtype, result.device))
        return result


class _Replaying(TorchFunctionMode):
    def __init__(self, rest: list[Tensor]) -> None:
        super().__init__()
        self.rest = rest

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if not _is_draw(func, kwargs):
            return func(*args, **(kwargs or {}))
        if not self.rest:
            raise ValueError("tensors must be as many as are drawn, got too few.")
        return self.rest.pop(0)


class _Cutting(TorchFunctionMode):
    def __init__(self, rows: slice, n: int) -> None:
        super().__init__()
        self.rows, self.n = rows, n

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if not _is_draw(func, kwargs):
            return func(*args, **(kwargs or {}))
        (shape,) = args
        if shape[0] != self.rows.stop - self.rows.start:
            raise ValueError(f"draws must have a row an image ({self.rows}), got {tuple(shape)}.")
        return func((self.n, *shape[1:]), **kwargs)[self.rows]


def _is_draw(func: Any, kwargs: Any) -> bool:
    return func in DRAWN and (kwargs or {}).get("generator") is not None
