"""A run as the database knows it: read-only values, one object a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from vaelab.runs.processes import WorkerId
from vaelab.runs.states import ACTIVE, WORKING, RunState


@dataclass(frozen=True)
class Progress:
    """What a worker reports with every heartbeat."""

    stage: str = ""  # starting, loading, compiling, training, saving, exporting, evaluating
    epoch: int = 0  # the epoch in progress, from 1
    fraction: float = 0.0  # of the whole run, 0..1
    eta_seconds: float | None = None
    images_per_second: float | None = None
    saved_at: float | None = None  # when the state to resume from was last written, Unix seconds


@dataclass(frozen=True)
class Run:
    """One run; all times are Unix seconds.

    Attributes:
        config: `RunConfig.to_dict()`; see `RunConfig.from_dict`.
        checkpoint: the checkpoint folder that this run writes.
        background: launched by a supervisor; otherwise somebody's own process trains.
        worker: the process at work, once it is known.
        priority: a queued run of a higher one starts first.
        position: of two queued runs of one priority, the lower one starts first.
        group: of runs that were queued together; empty for none.
        slot: which of the host's slots it has, see `vaelab.runs.slots`.
        job: what a cluster calls this attempt at the run, see `vaelab.runs.launchers`; None
            where the worker is a process that a host was to start itself.
        home: the folder that has its log and its saved state, see `vaelab.runs.logs.home_id`.
    """

    id: int
    name: str
    state: RunState
    message: str
    config: dict[str, Any]
    checkpoint: str
    background: bool
    created_at: float
    started_at: float | None
    finished_at: float | None
    stop_requested_at: float | None
    heartbeat_at: float | None
    host: str | None
    worker: WorkerId | None
    progress: Progress
    priority: int
    position: float
    group: str
    slot: str | None
    job: str | None
    home: str | None

    @property
    def is_active(self) -> bool:
        """Queued, running or pausing: it goes on by itself."""
        return self.state in ACTIVE

    @property
    def is_working(self) -> bool:
        """Running or pausing: a process is at it."""
        return self.state in WORKING

    @property
    def epochs(self) -> int:
        """Epochs asked for."""
        return int(self.config.get("train", {}).get("epochs", 0))

    @property
    def threads(self) -> int:
        """Threads asked for; 0 leaves it to the machine."""
        return int(self.config.get("train", {}).get("threads", 0))

    @property
    def seconds(self) -> float | None:
        """From its start to its end, or to its last sign of life."""
        if self.started_at is None:
            return None
        return (self.finished_at or self.heartbeat_at or self.started_at) - self.started_at

    @classmethod
    def from_row(cls, row: sa.RowMapping) -> Run:
        worker = None
        if row["pid"] is not None:
            worker = WorkerId(row["host"], row["pid"], row["process_started"])
        return cls(
            id=row["id"],
            name=row["name"],
            state=RunState(row["state"]),
            message=row["message"],
            config=row["config"],
            checkpoint=row["checkpoint"],
            background=row["background"],
            created_at=row["created_at"],
            started_at=row["started_at"],
            finished_at=row["finished_at"],
            stop_requested_at=row["stop_requested_at"],
            heartbeat_at=row["heartbeat_at"],
            host=row["host"],
            worker=worker,
            progress=Progress(
                row["stage"],
                row["epoch"],
                row["fraction"],
                row["eta_seconds"],
                row["images_per_second"],
                row["saved_at"],
            ),
            priority=row["priority"],
            position=row["position"],
            group=row["group_name"],
            slot=row["slot"],
            job=row["job"],
            home=row["home"],
        )


@dataclass(frozen=True)
class Metric:
    """One number of one epoch of one split, in the unit of its name (nats per image)."""

    epoch: int
    split: str
    name: str
    value: float
