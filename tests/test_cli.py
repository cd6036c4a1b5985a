import json
import os
import shutil
import signal
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from tests.stable_keys import AREAS, MEANS, MEANS_OF_CLASSES, stable_keys
from vaelab import settings
from vaelab.checkpoints import read_checkpoint
from vaelab.cli import COMMANDS, main
from vaelab.commands.settings_options import DATA, MODEL, TRAINING
from vaelab.data import DataSpec
from vaelab.runs import RunState, RunStore
from vaelab.runs.config import MODEL_SETTINGS, RunConfig
from vaelab.training import TrainConfig

SMALL = ["--latent-dim", "2", "--width", "32"]


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    for name in ("VAELAB_DATA", "VAELAB_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VAELAB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VAELAB_CHECKPOINTS", str(tmp_path / "checkpoints"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    return tmp_path


FEW = [
    *("--n-importance-samples", "4", "--n-log-px", "20", "--n-ais", "0"),
    *("--n-typicality", "10", "--n-typicality-samples", "2", "--classifier-steps", "3"),
    *("--n-samples", "100", "--n-per-class", "5"),
]


def test_train_then_evaluate(tmp_path, capsys):
    where = ["--checkpoints", str(tmp_path / "mine"), "--data", str(tmp_path)]
    what = ["--dataset", "digits", "--family", "vae", "--epochs", "2", "--name", "first"]
    status = main(["train", *what, *where, *SMALL])
    out = capsys.readouterr().out.splitlines()
    assert status == 0
    epochs = [line for line in out if line.startswith("epoch")]
    assert [line.split()[1] for line in epochs] == ["1/2", "2/2"]
    assert all("images/s  validation ELBO -" in line for line in epochs)
    assert out[-1] == str(tmp_path / "mine" / "first")

    store = RunStore()
    (run,) = store.list_runs()
    store.close()
    assert (run.state, run.background) == (RunState.DONE, False)

    assert main(["evaluate", str(tmp_path / "mine" / "first"), "--json", *FEW]) == 0
    found = json.loads(capsys.readouterr().out)
    stored = read_checkpoint(tmp_path / "mine" / "first").report
    assert stored is not None
    assert set(found) == stable_keys(conditional=False)
    assert found["n_images"] == 180
    assert found["split"] == "test"
    for key in ("elbo", "distortion", "rate"):
        assert found[key] == pytest.approx(stored[key].value, abs=1e-3)
        assert found[f"{key}_standard_error"] == pytest.approx(stored[key].standard_error, abs=1e-3)
    assert found["elbo"] == pytest.approx(-(found["distortion"] + found["rate"]))

    assert main(["evaluate", str(tmp_path / "mine" / "first"), "--split", "validation", *FEW]) == 0
    text = capsys.readouterr().out
    assert "\nlikelihoods: grey Bernoulli, not a density\n" in text
    assert "\nELBO  " in text
    assert "162 validation" in text


def test_every_section_is_printed_kept_and_compared(tmp_path, capsys):
    """The keys that programs rely on."""
    what = ["--dataset", "digits", "--family", "cvae", "--epochs", "1", "--name", "told"]
    assert main(["train", *what, *SMALL]) == 0
    capsys.readouterr()
    assert main(["evaluate", "told", "--json", "--save", *FEW]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == stable_keys(conditional=True)
    assert all(isinstance(found[key], float) for key in (*MEANS, *MEANS_OF_CLASSES, *AREAS))
    report = read_checkpoint(tmp_path / "checkpoints" / "told").report
    assert report.to_dict()["figures"] == found["report"]["figures"]
    assert report.table("classifier_confusion").rows == tuple("0123456789")

    assert main(["evaluate", "told", "--json", *FEW]) == 0
    again = json.loads(capsys.readouterr().out)
    assert again["report"]["sections"] == found["report"]["sections"]  # nothing was done again

    page = tmp_path / "report.html"
    assert main(["compare", "told", "--format", "html", "--out", str(page)]) == 0
    assert "Marginal KL" in page.read_text()
    assert main(["compare", "told"]) == 0
    assert "| ELBO |" in capsys.readouterr().out
    assert main(["compare", "told", "told"]) == 2
    assert "was given twice" in capsys.readouterr().err


def test_train_prints_json_for_programs(tmp_path, capsys):
    array = tmp_path / "mine.npz"
    rng = np.random.default_rng(0)
    np.savez(array, x=rng.integers(0, 256, (60, 8, 8), dtype=np.uint8))
    assert main(["train", "--dataset", str(array), "--epochs", "1", "--json", *SMALL]) == 0
    captured = capsys.readouterr()
    found = json.loads(captured.out)
    assert (found["state"], found["name"]) == ("done", "mine-vae")
    assert [epoch["epoch"] for epoch in found["epochs"]] == [1]
    assert "elbo" in found["epochs"][0]["validation"]
    assert "images/s" in captured.err
    assert read_checkpoint(found["checkpoint"]).data_spec.source == str(array)


def test_a_background_run_is_queued_with_every_setting(tmp_path, capsys):
    flags = ["--background", "--name", "later", "--beta", "0.5", "--data", str(tmp_path / "data")]
    assert main(["train", *flags, "--split-seed", "3", *SMALL]) == 0
    assert "runs serve" in capsys.readouterr().out
    store = RunStore()
    (run,) = store.list_runs()
    store.close()
    config = RunConfig.from_dict(run.config)
    assert run.state is RunState.QUEUED
    assert (config.name, config.data.seed, config.train.beta) == ("later", 3, 0.5)
    assert (config.model["latent_dim"], config.data_dir) == (2, str(tmp_path / "data"))


def test_queued_runs_without_a_name_get_different_ones(capsys):
    for _ in range(2):
        assert main(["train", "--background"]) == 0
    store = RunStore()
    assert [run.name for run in store.list_runs()] == ["digits-vae-2", "digits-vae"]
    store.close()


def test_ctrl_c_stops_and_keeps_the_weights(tmp_path):
    command = [sys.executable, "-m", "vaelab", "train", "--epochs", "100000", "--name", "long"]
    process = subprocess.Popen(
        [*command, *SMALL], cwd=settings.PROJECT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    while not process.stdout.readline().startswith("epoch"):
        assert process.poll() is None
    os.kill(process.pid, signal.SIGINT)
    rest = process.communicate()[0]
    assert process.returncode == 130
    assert "the checkpoint holds the weights of that moment" in rest
    assert read_checkpoint(tmp_path / "checkpoints" / "long").epoch >= 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["train", "--latent-dim", "0"], "latent_dim must lie in 1..512, got 0."),
        (["train", "--name", "../x"], "a checkpoint's name must be"),
        (["train", "--dataset", "nothing"], "There is no data set 'nothing'"),
        (["train", "--iwae-samples", "5", "--beta", "2"], "iwae_samples must be 1"),
        (["train", "--dataset", "digitss"], "Did you mean digits?"),
        (["train", "--random", "3"], "--random draws from a grid"),
        (["train", "--sweep", "betta=1,2"], "Did you mean beta?"),
        (["train", "--family", "ae", "--beta", "2"], "beta belongs to a VAE"),
        (["train", "--family", "ae", "--sweep", "beta=1,3"], "beta belongs to a VAE"),
        (["train", "--checkpoints", "/proc/x"], "/proc/x cannot be used: No such file"),
        (["evaluate", "/nowhere"], "There is no checkpoint '/nowhere', neither as a folder nor"),
        (["evaluate", "x", "--save", "--split", "validation"], "--save keeps the report"),
        (["data", "/nowhere"], "There is no file or folder /nowhere."),
        (["runs", "show", "7"], "There is no run 7."),
        (["runs", "serve", "--slots", "0"], "slots must be at least 1"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(arguments, sentence, capsys):
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("vaelab: ")
    assert sentence in captured.err
    assert captured.err.count("\n") == 1


@pytest.mark.parametrize("arguments", [["dance"], ["train", "--family", "gan"], ["runs"]])
def test_a_wrong_command_shows_the_usage(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "usage: python -m vaelab" in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_examples(command, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])
    assert stopped.value.code == 0
    assert "examples:" in capsys.readouterr().out


def test_every_setting_is_a_flag():
    assert set(MODEL) == MODEL_SETTINGS
    assert set(TRAINING) == set(TrainConfig.__dataclass_fields__)
    assert set(DATA) | {"source", "seed"} == set(DataSpec.__dataclass_fields__)


def test_data_says_what_is_there(tmp_path, capsys):
    assert main(["data", "digits", "--preview", str(tmp_path / "p.png")]) == 0
    assert "1,455 training, 162 validation, 180 test images" in capsys.readouterr().out
    with Image.open(tmp_path / "p.png") as picture:
        assert picture.format == "PNG"
    assert main(["data", "digits", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["train"], found["image_shape"]) == (1455, [1, 8, 8])
    assert sum(found["classes"].values()) == 1455


def test_data_names_the_files_that_were_skipped(tmp_path, capsys):
    folder = tmp_path / "photos"
    folder.mkdir()
    for i in range(12):
        Image.new("L", (16, 16), 20 * i).save(folder / f"{i}.png")
    (folder / "broken.png").write_text("no picture")
    assert main(["data", str(folder)]) == 0
    out = capsys.readouterr().out
    assert "1 skipped:" in out
    assert "broken.png" in out


def test_runs_are_listed_shown_stopped_and_deleted(capsys):
    assert main(["runs", "list"]) == 0
    assert "No runs yet" in capsys.readouterr().out
    main(["train", "--background", "--name", "a"])
    capsys.readouterr()

    def out(*arguments: str) -> str:
        assert main(["runs", *arguments]) == 0
        return capsys.readouterr().out

    assert "queued" in out("list")
    assert json.loads(out("list", "--json"))[0]["state"] == "queued"
    assert "run 1, a: queued" in out("show", "1")
    assert json.loads(out("show", "1", "--json"))["config"]["name"] == "a"
    assert "no log" in out("logs", "1")
    assert "stopped" in out("stop", "1")
    assert "deleted" in out("delete", "1")
    assert json.loads(out("list", "--json")) == []


def test_runs_are_put_in_order_paused_and_resumed(capsys):
    for name in "abc":
        main(["train", "--background", "--name", name])
    capsys.readouterr()

    def out(*arguments: str) -> str:
        assert main(["runs", *arguments]) == 0
        return capsys.readouterr().out

    assert out("move", "3", "first").splitlines() == ["1. run 3, c", "2. run 1, a", "3. run 2, b"]
    assert "Run 3 is paused." in out("pause", "3")
    assert "run 3, c: paused" in out("show", "3")
    assert "next in the queue" in out("resume", "3")
    assert main(["runs", "resume", "1"]) == 2
    assert "queued cannot become queued" in capsys.readouterr().err


def test_tensorboard_is_a_sentence_where_it_is_absent(capsys, monkeypatch):
    main(["train", "--background", "--name", "a"])
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    assert main(["runs", "tensorboard", "1"]) == 2
    assert "TensorBoard is not installed" in capsys.readouterr().err


def test_a_learning_rate_is_found_and_nothing_is_kept(capsys, tmp_path):
    assert main(["train", "--find-learning-rate", *SMALL]) == 0
    assert "Safe: --learning-rate" in capsys.readouterr().out
    assert not (tmp_path / "checkpoints").exists()
    main(["runs", "list"])
    assert "No runs yet" in capsys.readouterr().out


def test_a_sweep_is_queued_as_a_group(capsys):
    sweep = ["--sweep", "beta=0.5,4", "--sweep", "latent-dim=2,8", "--random", "3"]
    assert main(["train", "--name", "s", *sweep]) == 0
    assert "as the group s" in capsys.readouterr().out
    main(["runs", "list", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert [run["group"] for run in found] == ["s"] * 3
    assert main(["train", "--sweep", "beta"]) == 2
    assert "of the form" in capsys.readouterr().err


def test_serve_works_the_queue_off_and_ends(tmp_path, capsys):
    main(["train", "--background", "--name", "a", "--epochs", "1", *SMALL])
    command = [sys.executable, "-m", "vaelab", "runs", "serve", "--until-idle"]
    subprocess.run(command, cwd=settings.PROJECT, check=True, capture_output=True)
    assert read_checkpoint(tmp_path / "checkpoints" / "a").report is not None


def test_a_run_whose_process_died_is_lost_without_any_app(capsys):
    command = [sys.executable, "-m", "vaelab", "train", "--epochs", "100000", "--name", "long"]
    process = subprocess.Popen(
        [*command, *SMALL], cwd=settings.PROJECT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    while not process.stdout.readline().startswith("training"):
        assert process.poll() is None
    process.kill()
    process.communicate()
    assert main(["runs", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["state"] == "lost"


def test_importing_vaelab_does_not_wait_for_torch():
    check = "import sys, vaelab, vaelab.runs; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", check], cwd=settings.PROJECT, check=True)


def test_checkpoints_go_through_a_store(tmp_path, monkeypatch, capsys):
    url, there = f"file://{tmp_path}/store", tmp_path / "there"
    monkeypatch.delenv("VAELAB_REMOTE", raising=False)
    assert main(["remote", "pull"]) == 2
    assert "VAELAB_REMOTE" in capsys.readouterr().err
    monkeypatch.setenv("VAELAB_CHECKPOINTS", str(settings.PROJECT / "checkpoints"))
    assert main(["remote", "push", "nobody", "--url", url]) == 2
    assert "no checkpoint folder" in capsys.readouterr().err
    monkeypatch.setenv("VAELAB_CHECKPOINTS", str(there))
    shutil.copytree(settings.PROJECT / "checkpoints" / "digits-cvae", there / "digits-cvae")
    assert main(["remote", "push", "digits-cvae", "--url", url]) == 0
    shutil.rmtree(there)
    monkeypatch.setenv("VAELAB_REMOTE", url)
    assert main(["remote", "pull", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["fetched"] == ["digits-cvae"]
    assert read_checkpoint(there / "digits-cvae").id == "digits-cvae"
