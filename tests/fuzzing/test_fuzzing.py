"""The fuzzer itself on every parser, with a few inputs; `python -m benchmarks.fuzz` has more."""

import tempfile
import warnings

import pytest

from tests.fuzzing.campaign import attack
from tests.fuzzing.parsers import PARSERS
from tests.homes import settle_home
from vaelab.web.background import stop_all

INPUTS = 120


@pytest.mark.parametrize("name", PARSERS)
def test_every_input_ends_as_a_value_or_a_refusal(name, tmp_path, monkeypatch):
    settle_home(monkeypatch, tmp_path)
    for folder in ("home", "checkpoints", "tmp", "input"):
        (tmp_path / folder).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as in the app: a decoder's warning is no error
        tally = attack(name, PARSERS[name](tmp_path), INPUTS, seed=7)
    stop_all()
    assert not tally.defects, "\n".join(tally.defects)
    assert tally.inputs == tally.refused + tally.accepted == INPUTS
    assert tally.accepted, "nothing was sound enough to be read"
