import shutil

import numpy as np
import pytest

from vaelab.data.binarisation import BINARISATIONS
from vaelab.runs import RunState
from vaelab.runs.config import RunConfig
from vaelab.web.run_store import run_store


def train_button(app):
    return next(button for button in app.button if button.label == "Train")


def texts(app):
    return "\n".join([*app.markdown.values, *app.caption.values])


def test_digits_are_shown_and_costed_before_anything_starts(empty_home, open_page):
    app = open_page("train")
    assert "1,455 train, 162 validation, 180 test images" in texts(app)
    assert "parameters" in texts(app)
    assert "on this machine" in texts(app)
    assert app.get("plotly_chart")
    assert run_store().list_runs() == []


def test_train_puts_the_form_into_the_queue(empty_home, open_page):
    app = open_page("train")
    app.segmented_control(key="train_family").set_value("cvae").run()
    app.number_input(key="train_latent_dim").set_value(5)
    app.number_input(key="train_beta").set_value(0.5).run()
    assert app.text_input(key="train_name").value == "digits-cvae-5d"
    train_button(app).click().run()
    assert not app.exception
    (run,) = run_store().list_runs()
    assert run.state is RunState.QUEUED
    config = RunConfig.from_dict(run.config)
    assert (config.family, config.model["latent_dim"], config.train.beta) == ("cvae", 5, 0.5)
    assert app.text_input(key="train_name").value == "digits-cvae-5d-2"
    assert app.dataframe[0].value["run"].tolist() == ["digits-cvae-5d"]
    assert "does not start queued runs" in app.warning[0].value


def test_a_queued_run_can_be_stopped_and_deleted(empty_home, open_page, monkeypatch):
    app = open_page("train")
    why = "Ray does not answer at http://there:8265."
    monkeypatch.setattr("vaelab.web.train.runs_panel.supervisor_trouble", lambda: why)
    train_button(app).click().run()
    assert app.warning[0].value == f"No run can be started: {why}"
    (run,) = run_store().list_runs()
    app.button(key=f"stop-{run.id}").click().run()
    assert run_store().get(run.id).state is RunState.STOPPED
    app.button(key=f"delete-run-{run.id}").click().run()
    assert not app.exception
    assert run_store().list_runs() == []


def test_only_settings_that_apply_are_shown(empty_home, open_page):
    app = open_page("train")

    def there(kind, name):
        return any(widget.key == f"train_{name}" for widget in app.get(kind))

    assert there("number_input", "beta")
    app.selectbox(key="train_likelihood").select("bernoulli").run()
    assert not there("number_input", "min_std")
    assert not there("selectbox", "prior")
    app.selectbox(key="train_likelihood").select("gaussian_shared").run()
    assert there("number_input", "min_std")
    app.number_input(key="train_iwae_samples").set_value(8).run()
    assert not there("number_input", "beta")
    app.segmented_control(key="train_family").set_value("ae").run()
    assert not there("number_input", "iwae_samples")
    assert there("selectbox", "regulariser")
    assert "Gaussian mixture" in texts(app)
    assert not app.error


def test_settings_follow_new_images_until_the_user_changes_them(empty_home, open_page):
    app = open_page("train")
    assert app.selectbox(key="train_likelihood").value == "gaussian"  # digits are grey
    assert app.number_input(key="train_epochs").value == 100  # and few
    app.number_input(key="train_epochs").set_value(3).run()
    app.selectbox(key="train_likelihood").select("bernoulli").run()
    assert app.number_input(key="train_epochs").value == 3
    path = empty_home / "strokes.npz"
    x = np.random.default_rng(0).integers(0, 2, (4_000, 8, 8), dtype=np.uint8) * 255
    np.savez(path, x=x)
    app.selectbox(key="train_source").select("path").run()
    app.text_input(key="train_path").set_value(str(path)).run()
    assert app.selectbox(key="train_likelihood").value == "bernoulli"
    assert app.number_input(key="train_epochs").value == 50


def test_binarisation_is_offered_to_a_bernoulli_alone(empty_home, open_page):
    app = open_page("train")

    def offered():
        return any(box.key == "train_binarisation" for box in app.selectbox)

    assert not offered()  # a Gaussian suits the digits
    app.selectbox(key="train_likelihood").select("bernoulli").run()
    box = app.selectbox(key="train_binarisation")
    assert [option.split(":")[0] for option in box.options] == list(BINARISATIONS)
    assert "not a density of grey values" in texts(app)
    box.select("dynamic").run()
    assert "not a density" not in texts(app)
    assert "new noise in every epoch" in texts(app)
    app.selectbox(key="train_compile").select("on").run()
    assert "15 s of it compiling" in texts(app)
    app.text_input(key="train_sweep_beta").set_value("0.5, 4").run()
    next(button for button in app.button if button.label == "Queue 2 runs").click().run()
    train_button(app).click().run()
    assert not app.exception
    trained = [RunConfig.from_dict(run.config).train for run in run_store().list_runs()]
    assert [(t.binarisation, t.compile) for t in trained] == [("dynamic", "on")] * 3
    assert "dynamic binarisation" in texts(app)
    app.selectbox(key="train_likelihood").select("gaussian").run()
    assert not offered()
    train_button(app).click().run()
    newest = RunConfig.from_dict(run_store().list_runs()[0].config).train
    assert newest.binarisation == "none"


def test_a_runs_binarisation_and_compiling_are_filled_back_in(trained_home, open_page):
    run = next(run for run in run_store().list_runs() if run.name == "tiny-vae")
    train = {**run.config["train"], "binarisation": "threshold", "compile": "off"}
    model = {**run.config["model"], "likelihood": "bernoulli"}
    asked = {**run.config, "name": "black-and-white", "train": train, "model": model}
    run_id = run_store().enqueue(RunConfig.from_dict(asked))
    app = open_page("train")
    app.session_state["open_run"] = run_id
    app.run()
    app.button(key=f"again-{run_id}").click().run()
    assert not app.exception
    assert app.selectbox(key="train_binarisation").value == "threshold"
    assert app.selectbox(key="train_compile").value == "off"
    assert app.text_input(key="train_name").value == "black-and-white-2"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("tiny-vae", "exists; choose another name"), ("../x", "must be 1 to")],
)
def test_a_bad_name_is_a_sentence_and_no_run(name, sentence, trained_home, open_page):
    app = open_page("train")
    app.text_input(key="train_name").set_value(name).run()
    assert sentence in app.error[0].value
    assert train_button(app).disabled


def test_an_emptied_name_is_filled_again(empty_home, open_page):
    app = open_page("train")
    app.text_input(key="train_name").set_value("").run()
    assert app.text_input(key="train_name").value == "digits-vae-16d"


def test_a_path_that_is_not_there_is_a_sentence(empty_home, open_page):
    app = open_page("train")
    app.selectbox(key="train_source").select("path").run()
    app.text_input(key="train_path").set_value("/not/there").run()
    assert not app.exception
    assert app.error[0].value == "There is no file or folder /not/there."


def test_an_absent_named_source_says_where_to_put_its_files(empty_home, open_page):
    app = open_page("train")
    app.selectbox(key="train_source").select("mnist").run()
    assert not app.exception
    assert "put the files" in app.warning[0].value


def test_arrays_without_labels_offer_no_conditional_model(empty_home, open_page):
    rng = np.random.default_rng(0)
    path = empty_home / "noise.npz"
    np.savez(path, x=rng.integers(0, 256, (40, 10, 10), dtype=np.uint8))
    app = open_page("train")
    app.segmented_control(key="train_family").set_value("cvae").run()
    app.selectbox(key="train_source").select("path").run()
    app.text_input(key="train_path").set_value(str(path)).run()
    assert not app.exception
    assert app.segmented_control(key="train_family").options == ["Autoencoder", "VAE"]
    assert app.segmented_control(key="train_family").value == "vae"
    assert "have no labels" in texts(app)


def test_an_upload_is_kept_and_can_be_trained_on(empty_home, open_page, tmp_path):
    rng = np.random.default_rng(0)
    path = tmp_path / "my arrays.npz"
    np.savez(path, x=rng.integers(0, 256, (40, 8, 8), dtype=np.uint8), y=np.arange(40) % 2)
    app = open_page("train")
    app.selectbox(key="train_source").select("upload").run()
    app.file_uploader[0].upload(path.name, path.read_bytes()).run()
    assert not app.exception
    train_button(app).click().run()
    (run,) = run_store().list_runs()
    kept = list((empty_home / "home" / "uploads").iterdir())
    assert [run.config["data"]["source"]] == [str(file) for file in kept]


def test_finished_runs_show_curves_pictures_and_fill_the_form(trained_home, open_page):
    app = open_page("train")
    runs = {run.name: run for run in run_store().list_runs()}
    assert set(app.dataframe[0].value["run"]) == set(runs)
    app.session_state["open_run"] = runs["tiny-vae"].id
    app.run()
    assert not app.exception
    assert len(app.get("plotly_chart")) == 6  # classes, ELBO, distortion, rate, map, dimensions
    assert app.select_slider[0].options == ["1", "2"]
    app.button(key=f"again-{runs['tiny-vae'].id}").click().run()
    assert not app.exception
    assert app.number_input(key="train_width").value == 16
    assert app.number_input(key="train_epochs").value == 2
    assert app.text_input(key="train_name").value == "tiny-vae-2"


def test_an_autoencoders_run_says_how_it_is_sampled(trained_home, open_page):
    app = open_page("train")
    app.session_state["open_run"] = next(
        run.id for run in run_store().list_runs() if run.name == "tiny-ae"
    )
    app.run()
    assert "Gaussian mixture that is fitted to its codes" in texts(app)
    assert len(app.get("plotly_chart")) == 4  # classes, distortion, loss, map


def test_a_failed_run_shows_its_message_and_its_log(trained_home, open_page):
    run = next(run for run in run_store().list_runs() if run.name == "tiny-vae")
    again = {**run.config, "name": "failing"}
    run_id = run_store().enqueue(RunConfig.from_dict(again))
    assert run_store().claim_next() is not None
    run_store().finish(run_id, RunState.FAILED, "The loss became infinite.")
    folder = trained_home / "home" / "runs"
    folder.mkdir(exist_ok=True)
    (folder / f"{run_id}.log").write_text("first line\nlast line\n")
    app = open_page("train")
    assert app.error[0].value == "The loss became infinite."
    assert "last line" in app.code[0].value


def test_a_database_that_cannot_be_opened_is_a_sentence(trained_home, open_page, monkeypatch):
    shutil.rmtree(trained_home / "home")
    (trained_home / "home").write_text("a file where the folder should be")
    monkeypatch.setenv("VAELAB_DATABASE_URL", f"sqlite:///{trained_home}/home/runs.db")
    app = open_page("train")
    assert app.error
    monkeypatch.delenv("VAELAB_DATABASE_URL")
    monkeypatch.setenv("VAELAB_HOME", str(trained_home / "other"))
