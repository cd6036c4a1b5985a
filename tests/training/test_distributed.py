"""Two processes that train together end as one that trains alone."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from typing import Any

import pytest
import torch
import torch.distributed as dist

from tests.training import two_processes
from tests.training.two_processes import CASES, SAVED, Case, resumed, spoilt, trainer, whole
from vaelab import settings
from vaelab.data import DataError
from vaelab.runs.faults import PeerError
from vaelab.runs.peers import Peers
from vaelab.training import loop as loop_module
from vaelab.training.noise import cut_draws
from vaelab.training.world import ALONE, World


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module", autouse=True)
def an_event_every_step() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop_module, "PROGRESS_SECONDS", 0.0)
        yield


@pytest.fixture(scope="module")
def alone() -> dict[str, dict[str, Any]]:
    """What one process makes of every case."""
    return {name: whole(case) for name, case in CASES.items()}


@pytest.fixture(scope="module")
def both(
    alone: dict[str, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> list[dict[str, dict[str, Any]]]:
    """What each of two processes ends with, of every case."""
    folder = tmp_path_factory.mktemp("both")
    torch.save(alone["vae"], folder / "alone.pt")
    shared = {
        **os.environ,
        **{"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port()), "WORLD_SIZE": "2"},
        **{"OMP_NUM_THREADS": "1", "PYTHONPATH": str(settings.PROJECT)},
    }
    command = [sys.executable, "-W", "error", two_processes.__file__, str(folder)]
    processes = [
        subprocess.Popen(
            command, env={**shared, "RANK": str(rank)}, stderr=subprocess.PIPE, text=True
        )
        for rank in range(2)
    ]
    errors = [process.communicate(timeout=240)[1] for process in processes]
    ends = [process.returncode for process in processes]
    assert ends == [0, -signal.SIGKILL], "\n".join(errors)
    return [torch.load(folder / f"{rank}.pt", weights_only=True) for rank in range(2)]


def require_same(found: dict[str, Any], expected: dict[str, Any]) -> None:
    """To the rounding of float64; what an epoch adds up is in float32."""
    assert found["weights"].keys() == expected["weights"].keys()
    for name, weights in expected["weights"].items():
        torch.testing.assert_close(found["weights"][name], weights, rtol=1e-8, atol=1e-10)
    torch.testing.assert_close(found["numbers"], expected["numbers"], rtol=1e-5, atol=1e-5)
    assert (found["place"]["epoch"], found["place"]["best_epoch"]) == (
        expected["place"]["epoch"],
        expected["place"]["best_epoch"],
    )


@pytest.mark.parametrize("case", CASES)
def test_both_end_as_one_alone(case: str, alone: Any, both: Any) -> None:
    for found in both:
        require_same(found[case], alone[case])


@pytest.mark.parametrize("moment", SAVED)
def test_what_one_saved_two_go_on_from(moment: int, alone: Any, both: Any) -> None:
    for found in both:
        assert len(found[f"resumed {moment}"]["numbers"])
        require_same_end(found[f"resumed {moment}"], alone["vae"])


@pytest.mark.parametrize("moment", SAVED)
def test_what_two_saved_one_goes_on_from(moment: int, alone: Any, both: Any) -> None:
    assert both[0]["vae"][f"now {moment}"]["place"]["step"]
    found = resumed(CASES["vae"], both[0]["vae"], moment, ALONE)
    require_same_end(found, alone["vae"])


def require_same_end(found: dict[str, Any], expected: dict[str, Any]) -> None:
    """The epochs before it was resumed are missing."""
    later = expected["numbers"][-len(found["numbers"]) :]
    require_same(found, {**expected, "numbers": later})


def test_all_roll_back_and_stop_early_at_the_same_step(both: Any) -> None:
    first, second = (found["spoilt"] for found in both)
    assert first["rolled back"] == second["rolled back"] == spoilt(ALONE)["rolled back"] == 1
    assert first["place"] == second["place"]
    assert first["place"]["epoch"] < 30
    for name, weights in first["weights"].items():
        assert torch.equal(weights, second["weights"][name])


def test_one_that_is_killed_ends_the_other_with_a_sentence(both: Any) -> None:
    assert both[0]["end"].startswith("Another process of this run has ended without a word")


def test_the_error_of_one_is_told_by_the_other() -> None:
    store = dist.HashStore()
    first, second = (Peers(World(rank, 2), 2, store) for rank in range(2))
    with pytest.raises(DataError), second.watched():
        raise DataError("There is no folder x.")
    told = r"^Process 1 of 2 on .* ended: There is no folder x\.$"
    with pytest.raises(PeerError, match=told), first.watched():
        raise RuntimeError("[gloo/pair.cc:1] Connection closed by peer [127.0.0.1]:1")
    with pytest.raises(RuntimeError, match="its own"), first.watched():
        raise RuntimeError("its own trouble")


@pytest.mark.parametrize(("n", "size"), [(16, 2), (7, 3), (1, 4)])
def test_the_parts_of_a_batch_are_all_of_it_once_and_nearly_equal(n: int, size: int) -> None:
    parts = [World(rank, size).part(n) for rank in range(size)]
    assert [i for part in parts for i in range(n)[part]] == list(range(n))
    assert max(p.stop - p.start for p in parts) - min(p.stop - p.start for p in parts) <= 1


def test_an_image_has_the_noise_that_it_has_in_the_whole_batch() -> None:
    drawn = torch.randn(7, 3, generator=torch.Generator().manual_seed(0))
    with cut_draws(slice(3, 7), 7):
        cut = torch.randn((4, 3), generator=torch.Generator().manual_seed(0))
        with pytest.raises(ValueError, match="a row an image"):
            torch.randn((7, 3), generator=torch.Generator())
    assert torch.equal(cut, drawn[3:])


def test_more_processes_than_a_batch_has_images_are_refused() -> None:
    with pytest.raises(ValueError, match=r"at least the number of processes \(17\), got 16"):
        trainer(Case(), World(0, 17))
