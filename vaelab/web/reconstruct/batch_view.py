"""All pictures that came together: a table to sort, to download, and to open one from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import streamlit as st

from vaelab.evaluation.standing import Reference, reference_of
from vaelab.models import VAE
from vaelab.pictures import enlarge, to_picture
from vaelab.web import show
from vaelab.web.decoding import decode, encode
from vaelab.web.opened import Opened
from vaelab.web.reconstruct.batch_rows import Row, csv_of, filled, measured
from vaelab.web.reconstruct.class_posterior_view import samples_of as class_samples_of
from vaelab.web.reconstruct.log_px_view import samples_of
from vaelab.web.reconstruct.subject import Subject

SIDE, ROW_HEIGHT, HEADER_HEIGHT = 56, 64, 36
MOST_ROWS_HIGH = 9  # beyond that the table scrolls

Look = Callable[[int], None]


def draw(opened: Opened, subjects: Sequence[Subject], look: Look) -> None:
    """The table of all pictures; `look` makes one of them the page's, from a callback."""
    reference = reference_of(opened.checkpoint.report)
    asked = _asked(opened, subjects, reference)
    bar = st.progress(0.0, text="Measuring …")
    rows = []
    for row in measured(
        opened, subjects, reference, with_log_px=asked["log_px"], with_classes=asked["classes"]
    ):
        rows.append(row)
        bar.progress(
            len(rows) / len(subjects), text=f"Measuring picture {len(rows)} of {len(subjects)} …"
        )
    bar.empty()
    _table(opened, subjects, rows, look)
    st.caption(" ".join(_about(opened, rows, reference)))
    st.download_button(
        "CSV",
        csv_of(rows),
        file_name=f"{opened.checkpoint.id}-pictures.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key="batch-csv",
        help="The table’s numbers in full, without the pictures.",
    )


def _asked(
    opened: Opened, subjects: Sequence[Subject], reference: Reference | None
) -> dict[str, bool]:
    """Which slow measures were asked for of these very pictures; the buttons that ask."""
    these = hash(tuple(subject.image.tobytes() for subject in subjects))
    key = f"{opened.key}:batch"
    offers: dict[str, tuple[str, str]] = {}
    if isinstance(opened.model, VAE):
        px = "p(x | c)" if opened.n_classes else "p(x)"
        n = samples_of(opened, reference)
        offers["log_px"] = (f"Measure log {px}", f"By {n:,} importance samples of each picture.")
    if opened.n_classes:
        n = class_samples_of(opened)
        about = f"By {n:,} importance samples under each of {opened.n_classes} classes."
        offers["classes"] = ("Measure p(c | x)", about)
    asked = {name: st.session_state.get(f"{key}-{name}") == these for name in ("log_px", "classes")}
    with st.container(horizontal=True):
        for name, (title, about) in offers.items():
            st.button(
                title,
                icon=":material/functions:",
                key=f"batch-{name}",
                help=about,
                disabled=asked[name],
                on_click=st.session_state.update,
                args=({f"{key}-{name}": these},),
            )
    return asked


def _table(opened: Opened, subjects: Sequence[Subject], rows: list[Row], look: Look) -> None:
    key = "batch-look"

    def looked() -> None:
        click = st.session_state[key]
        if click is not None and click.row < len(rows):
            look(int(click.row))

    images = np.stack([subject.image for subject in subjects])
    labels = np.array([row.label or 0 for row in rows], np.int64) if opened.n_classes else None
    means = decode(opened.model, encode(opened.model, images, labels).mean, labels).mean
    cells = filled(rows)
    height = HEADER_HEIGHT + ROW_HEIGHT * min(len(rows), MOST_ROWS_HIGH)
    st.dataframe(
        {
            "look": ["Look"] * len(rows),
            "picture": [_address(image) for image in images],
            "reconstruction": [_address(mean) for mean in means],
            **{name: cells[name] for name in _columns(opened) if name in cells},
        },
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=height + 2,
        key="batch-table",
        alt="Every picture with its reconstruction and what the model says of it",
        column_config={
            "look": st.column_config.ButtonColumn(
                "", on_click=looked, key=key, type="tertiary", width="small"
            ),
            "picture": st.column_config.ImageColumn("Picture", width=70),
            "reconstruction": st.column_config.ImageColumn("Decoded", width=80),
            **_columns(opened),
        },
    )


def _columns(opened: Opened) -> dict[str, Any]:
    """The numbers' columns in their order: title, width, digits."""
    given = " | c" if opened.n_classes else ""
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    return {
        "name": text("File", width=104),
        "elbo": number("ELBO", format="%.1f", width=70, help="Nats; higher is better."),
        "log_px": number(f"log p(x{given})", format="%.1f", width=86, help="Nats."),
        "percentile": number("Percentile", format="%.1f", width=84),
        "told": text("c by ELBO", width=80, help="The class of the highest ELBO."),
        "class": text("c by Bayes", width=84, help="The class of the highest p(c | x)."),
        "probability": number("p(c | x)", format="%.3f", width=66),
        "distortion": number("Distortion", format="%.1f", width=84, help="Nats."),
        "rate": number("Rate", format="%.1f", width=60, help="Nats."),
        "effective_samples": number(
            "Effective", format="%.1f", width=76, help="Samples that carry log p(x)."
        ),
    }


def _about(opened: Opened, rows: list[Row], reference: Reference | None) -> list[str]:
    """What a reader of the numbers must know."""
    said = ["Nats. A click on a column’s title sorts; “Look” opens a picture’s dossier."]
    if opened.n_classes:
        said.append("Each picture is told the class of its highest ELBO.")
    if rows[0].log_px is not None and reference is not None:
        said.append(
            f"The percentile is the share of {len(reference.values):,} {reference.split} images "
            "with a lower value."
        )
    return said


def _address(image: np.ndarray) -> str:
    return show.png_address(enlarge(to_picture(image), SIDE))
