"""Noise drawn before a step is the noise that the step would have drawn."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from vaelab.training.noise import draw, recorded_draws, replayed


def noisy(generator: torch.Generator) -> Tensor:
    first = torch.randn(3, generator=generator)
    torch.rand(7)  # from the global generator: nobody's noise
    return first * torch.rand((2, 3), generator=generator, dtype=torch.float64)


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(5)


def test_replayed_draws_are_those_of_the_generator_and_leave_it_in_the_same_state() -> None:
    with recorded_draws() as plan:
        noisy(torch.Generator())
    assert [tuple(one.shape) for one in plan] == [(3,), (2, 3)]
    by_itself, before = seeded(), seeded()
    expected = noisy(by_itself)
    with replayed(draw(plan, before)):
        assert torch.equal(noisy(torch.Generator()), expected)
    assert torch.equal(before.get_state(), by_itself.get_state())


@pytest.mark.parametrize(("n", "message"), [(1, "got too few"), (3, "got 1 too many")])
def test_more_or_fewer_draws_than_tensors_are_an_error(n: int, message: str) -> None:
    tensors = [torch.zeros(3), torch.zeros(2, 3), torch.zeros(1)][:n]
    with pytest.raises(ValueError, match=message), replayed(tensors):
        noisy(torch.Generator())
