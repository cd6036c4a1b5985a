import pytest

from vaelab.data import DataSpec
from vaelab.runs.config import RunConfig
from vaelab.runs.sweeps import MOST_RUNS, parse_choices, sweep


@pytest.fixture
def base() -> RunConfig:
    return RunConfig("base", DataSpec("digits"), model={"latent_dim": 4})


def test_a_grid_has_every_combination_and_leaves_the_rest_alone(base):
    found = sweep(base, {"beta": [0.5, 4.0], "latent_dim": [2, 8]})
    assert [(c.train.beta, c.model["latent_dim"]) for c in found] == [
        (0.5, 2),
        (0.5, 8),
        (4.0, 2),
        (4.0, 8),
    ]
    assert [c.name for c in found][:2] == ["base-b0.5-d2", "base-b0.5-d8"]
    assert {c.train.epochs for c in found} == {base.train.epochs}


def test_some_are_drawn_at_random_the_same_for_a_seed_and_without_repetition(base):
    choices = {"beta": [0.1 * i for i in range(1, 11)], "learning_rate": [1e-3, 3e-3]}
    found = sweep(base, choices, most=5, seed=1)
    assert len({(c.train.beta, c.train.learning_rate) for c in found}) == 5
    assert sweep(base, choices, most=5, seed=1) == found
    assert sweep(base, choices, most=5, seed=2) != found


def test_names_that_are_taken_are_not_taken_again(base):
    (found,) = sweep(base, {"beta": [2.0]}, taken={"base-b2"})
    assert found.name == "base-b2-2"


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"betta": [1.0]}, "unknown settings: betta"),
        ({"beta": []}, "at least one value"),
        ({}, "at least one value"),
        ({"beta": [-1.0]}, "beta must lie in"),
        ({"latent_dim": list(range(1, MOST_RUNS + 2))}, f"at most {MOST_RUNS} runs, got 65"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(base, choices, sentence):
    with pytest.raises(ValueError, match=sentence):
        sweep(base, choices)


def test_choices_are_read_from_text():
    assert parse_choices(["beta=0.5,4", "latent-dim=2,8"]) == {
        "beta": [0.5, 4],
        "latent_dim": [2, 8],
    }


@pytest.mark.parametrize("text", ["beta", "beta=", "=1", "beta=x", "beta=1,,2"])
def test_text_that_is_no_choice_is_refused(text):
    with pytest.raises(ValueError, match="of the form"):
        parse_choices([text])
