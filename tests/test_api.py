import re

import pytest

import vaelab
from vaelab.checkpoints import CheckpointError
from vaelab.evaluation import QUICK


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    for name in ("VAELAB_DATA", "VAELAB_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VAELAB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VAELAB_CHECKPOINTS", str(tmp_path / "checkpoints"))


def test_train_load_evaluate(capsys):
    checkpoint = vaelab.train("digits", "cvae", name="mine", latent_dim=2, width=32, epochs=1)
    assert "validation ELBO" in capsys.readouterr().out
    assert checkpoint.model_config.n_classes == 10
    assert [entry.id for entry in vaelab.list_checkpoints()] == ["mine"]
    again = vaelab.load_checkpoint("mine")
    assert again == checkpoint
    images = vaelab.load_dataset("digits").test
    report = vaelab.evaluate(vaelab.load_model(again), images, settings=QUICK)
    assert checkpoint.report is not None
    assert report["elbo"].value == pytest.approx(checkpoint.report["elbo"].value, abs=1e-3)
    assert len(vaelab.load_latents("mine")) > len(images)
    assert vaelab.evaluate("mine", images, settings=QUICK).figures == report.figures
    own = vaelab.evaluate(again, settings=QUICK, split="validation")
    assert own["elbo"].n_images == 162
    assert re.search(r"elbo  -\d+\.\d+ ± \d\.\d+ nats per image", str(report))


def test_a_free_name_is_found_and_progress_can_be_quiet(capsys):
    settings = {"latent_dim": 2, "width": 16, "epochs": 1, "progress": False}
    assert [vaelab.train("digits", **settings).id for _ in range(2)] == [
        "digits-vae",
        "digits-vae-2",
    ]
    assert capsys.readouterr().out == ""


def test_unknown_settings_are_named():
    with pytest.raises(ValueError, match="unknown settings: latents; there are activation"):
        vaelab.train("digits", latents=2)
    with pytest.raises(ValueError, match=r"Did you mean latent_dim\?"):
        vaelab.train("digits", latent_dims=2)


@pytest.mark.parametrize(
    ("family", "settings", "message"),
    [
        ("ae", {"beta": 2.0}, "beta belongs to a VAE: an autoencoder has no rate"),
        ("ae", {"regulariser_strength": 3.0}, "needs a regulariser of an ae: denoise_gaussian"),
        ("vae", {"min_std": 0.1}, "min_std belongs to a Gaussian likelihood, got 'bernoulli'"),
    ],
)
def test_settings_that_would_be_ignored_are_refused(family, settings, message):
    with pytest.raises(ValueError, match=message):
        vaelab.train("digits", family, **settings)
    assert vaelab.list_checkpoints() == []


def test_a_checkpoint_that_is_not_there_is_named_with_its_neighbour(tmp_path):
    (tmp_path / "checkpoints" / "digits-vae-2d").mkdir(parents=True)
    with pytest.raises(CheckpointError, match=r"no checkpoint 'digits-vae2d'.*mean digits-vae-2d"):
        vaelab.load_model("digits-vae2d")


def test_what_evaluate_would_not_use_is_refused():
    images = vaelab.load_dataset("digits").test
    model = vaelab.build_model(vaelab.ModelConfig(width=8))
    for wrong in ({"split": "validation"}, {"data_dir": "."}):
        with pytest.raises(ValueError, match="split and data_dir choose a checkpoint's own images"):
            vaelab.evaluate(model, images, **wrong)


def test_images_are_asked_for_in_words():
    model = vaelab.build_model(vaelab.ModelConfig(width=8))
    splits = vaelab.load_dataset("digits")
    with pytest.raises(ValueError, match="got DatasetSplits; give its train, validation or test"):
        vaelab.evaluate(model, splits)
    assert repr(splits.test) == ("ImageDataset('digits', test, images (180, 1, 8, 8), 10 classes)")
    assert repr(splits.test) in repr(splits)


def test_every_public_name_exists():
    assert set(vaelab.__all__) <= set(dir(vaelab))
    for name in vaelab.__all__:
        assert getattr(vaelab, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = vaelab.nothing
