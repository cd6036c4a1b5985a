"""What a figure means and how it came about, behind a button beside it."""

from __future__ import annotations

import streamlit as st

from vaelab.checkpoints import Checkpoint
from vaelab.evaluation import Figure
from vaelab.evaluation.definitions import equation_of, section_of
from vaelab.evaluation.report_parts import SectionRecord
from vaelab.web import words


def popover(checkpoint: Checkpoint, figure: Figure, label: str, place: str) -> None:
    """A button that opens definition, equation, unit, images, samples, seed and source.

    Args:
        checkpoint: whose figure it is.
        figure: the figure.
        label: the button's, Markdown.
        place: of the button on the page; different for two of one figure.
    """
    with st.popover(label, type="tertiary", wrap=True, key=f"about-{place}-{figure.key}"):
        about(checkpoint, figure)


def about(checkpoint: Checkpoint, figure: Figure) -> None:
    """The same without the button; one element, as a page has dozens of them."""
    config = checkpoint.model_config
    equation = equation_of(
        figure.key, conditional=config.is_conditional, autoencoder=config.is_autoencoder
    )
    lines = [f"**{figure.name}**", figure.definition]
    if equation:
        lines.append(f"$$\n{equation}\n$$")
    known = facts(checkpoint, figure).items()
    lines.append("  \n".join(f":gray[{name}] {text}" for name, text in known))
    st.markdown("\n\n".join(lines))


def facts(checkpoint: Checkpoint, figure: Figure) -> dict[str, str]:
    """Unit, split, counts, seed, error and source, by their names."""
    found = {
        "Unit": figure.unit,
        "Images": f"{figure.n_images:,} of {checkpoint.data_name}, {figure.split} split",
    }
    if figure.n_samples is not None:
        how = "in all" if section_of(figure.key) == "samples" else "per image"
        found["Samples"] = f"{figure.n_samples:,} {how}"
    found["Seed"] = "none: nothing is random" if figure.seed is None else str(figure.seed)
    if figure.standard_error is not None:
        found["Standard error"] = f"{words.number(figure.standard_error)}, over images"
    if figure.interval_low is not None and figure.interval_high is not None:
        low, high = words.number(figure.interval_low), words.number(figure.interval_high)
        found["95% interval"] = f"{low} to {high}, by bootstrap"
    found["Key"] = f"`{figure.key}`"
    section = section_of(figure.key)
    if section:
        found["Source"] = f"`vaelab/evaluation/sections/{section}.py`"
    record = _record_of(checkpoint, figure)
    if record is not None:
        found["Measured"] = f"{record.created[:10]}, in {words.duration(record.seconds)}"
    return found


def _record_of(checkpoint: Checkpoint, figure: Figure) -> SectionRecord | None:
    """The section that the figure was computed in; older reports do not say."""
    sections = () if checkpoint.report is None else checkpoint.report.sections
    return next((record for record in sections if figure.key in record.keys), None)
