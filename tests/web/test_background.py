import threading

import pytest

from vaelab.web import background
from vaelab.web.background import Background


@pytest.fixture
def works():
    some = Background("test")
    yield some
    some.stop()
    background._all.remove(some)


def test_equal_work_is_done_once_and_others_wait_their_turn(works):
    go, order = threading.Event(), []

    def first(job):
        job.report(0.5, "half")
        go.wait()
        order.append("first")

    one = works.ask("a", first)
    assert works.ask("a", first) is one
    two = works.ask("b", lambda job: order.append("second"))
    assert not two.wait(0.05)
    assert "Waiting" in two.message
    go.set()
    assert two.wait(60)
    assert one.ended
    assert order == ["first", "second"]
    assert (one.fraction, one.message) == (0.5, "half")


def test_it_works_again_after_it_had_nothing_to_do(works):
    for _ in range(3):
        assert works.ask("a", lambda job: None).wait(60)
    assert works.ask("a", lambda job: None).wait(60)


def test_a_failure_is_told_and_then_tried_again(works):
    def fail(job):
        raise ValueError("no")

    failed = works.ask("a", fail)
    assert failed.wait(60)
    assert works.ask("a", fail) is failed
    with pytest.raises(ValueError, match="no"):
        failed.raise_error()
    again = works.ask("a", lambda job: None)
    assert again is not failed
    assert again.wait(60)
    again.raise_error()  # there is none


def test_what_nobody_asks_for_any_more_is_left_out(works, monkeypatch):
    go, done = threading.Event(), []
    works.ask("a", lambda job: go.wait())
    left = works.ask("b", done.append)
    wanted = works.ask("c", done.append)
    left.asked -= 2 * background.FORGOTTEN_S
    go.set()
    assert left.wait(60)
    assert wanted.wait(60)
    assert isinstance(left.error, RuntimeError)
    assert done == [wanted]


def test_the_end_of_the_server_ends_all_work(works):
    began = threading.Event()

    def long(job):
        began.set()
        job.stop.wait()

    running, waiting = works.ask("a", long), works.ask("b", long)
    assert began.wait(60)
    background.stop_all()
    assert running.ended
    assert waiting.ended
    assert not [t for t in threading.enumerate() if t.name == "test"]


def test_time_left_is_the_estimate_first_and_the_clock_later(works):
    job = background.Job(lambda job: None)
    assert job.seconds_left(40) == 40
    job.run()
    job.started -= 30
    job.fraction = 0.75
    assert job.seconds_left(1000) == pytest.approx(10, abs=1)
