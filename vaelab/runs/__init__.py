"""A run: its record in the database, its process, its queue, where it is launched.

What is exported here does not import torch. `RunConfig` stands in `vaelab.runs.config`,
`execute` in `vaelab.runs.worker`.
"""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError as DatabaseError

from vaelab.runs.dialects import reason
from vaelab.runs.logs import has_state, is_here, log_path, tail
from vaelab.runs.lost import mark_lost
from vaelab.runs.opening import DatabaseAwayError
from vaelab.runs.record import Metric, Progress, Run
from vaelab.runs.reports import Beat
from vaelab.runs.states import (
    ACTIVE,
    RESUMABLE,
    TRANSITIONS,
    UNFINISHED,
    WORKING,
    RunError,
    RunState,
)
from vaelab.runs.store import RunStore
from vaelab.runs.supervisor import Supervisor

__all__ = [
    "ACTIVE",
    "RESUMABLE",
    "TRANSITIONS",
    "UNFINISHED",
    "WORKING",
    "Beat",
    "DatabaseAwayError",
    "DatabaseError",
    "Metric",
    "Progress",
    "Run",
    "RunError",
    "RunState",
    "RunStore",
    "Supervisor",
    "has_state",
    "is_here",
    "log_path",
    "mark_lost",
    "reason",
    "tail",
]
