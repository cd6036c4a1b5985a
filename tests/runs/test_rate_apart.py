import threading

import pytest

from tests.runs.child_processes import children_that_run
from vaelab.data import DataSpec
from vaelab.runs.apart import StoppedApartError
from vaelab.runs.config import RunConfig
from vaelab.runs.measured_rate import measured_rate
from vaelab.runs.rate_apart import rate_apart
from vaelab.training import TrainConfig


def config(source: str = "digits") -> RunConfig:
    train = TrainConfig(batch_size=64, threads=1)
    return RunConfig("a", DataSpec(source), "vae", {"latent_dim": 2, "width": 16}, train)


def workers():
    return children_that_run("vaelab.runs.rate_worker")


def test_another_process_finds_what_this_one_does():
    heard = []
    found = rate_apart(config(), lambda *said: heard.append(said), threading.Event())
    here = measured_rate(config(), lambda _fraction, _message: None)
    assert found.rates == here.rates
    assert found.losses == pytest.approx(here.losses, rel=1e-3)  # threads may add in another order
    assert found.suggestion == here.suggestion
    assert heard == sorted(heard, key=lambda said: said[0])
    assert not workers()


def test_its_sentence_comes_back_and_a_stop_ends_it():
    with pytest.raises(ValueError, match="/not/there"):
        rate_apart(config("/not/there"), lambda *_: None, threading.Event())
    stop = threading.Event()
    with pytest.raises(StoppedApartError):
        rate_apart(config(), lambda *_: stop.set(), stop)
    assert not workers()
