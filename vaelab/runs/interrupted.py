"""Finding the run that a command began, to go on with it."""

from __future__ import annotations

from typing import Any

from vaelab.runs.config import RunConfig
from vaelab.runs.lost import mark_lost
from vaelab.runs.states import RESUMABLE
from vaelab.runs.store import RunStore


def interrupted_run(store: RunStore, config: RunConfig) -> int | None:
    """The newest run of this checkpoint, if it can be resumed; None if there is nothing to.

    Raises:
        ValueError: if that run was begun with other settings.
    """
    mark_lost(store)  # no app need be running for a killed one to be noticed
    folder = str(config.checkpoint_folder)
    newest = next((run for run in store.list_runs() if run.checkpoint == folder), None)
    if newest is None or newest.state not in RESUMABLE:
        return None
    begun = _settings(RunConfig.from_dict(newest.config))
    now = _settings(config)
    changed = [name for name in begun if begun[name] != now[name]]
    if changed:
        texts = [f"{name} (it had {begun[name]!r}, got {now[name]!r})" for name in changed]
        raise ValueError(
            f"run {newest.id} ({newest.name}) can only go on with the settings that it began "
            f"with, other than: {', '.join(texts)}."
        )
    return newest.id


def _settings(config: RunConfig) -> dict[str, Any]:
    """All that determines the result, by name; all of the same names."""
    values = config.to_dict()
    return {
        **{f"data.{name}": value for name, value in values["data"].items()},
        **values["model"],
        **values["train"],
        "family": config.family,
        "data_dir": config.data_dir,
    }
