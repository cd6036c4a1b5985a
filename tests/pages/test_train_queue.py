"""The Train page over several runs: order, pause and resume, advice, comparison, replay."""

import pytest

from vaelab.runs import RunState
from vaelab.runs.config import RunConfig
from vaelab.runs.record import Progress
from vaelab.web.run_store import run_store


def texts(app):
    return "\n".join([*app.markdown.values, *app.caption.values])


@pytest.fixture
def runs(trained_home):
    """The tiny runs of before, and a queue of three."""
    store = run_store()
    first = next(run for run in store.list_runs() if run.name == "tiny-vae")
    for name in "abc":
        store.enqueue(RunConfig.from_dict({**first.config, "name": name}))
    return {run.name: run.id for run in store.list_runs()}


def order():
    return " ".join(run.name for run in run_store().queued())


def test_arrows_change_the_order_and_pause_holds(runs, open_page):
    app = open_page("train")
    assert "**Queue** · 3 waiting" in texts(app)
    assert app.button(key=f"queue-earlier-{runs['a']}").disabled
    assert app.button(key=f"queue-later-{runs['c']}").disabled
    app.button(key=f"queue-later-{runs['a']}").click().run()
    assert order() == "b a c"
    app.button(key=f"queue-first-{runs['c']}").click().run()
    assert order() == "c b a"
    app.button(key=f"queue-hold-{runs['b']}").click().run()
    assert not app.exception
    assert order() == "c a"
    assert run_store().get(runs["b"]).state is RunState.PAUSED


def test_a_run_is_paused_resumed_and_stopped(runs, open_page):
    store = run_store()
    claimed = store.claim_next()
    assert claimed is not None
    app = open_page("train")
    app.button(key=f"pause-{claimed.id}").click().run()
    assert store.get(claimed.id).state is RunState.PAUSING
    assert app.button(key=f"pause-{claimed.id}").disabled
    store.finish(claimed.id, RunState.PAUSED, "Paused in epoch 1 of 2.", progress=Progress(epoch=1))
    app.session_state["open_run"] = claimed.id
    app.run()
    assert "Paused in epoch 1 of 2." in texts(app)
    assert not any(button.key == f"pause-{claimed.id}" for button in app.button)
    app.button(key=f"resume-{claimed.id}").click().run()
    assert order().startswith("a ")
    app.button(key=f"stop-{claimed.id}").click().run()
    assert not app.exception
    assert store.get(claimed.id).state is RunState.STOPPED


def test_a_request_that_comes_too_late_is_a_message_and_no_error(runs, open_page):
    app = open_page("train")
    run_store().request_stop(runs["b"])
    app.button(key=f"queue-first-{runs['b']}").click().run()
    assert not app.exception
    assert any("does not wait in the queue" in toast.value for toast in app.toast)


def test_advice_queues_the_run_that_it_names(runs, open_page, monkeypatch):
    monkeypatch.setattr("vaelab.runs.diagnosis.INACTIVE", 1e6)
    app = open_page("train")
    app.session_state["open_run"] = runs["tiny-vae"]
    app.run()
    assert "the posterior has collapsed" in texts(app)
    app.button(key=f"remedy-{runs['tiny-vae']}-0-0").click().run()
    assert not app.exception
    config = RunConfig.from_dict(run_store().queued()[-1].config)
    assert (config.name, config.train.beta) == ("tiny-vae-2", 0.5)


def test_epochs_play_to_the_end(runs, open_page):
    app = open_page("train")
    run_id = runs["tiny-vae"]
    app.session_state["open_run"] = run_id
    app.run()
    assert app.select_slider(key=f"epoch-{run_id}").value == 2
    assert "2 of 2 dimensions active" in texts(app)
    app.button(key=f"play-{run_id}").click().run()
    assert app.select_slider(key=f"epoch-{run_id}").value == 1
    app.run()
    assert app.select_slider(key=f"epoch-{run_id}").value == 2
    app.run()
    assert not app.exception
    assert app.button(key=f"play-{run_id}").label == "Play the epochs"


def test_chosen_runs_are_compared(runs, open_page):
    app = open_page("train")
    app.toggle(key="compare-on").set_value(True).run()
    assert len(app.multiselect(key="compare-runs").value) == 3
    charts = {chart.key for chart in app.get("plotly_chart")}
    assert {"compare-curves", "compare-rate-distortion"} <= charts
    app.multiselect(key="compare-runs").set_value([runs["tiny-vae"]]).run()
    assert "Choose at least two runs." in texts(app)


def test_a_sweep_is_queued_as_a_group(trained_home, open_page):
    app = open_page("train")
    app.text_input(key="train_sweep_beta").set_value("0.5, 4").run()
    app.text_input(key="train_sweep_latent_dim").set_value("2, 8").run()
    button = next(button for button in app.button if button.label == "Queue 4 runs")
    button.click().run()
    assert not app.exception
    queued = run_store().queued()
    assert [run.config["train"]["beta"] for run in queued] == [0.5, 0.5, 4.0, 4.0]
    assert {run.group for run in queued} == {"digits-vae-16d"}
    app.text_input(key="train_sweep_beta").set_value("much").run()
    assert "of the form" in app.error[0].value


def test_the_browser_is_told_of_runs_only_when_that_is_wished(runs, open_page):
    app = open_page("train")
    assert not app.get("bidi_component")
    app.toggle(key="notify-on").set_value(True).run()
    assert not app.exception
    assert app.get("bidi_component")
