"""What the command line answers to words that it does not know."""

import json
from types import SimpleNamespace

import pytest

from vaelab.cli import INTERRUPTED, main
from vaelab.runs import RunState


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["trian"], "Did you mean train?"),
        (["train", "--family", "veae"], "Did you mean vae?"),
        (["train", "--latent-dims=3"], "--latent-dims=3. Did you mean --latent-dim?"),
        (["runs", "pasue", "3"], "Did you mean pause?"),
        (["runs", "list", "--jsn"], "Did you mean --json?"),
    ],
)
def test_a_misspelt_word_is_answered_with_the_nearest(arguments, hint, capsys):
    with pytest.raises(SystemExit):
        main(arguments)
    assert capsys.readouterr().err.endswith(f"{hint}\n")


def test_no_command_shows_what_there_is(capsys):
    assert main([]) == 2
    assert "train a model on images" in capsys.readouterr().err


@pytest.mark.parametrize("as_json", [False, True])
def test_a_run_without_a_checkpoint_names_none(as_json, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("VAELAB_HOME", str(tmp_path))
    ended = SimpleNamespace(
        id=1,
        name="a",
        state=RunState.STOPPED,
        message="Stopped before the training began.",
        checkpoint=str(tmp_path / "a"),
        seconds=1.0,
    )
    monkeypatch.setattr("vaelab.commands.train.execute", lambda *_arguments: ended)
    flags = ["--checkpoints", str(tmp_path), "--name", "a", *(["--json"] if as_json else [])]
    assert main(["train", *flags]) == INTERRUPTED
    out = capsys.readouterr().out
    if as_json:
        assert json.loads(out)["checkpoint"] is None
    else:
        assert out == f"{ended.message}\n"
