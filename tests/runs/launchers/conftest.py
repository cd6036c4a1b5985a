"""A run of digits, and a client of Ray's that needs no Ray."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from vaelab.data import DataSpec
from vaelab.runs.config import RunConfig
from vaelab.training import TrainConfig


@pytest.fixture(autouse=True)
def nothing_is_said(monkeypatch) -> None:
    for name in ("LAUNCHER", "SLOTS", "RAY_ADDRESS", "RAY_PYTHON", "RAY_CPUS", "RAY_GPUS"):
        monkeypatch.delenv(f"VAELAB_{name}", raising=False)


@pytest.fixture
def config() -> Callable[..., RunConfig]:
    def make(name: str = "a", epochs: int = 1, threads: int = 0) -> RunConfig:
        model = {"latent_dim": 2, "width": 16}
        train = TrainConfig(epochs=epochs, threads=threads, compile="off")
        return RunConfig(name, DataSpec("digits"), "vae", model, train)

    return make


@dataclass
class FakeInfo:
    """What Ray's client returns of a job, as far as it is read."""

    status: str = "PENDING"
    message: str = ""
    driver_exit_code: int | None = None
    error_type: str | None = None


@dataclass
class FakeClient:
    """The verbs of Ray's `JobSubmissionClient`, with its errors and without a cluster."""

    jobs: dict[str, FakeInfo] = field(default_factory=dict)
    submitted: list[dict[str, Any]] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    logs: dict[str, str] = field(default_factory=dict)
    trouble: Exception | None = None

    def get_version(self) -> str:
        self._answer()
        return "4"

    def submit_job(self, **values: Any) -> str:
        self._answer()
        name = values["submission_id"]
        if name in self.jobs:
            raise RuntimeError("Request failed with status code 500: ... already exists.")
        self.submitted.append(values)
        self.jobs[name] = FakeInfo()
        return str(name)

    def get_job_info(self, name: str) -> FakeInfo:
        self._answer()
        if name not in self.jobs:
            raise RuntimeError(f"Request failed with status code 404: Job {name} does not exist.")
        return self.jobs[name]

    def stop_job(self, name: str) -> bool:
        self._answer()
        self.stopped.append(name)
        return True

    def get_job_logs(self, name: str) -> str:
        self._answer()
        if name not in self.logs:
            raise RuntimeError("Request failed with status code 500: no such node")
        return self.logs[name]

    def _answer(self) -> None:
        if self.trouble is not None:
            raise self.trouble


@pytest.fixture
def client() -> FakeClient:
    return FakeClient()
