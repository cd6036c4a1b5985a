"""What this process's children run."""

import psutil


def children_that_run(word: str) -> list[psutil.Process]:
    """Children with that word on their command line; one that has ended runs nothing."""
    return [child for child in psutil.Process().children() if word in _command(child)]


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:  # over, and perhaps not yet waited for by whoever started it
        return []
