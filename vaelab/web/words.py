"""Checkpoints, runs and figures in words: the same ones on every page."""

from __future__ import annotations

import re

from vaelab.checkpoints import Checkpoint
from vaelab.evaluation import Figure, wording
from vaelab.evaluation.wording import MINUS, number, short_name, value_and_error, with_error
from vaelab.runs import DatabaseError, RunState, reason
from vaelab.runs.record import Run
from vaelab.standalone.card import summary

__all__ = [
    "MINUS",
    "about",
    "capital",
    "duration",
    "headline",
    "literal",
    "number",
    "progress_line",
    "sentence",
    "shape",
    "short_name",
    "shortened",
    "state_badge",
    "summary",
    "value_and_error",
    "with_error",
]

STATE_BADGES = {
    RunState.QUEUED: (":material/schedule:", "gray"),
    RunState.RUNNING: (":material/autorenew:", "blue"),
    RunState.PAUSING: (":material/pause:", "blue"),
    RunState.PAUSED: (":material/pause_circle:", "violet"),
    RunState.DONE: (":material/check:", "green"),
    RunState.STOPPED: (":material/stop_circle:", "orange"),
    RunState.FAILED: (":material/error:", "red"),
    RunState.LOST: (":material/help:", "red"),
}
NETWORK_TITLES = {"mlp": "Fully connected", "conv": "Residual convolutional"}


def sentence(error: Exception) -> str:
    """What an error says, beginning with a capital letter."""
    if isinstance(error, DatabaseError):  # with its SQL it would be a page
        return f"The run database did not answer: {reason(error)}."
    return capital(str(error).strip() or type(error).__name__)


def capital(text: str) -> str:
    """The text with a capital letter in front."""
    return text[:1].upper() + text[1:]


def literal(text: str) -> str:
    """Markdown that shows the text as it is: a file's name may hold anything."""
    return re.sub(r"([\\`*_{}\[\]<>()#+!|$:~-])", r"\\\1", text)


def state_badge(state: RunState) -> str:
    """A state as a coloured badge, in Markdown."""
    icon, colour = STATE_BADGES[state]
    return f":{colour}-badge[{icon} {state}]"


def duration(seconds: float | None) -> str:
    """`40 s`, `3 min`, `1 h 20 min`; empty for None."""
    if seconds is None:
        return ""
    if seconds < 1:
        return "less than a second"
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes and hours < 24 else f"{hours} h"


def about(seconds: float) -> str:
    """`about 3 min`, `less than a second`."""
    text = duration(seconds)
    return text if text.startswith("less") else f"about {text}"


def shape(image_shape: tuple[int, int, int]) -> str:
    """`28x28 grey` or `32x32 colour`."""
    c, h, w = image_shape
    return f"{h}x{w} {'grey' if c == 1 else 'colour'}"


def headline(checkpoint: Checkpoint) -> Figure | None:
    """The figure that a checkpoint is introduced with: its ELBO, or its distortion."""
    return wording.headline(checkpoint.report)


def progress_line(run: Run) -> str:
    """Where an unfinished run stands: `training, epoch 3 of 20 · 42% · 3 min left`."""
    if run.state is RunState.QUEUED:
        return "waiting for a free slot"
    progress = run.progress
    parts = [progress.stage or "starting"]
    if progress.stage == "training" and progress.epoch:
        parts = [f"epoch {progress.epoch:,} of {run.epochs:,}"]
    parts.append(f"{progress.fraction:.0%}")
    if run.stop_requested_at is not None:
        parts.append("stopping")
    elif run.state is RunState.PAUSING:
        parts.append("pausing")
    elif run.is_working and progress.eta_seconds is not None:
        parts.append(f"{duration(progress.eta_seconds)} left")
    return " · ".join(parts)


def shortened(text: str, most: int) -> str:
    """The text in at most `most` characters: its middle gives way, a file's suffix stays."""
    if len(text) <= most:
        return text
    end = (most - 1) // 2
    return f"{text[: most - 1 - end]}…{text[len(text) - end :]}"
