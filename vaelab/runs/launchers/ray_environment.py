"""The environment of a worker on another node: what a host hands down to its own processes."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy.engine import make_url

from vaelab import settings
from vaelab.runs.processes import JOB
from vaelab.runs.threads import CORES, prepare_environment

# Said of this server, not of its workers; a token of Ray's is never handed on by vaelab.
_OURS = ("VAELAB_LAUNCHER", "VAELAB_RAY_", "VAELAB_SLOTS")


def worker_environment(database_url: str, job: str, cpus: float) -> dict[str, str]:
    """Variables that a job gets beside those of its node; folders with their whole paths.

    Args:
        database_url: of the runs.
        job: its name in the cluster.
        cpus: cores that it asks the cluster for, and must not take more of.
    """
    cores = max(1, int(cpus))
    named = {name: value for name, value in os.environ.items() if name.startswith("VAELAB_")}
    environment = {name: value for name, value in named.items() if not name.startswith(_OURS)}
    prepare_environment(environment, cores)
    return environment | {
        "VAELAB_HOME": str(settings.home().absolute()),
        "VAELAB_DATA": str(settings.data_dir().absolute()),
        "VAELAB_CHECKPOINTS": str(settings.checkpoints_dir().absolute()),
        "VAELAB_DATABASE_URL": _with_whole_path(database_url),
        "PYTHONPATH": os.pathsep.join(
            filter(None, (str(settings.PROJECT), os.environ.get("PYTHONPATH", "")))
        ),
        CORES: str(cores),
        JOB: job,
    }


def _with_whole_path(url: str) -> str:
    """The same database for a process that works in another folder."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        return url
    path = str(Path(address.database).absolute())
    return address.set(database=path).render_as_string(hide_password=False)
