import pytest

import vaelab
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
    assert len(vaelab.load_latents(again)) > len(images)


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


def test_every_public_name_exists():
    assert set(vaelab.__all__) <= set(dir(vaelab))
    for name in vaelab.__all__:
        assert getattr(vaelab, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = vaelab.nothing
