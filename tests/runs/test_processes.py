import os
import subprocess
import sys
from dataclasses import replace

from vaelab.runs.processes import Liveness, kill, liveness, this_worker, worker_id


def test_this_process_lives():
    assert liveness(this_worker()) is Liveness.ALIVE
    mine = worker_id(os.getpid())
    assert mine is not None
    assert mine.is_same(this_worker())


def test_a_zombie_is_dead():
    child = subprocess.Popen([sys.executable, "-c", ""])
    worker = worker_id(child.pid)
    assert worker is not None
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # ended, and still to be reaped
    assert liveness(worker) is Liveness.DEAD
    child.wait()
    assert liveness(worker) is Liveness.DEAD
    assert worker_id(child.pid) is None


def test_elsewhere_and_a_reused_number_are_not_known():
    assert liveness(replace(this_worker(), host="elsewhere")) is Liveness.UNKNOWN
    reused = replace(this_worker(), started=this_worker().started - 100)
    assert liveness(reused) is Liveness.UNKNOWN
    assert not kill(reused)
