import threading

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from vaelab.runs import DatabaseAwayError, RunStore
from vaelab.web.map import projections
from vaelab.web.server import lifespan as room
from vaelab.web.server.routes import routes


@pytest.fixture
def app():
    return Starlette(routes=routes(), lifespan=room.lifespan)


def supervisors():
    return [t for t in threading.enumerate() if t.name == "supervisor"]


def test_the_supervisor_lives_as_long_as_the_server(app):
    with TestClient(app) as client:
        assert client.get("/api/health").json()["supervisor"] is True
        assert len(supervisors()) == 1
    assert not room.supervisor_runs()
    assert supervisors() == []


def test_several_servers_in_a_process_share_one_supervisor(app):
    with TestClient(app):
        with TestClient(Starlette(lifespan=room.lifespan)):
            assert len(supervisors()) == 1
        assert len(supervisors()) == 1
    assert supervisors() == []


def test_it_starts_again_after_it_ended(app):
    for _ in range(2):
        with TestClient(app):
            assert room.supervisor_runs()
    assert supervisors() == []


def test_a_database_that_cannot_be_opened_leaves_the_pages_running(app, own_home, caplog):
    (own_home / "home").write_text("a file where the folder should be")
    with TestClient(app) as client:
        assert client.get("/api/health").json() == {"status": "ok", "supervisor": False}
    assert "no run can be started" in caplog.text


def test_a_launcher_that_is_none_leaves_the_pages_running_and_is_said(app, monkeypatch):
    monkeypatch.setenv("VAELAB_LAUNCHER", "cloud")
    with TestClient(app) as client:
        assert client.get("/api/health").json() == {"status": "ok", "supervisor": False}
        assert "VAELAB_LAUNCHER must be one of local, ray" in room.supervisor_trouble()
    assert room.supervisor_trouble() == ""


def test_a_database_that_comes_later_is_found(app, monkeypatch, caplog):
    missing = [DatabaseAwayError("refused"), DatabaseAwayError("refused")]

    def store():
        if missing:
            raise missing.pop()
        return RunStore()

    monkeypatch.setattr(room, "RunStore", store)
    monkeypatch.setattr(room, "RETRY_SECONDS", 0.01)
    with TestClient(app) as client:
        while not client.get("/api/health").json()["supervisor"]:
            pass
    assert caplog.text.count("no run can be started: refused") == 1
    assert supervisors() == []


def test_work_on_maps_ends_with_the_server(app):
    began = threading.Event()

    def draw(job):
        began.set()
        job.stop.wait()

    with TestClient(app):
        job = projections.background.ask("a map", draw)
        assert began.wait(60)
        assert not job.ended
    assert job.ended
