import dataclasses
import json
import subprocess
import sys
import time

from vaelab.checkpoints import read_checkpoint
from vaelab.evaluation import FULL
from vaelab.evaluation.definitions import equation_of
from vaelab.runs import evaluator
from vaelab.runs.evaluator import Evaluation, evaluation_of
from vaelab.runs.processes import worker_id
from vaelab.web import words
from vaelab.web.reports import measuring_panel


def texts(app):
    return "\n".join([*app.markdown.values, *app.caption.values])


def about(app):
    """What the buttons of the figures open, one text each."""
    return [text for text in app.markdown.values if ":gray[Unit]" in text]


def test_every_figure_opens_its_definition_equation_and_provenance(trained_home, open_page):
    app = open_page("evaluate", "tiny-vae")
    report = read_checkpoint(trained_home / "checkpoints" / "tiny-vae").report
    opened = about(app)
    for figure in report.figures:
        text = next(text for text in opened if f"`{figure.key}`" in text)
        assert text.startswith(f"**{figure.name}**")
        assert figure.definition in text
        assert equation_of(figure.key) in text
        assert f":gray[Unit] {figure.unit}" in text
        assert f"{figure.n_images} of digits, test split" in text
    labels = [p.proto.popover.label for p in app.get("popover")]
    assert set(labels) >= {words.short_name(figure) for figure in report.figures}
    assert {metric.label for metric in app.metric} >= {"ELBO", "Distortion", "Rate", "log p(x)"}
    assert "images are more probable than the same pixels in random order" in texts(app)


def test_a_conditional_models_equations_name_the_class(trained_home, open_page):
    app = open_page("evaluate", "tiny-cvae")
    assert any("q(z|x,c)" in text for text in about(app))


def test_an_autoencoder_has_no_rates_and_says_why(trained_home, open_page):
    app = open_page("evaluate", "tiny-ae")
    assert {metric.label for metric in app.metric} == {"Distortion", "Mean squared error"}
    assert "no prior over its codes" in texts(app)
    assert "Rate of each dimension" not in [header.value for header in app.subheader]


def test_checkpoints_stand_side_by_side(trained_home, open_page):
    app = open_page("evaluate", "tiny-vae")
    compared = app.multiselect(key="compared-tiny-vae")
    assert set(compared.value) == {"tiny-vae", "tiny-cvae", "tiny-ae"}
    table = app.dataframe[-1].value.set_index("Figure")
    assert table.loc["ELBO", "tiny-ae"] == "–"
    assert table.loc["ELBO", "tiny-vae"] != "–"
    assert f"tiny-cvae {words.MINUS} {compared.value[0]}" not in app.dataframe[-1].value
    app.toggle(key="comparison-differences").set_value(True).run()
    assert any(words.MINUS in column for column in app.dataframe[-1].value.columns)
    app.selectbox(key="about-comparison-figure").select("rate").run()
    assert any(text.startswith("**Rate**") for text in about(app))
    compared.unselect("tiny-ae").run()
    assert not app.exception
    assert "tiny-ae" not in app.dataframe[-1].value.columns


def test_a_missing_report_is_measured_on_request(trained_home, open_page, monkeypatch):
    """In a process of its own; the page shows how far it is, and the report when it is done."""
    quick = dataclasses.replace(FULL, sections=("bounds", "reconstruction"))
    monkeypatch.setattr(measuring_panel, "FULL", quick)
    path = trained_home / "checkpoints" / "tiny-ae"
    (path / "report.json").unlink()
    app = open_page("evaluate", "tiny-ae")
    assert "not been measured yet" in texts(app)
    app.button(key="compute-tiny-ae").click().run()
    assert not app.exception
    while evaluation_of(path).is_running:
        time.sleep(0.1)
    assert evaluation_of(path).state == "done"
    assert read_checkpoint(path).report is not None
    app.run()
    assert not app.exception
    assert app.metric


def test_an_evaluation_at_work_can_be_stopped(trained_home, open_page):
    path = trained_home / "checkpoints" / "tiny-vae"
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(100)"])
    try:
        asked = Evaluation(str(path), {}, "", message="ELBO", worker=worker_id(sleeper.pid))
        evaluator._path(path).parent.mkdir(parents=True)
        evaluator._write(evaluator._path(path), asked)
        app = open_page("evaluate", "tiny-vae")
        assert not [button for button in app.button if button.key == "compute-tiny-vae"]
        app.button(key="stop-tiny-vae").click().run()
        assert not app.exception
        assert sleeper.wait(10) != 0
        assert "what it had measured is kept" in app.warning[0].value
    finally:
        sleeper.kill()
        sleeper.wait()


def test_without_its_images_a_report_cannot_be_measured_and_says_so(trained_home, open_page):
    path = trained_home / "checkpoints" / "tiny-vae"
    (path / "report.json").unlink()
    config = json.loads((path / "config.json").read_text())
    config["data"]["spec"]["source"] = "/gone/away"
    (path / "config.json").write_text(json.dumps(config))
    app = open_page("evaluate", "tiny-vae")
    assert "There is no file or folder /gone/away." in texts(app)
    assert not [button for button in app.button if button.key == "compute-tiny-vae"]
