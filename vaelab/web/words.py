"""Checkpoints, runs and figures in words: the same ones on every page."""

from __future__ import annotations

import math

from vaelab.checkpoints import Checkpoint
from vaelab.evaluation import Figure
from vaelab.runs import DatabaseError, RunState, reason
from vaelab.runs.record import Run

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
MINUS = "−"


def sentence(error: Exception) -> str:
    """What an error says, beginning with a capital letter."""
    if isinstance(error, DatabaseError):  # with its SQL it would be a page
        return f"The run database did not answer: {reason(error)}."
    text = str(error).strip() or type(error).__name__
    return text[0].upper() + text[1:]


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


def summary(checkpoint: Checkpoint) -> str:
    """`CVAE · mnist · 16 dimensions`."""
    config = checkpoint.model_config
    dims = f"{config.latent_dim} dimension{'' if config.latent_dim == 1 else 's'}"
    return f"{config.family_label} · {checkpoint.data_name} · {dims}"


def shape(image_shape: tuple[int, int, int]) -> str:
    """`28x28 grey` or `32x32 colour`."""
    c, h, w = image_shape
    return f"{h}x{w} {'grey' if c == 1 else 'colour'}"


def number(value: float) -> str:
    """A value for reading: as many digits as say something, and a true minus sign."""
    if value == int(value) and abs(value) < 1e6:
        text = f"{value:,.0f}"
    elif abs(value) >= 100:
        text = f"{value:,.1f}"
    elif abs(value) >= 1:
        text = f"{value:.2f}"
    else:
        text = f"{value:.4f}"
    return text.replace("-", MINUS)


def short_name(figure: Figure) -> str:
    """The name without what stands in brackets: how pixels are scored, on which images."""
    return figure.name.partition(" (")[0]


def value_and_error(figure: Figure) -> tuple[str, str]:
    """`−94.12` and `0.31`, in as many digits as the error leaves meaning; no error: empty.

    Half of a 95% bootstrap interval is taken for two errors.
    """
    error = figure.standard_error
    if error is None and figure.interval_low is not None and figure.interval_high is not None:
        error = (figure.interval_high - figure.interval_low) / 4
    if not error:
        return number(figure.value), ""
    digits = max(0, 1 - math.floor(math.log10(error)))  # two of the error say what is known
    return f"{figure.value:,.{digits}f}".replace("-", MINUS), f"{error:,.{digits}f}"


def with_error(figure: Figure) -> str:
    """`−94.12 ± 0.31`, without the error where there is none."""
    value, error = value_and_error(figure)
    return f"{value} ± {error}" if error else value


def headline(checkpoint: Checkpoint) -> Figure | None:
    """The figure that a checkpoint is introduced with: its ELBO, or its distortion."""
    report = checkpoint.report
    if report is None or not report.figures:
        return None
    return report.get("elbo") or report.get("distortion") or report.figures[0]


def progress_line(run: Run) -> str:
    """Where an unfinished run stands: `training, epoch 3 of 20 · 42% · 3 min left`."""
    if run.state is RunState.QUEUED:
        return "waiting for a free slot"
    progress = run.progress
    parts = [progress.stage or "starting"]
    if progress.stage == "training" and progress.epoch:
        parts = [f"epoch {progress.epoch} of {run.epochs}"]
    parts.append(f"{progress.fraction:.0%}")
    if run.stop_requested_at is not None:
        parts.append("stopping")
    elif run.state is RunState.PAUSING:
        parts.append("pausing")
    elif run.is_working and progress.eta_seconds is not None:
        parts.append(f"{duration(progress.eta_seconds)} left")
    return " · ".join(parts)
