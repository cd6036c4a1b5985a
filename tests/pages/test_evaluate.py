import dataclasses
import json
import subprocess
import sys
import time

from vaelab.checkpoints import read_checkpoint
from vaelab.evaluation import FULL
from vaelab.runs import evaluator
from vaelab.runs.evaluator import Evaluation, evaluation_of
from vaelab.runs.processes import worker_id
from vaelab.web.reports import measuring_panel


def texts(app):
    return "\n".join([*app.markdown.values, *app.caption.values])


def test_a_vaes_report_has_every_figure_with_its_unit_and_split(trained_home, open_page):
    app = open_page("evaluate", "tiny-vae")
    report = read_checkpoint(trained_home / "checkpoints" / "tiny-vae").report
    tables = [table.value for table in app.table]
    assert sum(map(len, tables)) == len(report.figures)
    units = {unit for table in tables for unit in table["Unit"]}
    assert units == {figure.unit for figure in report.figures}
    assert all(table["Measured on"].str.contains("180 test images").all() for table in tables)
    assert {metric.label for metric in app.metric} >= {"ELBO", "Distortion", "Rate", "log p(x)"}
    for figure in report.figures:
        assert figure.definition in texts(app)
    assert "images are more probable than the same pixels in random order" in texts(app)


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
