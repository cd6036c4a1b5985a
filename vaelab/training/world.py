"""The processes that train one model together: who has which images, and what all agree on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import Tensor


@dataclass(frozen=True)
class World:
    """Processes 0 to `size` - 1, which call the same methods in the same order.

    A process that is alone gets back what it brings; more need torch's default process group.
    """

    rank: int = 0
    size: int = 1

    @property
    def is_alone(self) -> bool:
        return self.size == 1

    @property
    def is_first(self) -> bool:
        """Whether this is the process that prints and writes."""
        return self.rank == 0

    def part(self, n: int) -> slice:
        """Which of a batch of n images are this process's; parts differ by one at most."""
        return slice(n * self.rank // self.size, n * (self.rank + 1) // self.size)

    def total(self, values: Tensor) -> Tensor:
        """The sum of all processes' values, without a gradient."""
        if self.is_alone:
            return values
        total = values.detach().clone()
        dist.all_reduce(total)
        return total

    def mean(self, values: Tensor, n: int) -> Tensor:
        """The mean over the n images of a batch: `values` (b, ...) of this part to (...).

        Its value is that of the whole batch. Its gradient is this part's alone: those of all
        processes add up to the gradient of the whole, also where a function bends the mean.
        """
        if self.is_alone:
            return values.mean(0)
        part = values.sum(0) / n
        return part + (self.total(part) - part.detach())

    def any(self, flag: bool) -> bool:
        """Whether one of them says so."""
        return flag if self.is_alone else bool(self.total(torch.tensor(int(flag))))

    def decided(self, flag: bool) -> bool:
        """What the first of them says."""
        if self.is_alone:
            return flag
        decision = torch.tensor(int(flag))
        dist.broadcast(decision, 0)
        return bool(decision)

    def text(self, text: str = "") -> str:
        """The text of the first of them; the others' is not looked at."""
        if self.is_alone:
            return text
        content = torch.tensor(list(text.encode()), dtype=torch.uint8)
        size = torch.tensor(len(content))
        dist.broadcast(size, 0)
        if not self.is_first:
            content = torch.empty(int(size), dtype=torch.uint8)
        if len(content):
            dist.broadcast(content, 0)
        return bytes(content.tolist()).decode()

    def tensors(self, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """The named tensors of the first of them, on the CPU."""
        if self.is_alone:
            return dict(tensors)
        described = {name: (str(t.dtype)[6:], list(t.shape)) for name, t in tensors.items()}
        handed: dict[str, Tensor] = {}
        for name, (dtype, shape) in json.loads(self.text(json.dumps(described))).items():
            handed[name] = torch.empty(shape, dtype=getattr(torch, dtype))
            if self.is_first:
                handed[name].copy_(tensors[name])
            if handed[name].numel():
                dist.broadcast(handed[name].reshape(-1).view(torch.uint8), 0)
        return handed


ALONE = World()
