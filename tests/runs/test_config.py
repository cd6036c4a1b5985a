import pytest

from vaelab.data import DataError, DataSpec
from vaelab.models import REGULARISERS
from vaelab.runs.config import FAMILIES, RunConfig, free_name
from vaelab.training import TrainConfig

DIGITS = DataSpec("digits")


@pytest.mark.parametrize("family", FAMILIES)
def test_round_trip(family):
    config = RunConfig("a", DIGITS, family, {"latent_dim": 3}, TrainConfig(epochs=2))
    assert RunConfig.from_dict(config.to_dict()) == config


def test_the_record_holds_every_model_setting():
    config = RunConfig("a", DIGITS, model={"latent_dim": 3})
    assert config.model["latent_dim"] == 3
    assert config.model["likelihood"] == "bernoulli"
    assert "image_shape" not in config.model


def test_the_shape_and_the_classes_come_from_the_data():
    config = RunConfig("a", DIGITS, "cvae").model_config((3, 16, 16), 7)
    assert (config.image_shape, config.n_classes, config.family) == ((3, 16, 16), 7, "vae")
    assert RunConfig("a", DIGITS, "vae").model_config((3, 16, 16), 7).n_classes == 0


def test_a_regulariser_brings_its_own_strength():
    config = RunConfig("a", DIGITS, "ae", {"regulariser": "sparse"})
    assert config.model["regulariser_strength"] == REGULARISERS["sparse"].default_strength


@pytest.mark.parametrize(("n_classes", "found"), [(0, "no labels"), (1, "one class only")])
def test_a_conditional_model_needs_classes(n_classes, found):
    with pytest.raises(DataError, match=found):
        RunConfig("a", DIGITS, "cvae").model_config((1, 8, 8), n_classes)


@pytest.mark.parametrize("name", ["", "../a", "a/b", ".hidden", "a b", "x" * 101])
def test_bad_names(name):
    with pytest.raises(ValueError, match="name must be"):
        RunConfig(name, DIGITS)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"family": "gan"}, "family must be one of ae, vae, cvae, got 'gan'"),
        ({"model": {"latent_dim": 0}}, "latent_dim must lie in 1..512, got 0"),
        ({"model": {"latents": 2}}, "unknown model settings: latents"),
        ({"model": {"n_classes": 2}}, "n_classes follow"),
        ({"colour": "red"}, "unknown run settings: colour"),
        ({"train": {"epoch": 2}}, "unknown training settings: epoch"),
    ],
)
def test_wrong_settings_are_named(wrong, message):
    values = {"name": "a", "data": {"source": "digits"}, **wrong}
    with pytest.raises(ValueError, match=message):
        RunConfig.from_dict(values)


def test_an_existing_checkpoint_is_not_overwritten_unasked(tmp_path):
    (tmp_path / "a").mkdir()
    with pytest.raises(ValueError, match="'a' exists"):
        RunConfig("a", DIGITS, checkpoints=str(tmp_path)).prepare_folder()
    RunConfig("a", DIGITS, checkpoints=str(tmp_path), overwrite=True).prepare_folder()
    RunConfig("b", DIGITS, checkpoints=str(tmp_path)).prepare_folder()


def test_free_name(tmp_path):
    assert free_name("my photos/été", tmp_path) == "my-photos-t"
    (tmp_path / "a").mkdir()
    (tmp_path / "a-2").mkdir()
    assert free_name("a", tmp_path) == "a-3"
    assert free_name("a", tmp_path, {"a-3", "b"}) == "a-4"
