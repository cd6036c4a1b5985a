"""List, show, pause, resume, reorder, stop, delete and serve training runs."""

from __future__ import annotations

import argparse
import json
import logging
import math
import signal
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

from vaelab.cli import PROGRAM
from vaelab.commands.table import duration, text_table
from vaelab.runs import (
    RESUMABLE,
    Run,
    RunState,
    RunStore,
    Supervisor,
    has_state,
    log_path,
    mark_lost,
    tail,
)

EPILOG = f"""examples:
  {PROGRAM} runs list
  {PROGRAM} runs show 3
  {PROGRAM} runs pause 3
  {PROGRAM} runs resume 3
  {PROGRAM} runs move 5 first
  {PROGRAM} runs serve --slots 2"""

# Where `runs move` puts a run -> by how many places; the queue is never as long.
PLACES = {"up": -1, "down": 1, "first": -1_000_000, "last": 1_000_000}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)

    def add(name: str, what: str) -> argparse.ArgumentParser:
        return actions.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.")

    listing = add("list", "all runs, newest first")
    listing.add_argument("--json", action="store_true", help="print them as JSON")
    listing.set_defaults(action=list_runs)
    show = add("show", "one run: state, progress, last numbers")
    show.add_argument("--json", action="store_true", help="with its settings and all its numbers")
    show.set_defaults(action=show_run)
    pause = add("pause", "save a run and end its process; a queued one waits")
    pause.set_defaults(action=pause_run)
    resume = add(
        "resume", "let a paused, lost, failed or stopped run go on from its last saved step"
    )
    resume.set_defaults(action=resume_run)
    move = add("move", "let a queued run start earlier or later")
    move.set_defaults(action=move_run)
    stop = add("stop", "end a run; its checkpoint is kept")
    stop.set_defaults(action=stop_run)
    delete = add("delete", "forget a run; its checkpoint is kept")
    delete.set_defaults(action=delete_run)
    logs = add("logs", "what a run's worker printed")
    logs.add_argument(
        "--lines", type=int, default=200, metavar="N", help="last lines shown (default: 200)"
    )
    logs.set_defaults(action=show_log)
    for action in (show, pause, resume, move, stop, delete, logs):
        action.add_argument("run", type=int, metavar="RUN", help="the run's number")
    move.add_argument("place", choices=list(PLACES), help="in the queue")
    events = add("tensorboard", "write a run's curves as TensorBoard's files")
    events.add_argument("run", type=int, metavar="RUN", help="the run's number")
    events.add_argument("--out", default="tensorboard", metavar="DIR", help="default: tensorboard/")
    events.set_defaults(action=write_tensorboard)
    serve = add("serve", "start queued runs, without the app")
    serve.add_argument(
        "--slots",
        type=int,
        metavar="N",
        help="runs at a time (default: $VAELAB_SLOTS, else one a CUDA device, else 1; with Ray 4)",
    )
    serve.add_argument("--until-idle", action="store_true", help="end when no run is left to do")
    serve.set_defaults(action=serve_runs)


def run(parsed: argparse.Namespace) -> int:
    store = RunStore()
    try:
        mark_lost(store)  # no app need be running for this to be noticed
        parsed.action(store, parsed)
    finally:
        store.close()
    return 0


def list_runs(store: RunStore, parsed: argparse.Namespace) -> None:
    found = store.list_runs()
    if parsed.json:
        print(json.dumps([as_json(run) for run in found], indent=2))
    elif not found:
        print(f"No runs yet; {PROGRAM} train --help says how to start one.")
    else:
        head = ("run", "name", "state", "epoch", "done", "left", "started", "message")
        print(text_table(head, [_row(run) for run in found]))


def show_run(store: RunStore, parsed: argparse.Namespace) -> None:
    found = store.get(parsed.run)
    metrics = store.metrics(found.id)
    if parsed.json:
        rows = [vars(metric) | {"value": _finite(metric.value)} for metric in metrics]
        print(json.dumps(as_json(found) | {"config": found.config, "metrics": rows}, indent=2))
        return
    print(f"run {found.id}, {found.name}: {found.state}. {found.message}".rstrip())
    progress = found.progress
    print(f"epoch {progress.epoch} of {found.epochs}, {progress.fraction:.0%}, {progress.stage}")
    print(f"took {duration(found.seconds)}, left {duration(_left(found))}")
    print(f"checkpoint {found.checkpoint}")
    if has_state(found.id) and found.state in RESUMABLE:
        print(f"can go on from its last saved step: {PROGRAM} runs resume {found.id}")
    last = max((metric.epoch for metric in metrics), default=0)
    for metric in metrics:
        if metric.epoch == last:
            print(f"  {metric.split} {metric.name} {metric.value:.2f} nats/image")


def pause_run(store: RunStore, parsed: argparse.Namespace) -> None:
    found = store.request_pause(parsed.run)
    paused = found.state is RunState.PAUSED
    print(f"Run {found.id} is paused." if paused else f"Run {found.id} was asked to pause.")


def resume_run(store: RunStore, parsed: argparse.Namespace) -> None:
    found = store.resume(parsed.run)
    print(f"Run {found.id} ({found.name}) is next in the queue. Without the app, start it with:")
    print(f"  {PROGRAM} runs serve")


def move_run(store: RunStore, parsed: argparse.Namespace) -> None:
    store.reorder(parsed.run, PLACES[parsed.place])
    print("\n".join(f"{i}. run {run.id}, {run.name}" for i, run in enumerate(store.queued(), 1)))


def stop_run(store: RunStore, parsed: argparse.Namespace) -> None:
    found = store.request_stop(parsed.run)
    stopped = found.state is RunState.STOPPED
    print(f"Run {found.id} is stopped." if stopped else f"Run {found.id} was asked to stop.")


def delete_run(store: RunStore, parsed: argparse.Namespace) -> None:
    found = store.get(parsed.run)
    store.delete(found.id)
    print(f"Run {found.id} is deleted; its checkpoint, if any, stays: {found.checkpoint}")


def show_log(store: RunStore, parsed: argparse.Namespace) -> None:
    found = store.get(parsed.run)
    lines = tail(found.id, parsed.lines)
    print("\n".join(lines) if lines else f"There is no log at {log_path(found.id)}.")


def write_tensorboard(store: RunStore, parsed: argparse.Namespace) -> None:
    from vaelab.runs.tensorboard import write_events  # imports torch, which the others need not

    folder = write_events(store, parsed.run, Path(parsed.out).expanduser())
    print(f"{folder}\nLook at it with: tensorboard --logdir {parsed.out}")


def serve_runs(store: RunStore, parsed: argparse.Namespace) -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    supervisor = Supervisor(store, parsed.slots)

    def end(_number: int, _frame: FrameType | None) -> None:
        supervisor.request_end()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    slots = ", ".join(supervisor.slots)
    logging.info("serving %s: %s; Ctrl-C ends this, not the runs", store.shown, slots)
    supervisor.serve_forever(until_idle=parsed.until_idle)


def as_json(run: Run) -> dict[str, Any]:
    """A run for programs; times in Unix seconds."""
    return {
        "run": run.id,
        "name": run.name,
        "state": str(run.state),
        "message": run.message,
        "stage": run.progress.stage,
        "epoch": run.progress.epoch,
        "epochs": run.epochs,
        "fraction": run.progress.fraction,
        "eta_seconds": _left(run),
        "images_per_second": run.progress.images_per_second,
        "checkpoint": run.checkpoint,
        "group": run.group,
        "priority": run.priority,
        "slot": run.slot,
        "job": run.job,
        "saved_at": run.progress.saved_at,
        "background": run.background,
        "created_at": run.created_at,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "heartbeat_at": run.heartbeat_at,
        "pid": None if run.worker is None else run.worker.pid,
    }


def _row(run: Run) -> tuple[str, ...]:
    started = run.started_at
    return (
        str(run.id),
        run.name,
        str(run.state),
        f"{run.progress.epoch}/{run.epochs}",
        f"{run.progress.fraction:.0%}",
        duration(_left(run)),
        "-" if started is None else f"{datetime.fromtimestamp(started):%Y-%m-%d %H:%M}",
        run.message,
    )


def _left(run: Run) -> float | None:
    return run.progress.eta_seconds if run.is_working else None


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
