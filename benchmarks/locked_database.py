"""The run database locked by someone else while a run is at work, with the app's own time-outs.

    python -m benchmarks.locked_database [--seconds 30]

A supervisor and a worker process, as the app starts them; once the run is in its second epoch
another connection keeps the database to itself. Printed: how long a page's reading took meanwhile,
whether the run was ever taken for lost, and how it ended. The exit status is 1 unless it ended
done, with the metrics of every epoch.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
import tempfile
import time


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=30, help="that it is locked")
    parser.add_argument("--epochs", type=int, default=200)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["VAELAB_HOME"] = os.environ["VAELAB_CHECKPOINTS"] = home
        os.environ.pop("VAELAB_DATABASE_URL", None)
        return locked(chosen.seconds, chosen.epochs, f"{home}/runs.db")


def locked(seconds: float, epochs: int, path: str) -> int:
    from vaelab.data import DataSpec
    from vaelab.runs import RunState, RunStore, Supervisor
    from vaelab.runs.config import RunConfig
    from vaelab.runs.states import ACTIVE
    from vaelab.training import TrainConfig

    store = RunStore()
    train = TrainConfig(epochs=epochs, compile="off", threads=1)
    run_id = store.enqueue(RunConfig("locked", DataSpec("digits"), "vae", {}, train))
    supervisor = Supervisor(store, slots=1)
    supervisor.start()
    while store.get(run_id).progress.epoch < 2:
        time.sleep(0.05)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    before, began = store.get(run_id).progress.epoch, time.monotonic()
    reads, states = [], set()
    while time.monotonic() - began < seconds:
        start = time.perf_counter()
        states.add(store.get(run_id).state)
        reads.append(time.perf_counter() - start)
        time.sleep(0.1)
    holder.execute("ROLLBACK")
    holder.close()
    while store.get(run_id).state in ACTIVE:
        states.add(store.get(run_id).state)
        time.sleep(0.1)
    run = store.get(run_id)
    told = {metric.epoch for metric in store.metrics(run_id)}
    supervisor.stop()
    store.close()
    print(f"locked for {seconds:g} s in epoch {before + 1} of {epochs}")
    print(f"a page's reading took {max(reads) * 1000:.1f} ms at most ({len(reads)} times)")
    print(f"states seen: {', '.join(sorted(map(str, states)))}; in the end {run.state}")
    print(f"metrics of {len(told)} of {epochs} epochs")
    whole = told == set(range(1, epochs + 1))
    return 0 if run.state is RunState.DONE and whole and RunState.LOST not in states else 1


if __name__ == "__main__":
    sys.exit(main())
