"""Damaged and hostile inputs against every parser of bytes from outside.

    python -m benchmarks.fuzz 20000 [--seed 0] [--only NAME] [--first 0]

Each parser reads N inputs in a process of its own, whose address space may grow by 1 GB. What is
no value and no refusal with a sentence, takes more than 5 s or 1 GB, or leaves a file where none
belongs is printed, with the input's number: `--only NAME --first NUMBER 1` reads it alone.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from dataclasses import asdict
from pathlib import Path

HEADER = (
    f"{'parser':28} {'inputs':>7} {'refused':>8} {'accepted':>8} {'worst s':>8} {'worst MB':>8}"
)
MOST_BYTES = 2**30


def main() -> int:
    """Run all parsers, one after the other; 1 if one of them has a defect."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("n", type=int, nargs="?", default=20_000, help="inputs a parser")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", help="one parser, by name")
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.here:
        return _attack_here(asked)
    from tests.fuzzing.parsers import PARSERS

    names = [name for name in PARSERS if asked.only in (None, name)]
    print(f"{HEADER} {'minutes':>8}", flush=True)
    return max([_attack_apart(name, asked) for name in names], default=2)


def _attack_apart(name: str, asked: argparse.Namespace) -> int:
    started = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.fuzz", str(asked.n), "--here", "--only", name]
    command += ["--seed", str(asked.seed), "--first", str(asked.first)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:  # what decoders written in C say of damage is of no interest otherwise
        print(f"{name:28} ended with {done.returncode}", done.stderr[-2000:], flush=True)
        return 1
    found = json.loads(done.stdout.splitlines()[-1])
    minutes = (time.perf_counter() - started) / 60
    print(
        f"{name:28} {found['inputs']:7,} {found['refused']:8,} {found['accepted']:8,} "
        f"{found['worst_seconds']:8.2f} {found['worst_bytes'] / 2**20:8.0f} {minutes:8.1f}",
        *(f"{times:,} times {account}" for account, times in found["defects"].items()),
        sep="\n",
        flush=True,
    )
    return 1 if found["defects"] else 0


def _attack_here(asked: argparse.Namespace) -> int:
    """One parser in this process; its tally as a line of JSON."""
    with tempfile.TemporaryDirectory(prefix="vaelab-fuzz-") as folder:
        _settle(Path(folder))
        from tests.fuzzing.campaign import attack
        from tests.fuzzing.parsers import PARSERS

        target = PARSERS[asked.only](Path(folder))
        attack(asked.only, target, 5, seed=-1)  # what is loaded once is not counted
        grown = _address_space() + MOST_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (grown, grown))
        tally = attack(asked.only, target, asked.n, asked.seed, asked.first)
    print(json.dumps(asdict(tally)))
    return 0


def _settle(sandbox: Path) -> None:
    """Everything that is written goes below the sandbox."""
    warnings.simplefilter("ignore")
    os.environ.update(
        VAELAB_HOME=str(sandbox / "home"),
        VAELAB_CHECKPOINTS=str(sandbox / "checkpoints"),
        TMPDIR=str(sandbox / "tmp"),
        TORCHINDUCTOR_CACHE_DIR=str(sandbox / "home" / "inductor"),
        OMP_NUM_THREADS="1",
    )
    for name in ("home", "checkpoints", "tmp", "input"):
        (sandbox / name).mkdir()
    tempfile.tempdir = None


def _address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    sys.exit(main())
