"""What the command line answers to words that it does not know."""

import pytest

from vaelab.cli import main


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["trian"], "Did you mean train?"),
        (["train", "--family", "veae"], "Did you mean vae?"),
        (["train", "--latent-dims=3"], "--latent-dims=3. Did you mean --latent-dim?"),
        (["runs", "pasue", "3"], "Did you mean pause?"),
    ],
)
def test_a_misspelt_word_is_answered_with_the_nearest(arguments, hint, capsys):
    with pytest.raises(SystemExit):
        main(arguments)
    assert capsys.readouterr().err.endswith(f"{hint}\n")


def test_no_command_shows_what_there_is(capsys):
    assert main([]) == 2
    assert "train a model on images" in capsys.readouterr().err
