"""What a link opens: by name, by weights, and what is said where it is not what was shared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from vaelab.checkpoints import DamagedCheckpoint, read_checkpoint
from vaelab.settings import PROJECT
from vaelab.web.linked import DIGITS, link_of, linked_choice

OLD, NEW = "a1" * 32, "b2" * 32


@pytest.fixture(scope="module")
def first():
    return read_checkpoint(PROJECT / "checkpoints" / "digits-cvae")


@pytest.fixture(scope="module")
def mine(first):
    return replace(first, id="mine", weights_sha256=NEW)


def test_a_link_opens_what_it_was_made_of(first, mine):
    for checkpoint in (first, mine):
        link = link_of(checkpoint)
        assert link["weights"] == checkpoint.weights_sha256[:DIGITS]
        choice = linked_choice([first, mine], link["model"], link["weights"])
        assert (choice.checkpoint, choice.message) == (checkpoint, "")


def test_without_weights_the_name_decides_and_without_a_name_the_order(first, mine):
    assert linked_choice([first, mine], "mine").checkpoint is mine
    assert linked_choice([mine, first], None).checkpoint is mine
    assert linked_choice([], None).checkpoint is None


def test_weights_that_moved_to_another_name_are_found(first, mine):
    kept = replace(mine, id="kept", weights_sha256=OLD)
    choice = linked_choice([first, mine, kept], "mine", OLD[:DIGITS])
    assert choice.checkpoint is kept
    assert "mine has other weights now; showing kept" in choice.message
    choice = linked_choice([first, kept], "mine", OLD[:DIGITS])
    assert choice.checkpoint is kept
    assert "cannot be opened here; showing kept" in choice.message
    damaged = DamagedCheckpoint("mine", Path("mine"), "mine is damaged.")
    assert linked_choice([first, damaged, kept], "mine", OLD[:DIGITS]).checkpoint is kept


def test_a_model_that_was_trained_again_is_shown_with_a_warning_but_not_to_who_watched(first, mine):
    choice = linked_choice([first, mine], "mine", OLD[:DIGITS])
    assert choice.checkpoint is mine
    assert "trained again since this link was made" in choice.message
    seen = [("mine", OLD[:DIGITS])]
    assert linked_choice([first, mine], "mine", OLD[:DIGITS], seen).message == ""


def test_what_is_nowhere_is_said_as_without_weights(first):
    choice = linked_choice([first], "gone", OLD[:DIGITS])
    assert choice.checkpoint is first
    assert choice.message == "There is no checkpoint named “gone”. Showing digits-cvae instead."


@pytest.mark.parametrize(
    "hostile",
    ["", "a", "z" * 12, OLD.upper(), "0" * 65, "../../x", "<b>" * 9_000, "a1a1a1a1a1a1\n"],
)
def test_hostile_weights_are_ignored_in_a_sentence(first, mine, hostile):
    choice = linked_choice([first, mine], "mine", hostile)
    assert choice.checkpoint is mine
    assert choice.message.endswith("are no SHA-256 and were ignored.")
    assert len(choice.message) < 200
