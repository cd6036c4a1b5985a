from dataclasses import replace

import numpy as np
import pytest

from vaelab.data import DataSpec
from vaelab.runs import Metric, RunState
from vaelab.runs.config import RunConfig
from vaelab.runs.diagnosis import diagnose, remedied
from vaelab.training import TrainConfig

FLAT = np.linspace(-10, -9.99, 12)
ACTIVE = np.full(4, 0.5, np.float32)


@pytest.fixture
def run(store):
    def make(state=RunState.DONE, message="", **training):
        names = [f"run-{len(store.list_runs())}"]
        config = RunConfig(names[0], DataSpec("digits"), train=TrainConfig(epochs=12, **training))
        return replace(store.get(store.enqueue(config)), state=state, message=message)

    return make


def elbos(values) -> list[Metric]:
    return [Metric(i, "validation", "elbo", float(v)) for i, v in enumerate(values, 1)]


def test_a_good_run_has_no_finding(run):
    assert diagnose(run(), elbos(FLAT), ACTIVE) == []
    assert diagnose(run(), [], None) == []


def test_inactive_dimensions_are_counted_with_two_ways_out(run):
    rates = np.array([0.5] * 7 + [0.001] * 9, np.float32)
    seen = run(beta=4.0)
    (finding,) = diagnose(seen, elbos(FLAT), rates)
    assert finding.sentence == (
        "9 of 16 dimensions carry less than 0.01 nats: lower beta or use free bits."
    )
    lower, free = finding.remedies
    assert remedied(seen, lower).train.beta == 2.0
    config = remedied(seen, free, ["run-0"])
    assert (config.train.free_bits, config.train.beta, config.name) == (0.1, 4.0, "run-0-2")


def test_a_collapsed_posterior_and_a_single_dimension_have_their_own_words(run):
    (finding,) = diagnose(run(), [], np.zeros(4, np.float32))
    assert "collapsed onto the prior" in finding.sentence
    (finding,) = diagnose(run(), [], np.array([0.0, 1.0], np.float32))
    assert finding.sentence.startswith("1 of 2 dimensions carries less")


def test_importance_weighted_runs_are_not_sent_where_they_may_not_go(run):
    (finding,) = diagnose(run(iwae_samples=5), [], np.array([0.0, 1.0], np.float32))
    assert finding.remedies == ()
    assert "fewer dimensions" in finding.sentence


def test_a_run_that_learns_by_heart_is_sent_to_early_stopping_once(run):
    falling = [-12, -11, -10, -10.5, -11, -11.5, -12, -12.5, -13, -13.5, -14, -14.5]
    (finding,) = diagnose(run(), elbos(falling), ACTIVE)
    assert finding.sentence.startswith("The validation ELBO was best in epoch 3 and has lost 4.50")
    assert dict(finding.remedies[0].train) == {"patience": 10}
    (finding,) = diagnose(run(patience=20), elbos(falling), ACTIVE)
    assert finding.remedies == ()


def test_a_run_that_still_rises_is_sent_to_more_epochs_only_at_its_end(run):
    rising = np.linspace(-30, -10, 12)
    (finding,) = diagnose(run(), elbos(rising), ACTIVE)
    assert "still rose by 1.82 nats in the last epoch" in finding.sentence
    assert dict(finding.remedies[0].train) == {"epochs": 24}
    assert diagnose(run(RunState.STOPPED), elbos(rising[:6]), ACTIVE) == []


def test_a_loss_that_exploded_is_sent_to_a_lower_rate(run):
    message = "The loss became NaN or infinite in epoch 2, step 7, also with half of it."
    (finding,) = diagnose(run(RunState.FAILED, message, learning_rate=0.1), [], None)
    assert finding.remedies[0].title == "Train with learning rate 0.025"
