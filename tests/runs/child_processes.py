"""This process's children: what they run, and scripts that begin at the same moment."""

import subprocess
import sys
from collections.abc import Sequence

import psutil

from vaelab import settings


def run_together(script: str, *arguments: Sequence[str]) -> list[str]:
    """What a process for each list of arguments prints; all must end well, without a complaint.

    The script reads one line of stdin when it is ready to begin; all get it at once.
    """
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script, *words],
            cwd=settings.PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for words in arguments
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate() for process in processes]
    for process, (_, complaint) in zip(processes, said, strict=True):
        assert (process.returncode, complaint) == (0, "")
    return [printed for printed, _ in said]


def children_that_run(word: str) -> list[psutil.Process]:
    """Children with that word on their command line; one that has ended runs nothing."""
    return [child for child in psutil.Process().children() if word in _command(child)]


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:  # over, and perhaps not yet waited for by whoever started it
        return []
