"""Kill a run at random moments, resume it, and compare it with one that nobody disturbed.

    python benchmarks/kill_resume.py 50
    python benchmarks/kill_resume.py 10 --kills 3 --network conv --batch-size 32
    python benchmarks/kill_resume.py 50 --compile on
    python benchmarks/kill_resume.py 20 --compile on --by pause

Each of the N runs is ended by SIGKILL `--kills` times at moments drawn at random (of its processor
time, so that a busy machine does not matter), resumed from its last saved step each time, and must
end with the same weights, numbers and pictures, compared by SHA-256. The exit status is 1 if any
differs. With `--by pause` it is asked to pause instead, and the longest time that it took to do so
is printed; `--by both` does this to every second run. With `--in-the-middle` the moments are
counted from the first state that a worker saves, and drawn from the time in which it saves more.

Workers are forked from this process, which has imported torch: otherwise most of the time would
go into importing it. What a worker does is what `python -m vaelab.runs.worker` does, but for the
ONNX files, which are left out, and a report of fewer images.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

HOME = Path(tempfile.mkdtemp(prefix="vaelab-kill-"))
os.environ |= {
    "VAELAB_HOME": str(HOME),
    "VAELAB_CHECKPOINTS": str(HOME / "checkpoints"),
    "VAELAB_DATABASE_URL": f"sqlite:///{HOME / 'runs.db'}",
}
os.environ.setdefault("VAELAB_STATE_SECONDS", "0.01")
os.environ.setdefault("OMP_NUM_THREADS", "1")  # a thread pool would not survive a fork

import psutil  # noqa: E402
import torch  # noqa: E402
import torch._dynamo  # noqa: E402  # an optimiser imports it: a second of each worker's life

from vaelab.checkpoints import read_checkpoint  # noqa: E402
from vaelab.data import DataSpec, load_dataset  # noqa: E402
from vaelab.evaluation import QUICK  # noqa: E402
from vaelab.runs import Run, RunState, RunStore, mark_lost  # noqa: E402
from vaelab.runs import job as job_module  # noqa: E402
from vaelab.runs import saved_state as saved_state_module  # noqa: E402
from vaelab.runs import worker as worker_module  # noqa: E402
from vaelab.runs.compiler import keep_compiled  # noqa: E402
from vaelab.runs.config import RunConfig  # noqa: E402
from vaelab.runs.logs import state_folder  # noqa: E402
from vaelab.runs.saved_state import load_state  # noqa: E402
from vaelab.training import TrainConfig  # noqa: E402
from vaelab.training import loop as loop_module  # noqa: E402

TOO_LATE, IN_THE_MIDDLE = "too late", "in epoch"
BY = {"kill": ("kill", "kill"), "pause": ("pause", "pause"), "both": ("pause", "kill")}
ATTEMPTS = 12
answers: list[float] = []  # seconds from the request to pause to the worker's end


class Clock:
    """A worker's processor time in seconds, and of it the part in which it saved states."""

    def __init__(self, run_id: int, child: int) -> None:
        self.folder, self.child = state_folder(run_id), child
        self.saved = self._saved_at()
        self.first, self.now, self.last = float("inf"), 0.0, 0.0

    def look(self) -> None:
        times = psutil.Process(self.child).cpu_times()
        self.now = float(times.user + times.system)
        if self._saved_at() > self.saved:
            self.saved = self._saved_at()
            self.first, self.last = min(self.first, self.now), self.now

    def _saved_at(self) -> int:
        paths = self.folder.glob("[!.]*.safetensors")
        return max((path.stat().st_mtime_ns for path in paths), default=0)


def main() -> int:
    asked = arguments()
    job_module.graphs_of = lambda _checkpoint: {}  # type: ignore[assignment]
    job_module.QUICK = replace(QUICK, n_importance_samples=4, n_log_px=50)
    worker_module.give_way = lambda: None  # a busy machine would starve the workers
    saved_state_module.SHARE = 1.0  # save as often as asked: every kill is to find a new state
    loop_module.PROGRESS_SECONDS = 0.005  # a pause or a state may fall on any step
    load_dataset(DataSpec("digits"))  # its imports are not to be what is killed
    if asked.compile == "on":
        keep_compiled(os.environ)
        warm_up(asked)
    draw = random.Random(asked.seed)
    expected, seconds, _ = story(asked, "undisturbed", [], asked.by)
    print(f"undisturbed: {seconds:.2f} s, weights {expected['weights'][:16]}", flush=True)
    different = 0
    for i in range(1, asked.n + 1):
        span, by = seconds, BY[asked.by][i % 2]
        for attempt in range(ATTEMPTS):
            delays = [draw.uniform(0.0, span) for _ in range(asked.kills)]
            found, _, places = story(asked, f"disturbed-{i}-{attempt}", delays, by)
            wrong = [name for name, value in expected.items() if found[name] != value]
            early = asked.in_the_middle and not any(IN_THE_MIDDLE in place for place in places)
            if wrong or not (early or places == [TOO_LATE]):
                break
            span *= 0.8 if places == [TOO_LATE] else 1.0
        different += bool(wrong)
        said = f"DIFFERENT {', '.join(wrong)}" if wrong else "same weights, numbers and pictures"
        print(f"{i} of {asked.n}: {by} {'; '.join(places)}: {said}", flush=True)
    print(f"{asked.n - different} of {asked.n} ended as the undisturbed run")
    if answers:
        print(f"a pause took {median(answers):.1f} s in the middle, {max(answers):.1f} s at most")
    shutil.rmtree(HOME, ignore_errors=True)
    return 1 if different else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("n", type=int, nargs="?", default=50, help="runs (default: 50)")
    parser.add_argument("--kills", type=int, default=1, help="of each run (default: 1)")
    parser.add_argument("--epochs", type=int, default=16)
    parser.add_argument("--network", choices=("mlp", "conv"), default="mlp")
    parser.add_argument("--width", type=int, default=32)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--family", choices=("ae", "vae", "cvae"), default="vae")
    parser.add_argument("--compile", choices=("auto", "on", "off"), default="auto")
    parser.add_argument("--by", choices=BY, default="kill")
    parser.add_argument("--precision", choices=("auto", "float32", "bfloat16"), default="auto")
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    parser.add_argument(
        "--in-the-middle",
        action="store_true",
        help="draw the moments of a run again until one falls between two saved steps",
    )
    return parser.parse_args()


def warm_up(asked: argparse.Namespace) -> None:
    """Fill the compiler's cache; compile something here, so that all its modules are imported."""
    began = time.monotonic()
    torch.compile(lambda x: x.sin().sum(), dynamic=False)(torch.ones(8))
    store = RunStore()
    run, _ = work(asked, store, store.enqueue(config(asked, "warm-up")), None, asked.by)
    assert "step compiled in" in (HOME / "worker.log").read_text(), run.message
    print(f"with the step's first compilation: {time.monotonic() - began:.0f} s", flush=True)


def story(
    asked: argparse.Namespace, name: str, delays: list[float], by: str
) -> tuple[dict[str, str], float, list[str]]:
    """One run with its kills: hashes of what it made, the seconds to draw from, the kills."""
    store = RunStore()
    run_id = store.enqueue(config(asked, name))
    places = []
    for delay in [*delays, None]:
        run, clock = work(asked, store, run_id, delay, by)
        if run.state is RunState.DONE or delay is None:
            break
        places.append(f"after {delay:.2f} s, {place_of(run_id, asked.epochs)}")
        store.resume(run_id)
    assert run.state is RunState.DONE, f"{run.state}: {run.message}"
    if not places and delays:
        places.append(TOO_LATE)
    found = hashes(store, run)
    store.close()
    return found, clock.last - clock.first if asked.in_the_middle else clock.now, places


def place_of(run_id: int, epochs: int) -> str:
    """Where a run will go on."""
    saved = load_state(run_id)
    if saved is None:
        return "unsaved"
    if saved.place.epoch == epochs:
        return "after the last epoch"
    return f"{IN_THE_MIDDLE} {saved.place.epoch + 1}, step {saved.place.step}"


def config(asked: argparse.Namespace, name: str) -> RunConfig:
    train = TrainConfig(
        epochs=asked.epochs,
        batch_size=asked.batch_size,
        precision=asked.precision,
        compile=asked.compile,
        threads=1,
    )
    model = {"latent_dim": 4, "network": asked.network, "width": asked.width}
    return RunConfig(name, DataSpec("digits"), asked.family, model, train)


def work(
    asked: argparse.Namespace, store: RunStore, run_id: int, delay: float | None, by: str
) -> tuple[Run, Clock]:
    """Let a forked worker do the run, for `delay` seconds or to its end; its record."""
    assert store.claim_next() is not None
    store.close()  # no connection goes through the fork
    child = os.fork()
    if child == 0:
        log = os.open(HOME / "worker.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(log, 1)
        os.dup2(log, 2)
        status = 1
        try:
            status = worker_module.main([str(run_id)])
        finally:
            os._exit(status)
    clock = Clock(run_id, child)
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        clock.look()
        since = clock.first if asked.in_the_middle else 0.0
        if delay is not None and clock.now - since >= delay:
            end(store, run_id, child, by)
            break
        time.sleep(0.002)
    mark_lost(store, older_than_s=-1)
    return store.get(run_id), clock


def end(store: RunStore, run_id: int, child: int, by: str) -> None:
    """Kill the worker, or ask it to pause and note how long that takes it."""
    if by == "kill" or store.get(run_id).state is not RunState.RUNNING:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return
    began = time.monotonic()
    store.request_pause(run_id)
    os.waitpid(child, 0)
    answers.append(time.monotonic() - began)


def hashes(store: RunStore, run: Run) -> dict[str, str]:
    """SHA-256 of the weights, of all numbers of all epochs, and of all pictures."""
    numbers = [(m.epoch, m.split, m.name, m.value.hex()) for m in store.metrics(run.id)]
    pictures = hashlib.sha256()
    for kind in ("samples", "reconstructions"):
        for epoch in store.image_epochs(run.id, kind):
            pictures.update(store.image(run.id, epoch, kind) or b"")
    checkpoint = read_checkpoint(run.checkpoint)
    assert checkpoint.report is not None
    figures = [figure.value.hex() for figure in checkpoint.report.figures]
    return {
        "weights": checkpoint.weights_sha256,
        "numbers": hashlib.sha256(repr(numbers).encode()).hexdigest(),
        "pictures": pictures.hexdigest(),
        "report": hashlib.sha256(repr(figures).encode()).hexdigest(),
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    sys.exit(main())
