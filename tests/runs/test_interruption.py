import signal
import subprocess
import sys
import threading
import time

import pytest

from tests.runs.child_processes import children_that_run
from vaelab.runs import interruption
from vaelab.runs.interruption import Interruptible, Interruption

HANDLER = signal.getsignal(interruption.SIGNAL)


def interrupted(work, begun: threading.Event | None = None) -> Interruptible:
    """Interrupt `work`, again and again as a heartbeat does, until its stretch is left."""
    one, left = Interruptible(), threading.Event()

    def ask():
        if begun is not None:
            begun.wait()
        while not left.wait(0.02):
            one.interrupt()

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        with pytest.raises(Interruption), one.stretch():
            work()
    finally:
        left.set()
        asking.join()
    return one


def test_work_that_looks_for_nothing_is_left_at_once():
    interrupted(lambda: time.sleep(600))
    assert signal.getsignal(interruption.SIGNAL) is HANDLER


# The second interruption may leave the wait for a process that the first has killed.
@pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")
def test_a_compiler_that_runs_as_a_process_is_ended_with_it(monkeypatch, eventually):
    begun = threading.Event()

    class Compiler(subprocess.Popen):
        def communicate(self, *arguments, **more):
            begun.set()  # an interruption before it, of a start, is lost now and then
            return super().communicate(*arguments, **more)

    monkeypatch.setattr(subprocess, "Popen", Compiler)
    command = [sys.executable, "-c", "import time; time.sleep(600)"]
    interrupted(lambda: subprocess.check_output(command), begun)
    eventually(lambda: not children_that_run(command[-1]))


def test_outside_a_stretch_nothing_happens():
    one = Interruptible()
    one.interrupt()
    with one.stretch():
        pass
    one.interrupt()
    assert signal.getsignal(interruption.SIGNAL) is HANDLER


def test_the_compilers_own_handlers_do_not_hold_it_up():
    def work():
        try:
            time.sleep(600)
        except Exception:  # noqa: BLE001  # as torch's compiler has them
            pytest.fail("it was taken for an error")

    interrupted(work)


def test_another_thread_s_work_is_not_interrupted():
    one, done = Interruptible(), []

    def work():
        with one.stretch():
            one.interrupt()
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]
