"""The numbers, pictures and arrays of a run's epochs, as rows."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping

import numpy as np
import sqlalchemy as sa

from vaelab.runs.record import Metric
from vaelab.runs.tables import arrays, images, metrics


def write_metrics(
    connection: sa.Connection,
    run_id: int,
    epoch: int,
    splits: Mapping[str, Mapping[str, float]],
) -> None:
    """Replace the numbers of one epoch: split -> name -> value."""
    rows = [
        {
            "run_id": run_id,
            "epoch": epoch,
            "split": split,
            "name": name,
            "value": float(value) if math.isfinite(value) else None,
        }
        for split, values in splits.items()
        for name, value in values.items()
    ]
    connection.execute(metrics.delete().where(metrics.c.run_id == run_id, metrics.c.epoch == epoch))
    if rows:
        connection.execute(metrics.insert(), rows)


def read_metrics(connection: sa.Connection, run_id: int) -> list[Metric]:
    query = (
        sa.select(metrics)
        .where(metrics.c.run_id == run_id)
        .order_by(metrics.c.epoch, metrics.c.split, metrics.c.name)
    )
    return [
        Metric(row.epoch, row.split, row.name, math.nan if row.value is None else row.value)
        for row in connection.execute(query)
    ]


def write_image(connection: sa.Connection, run_id: int, epoch: int, kind: str, png: bytes) -> None:
    connection.execute(
        images.delete().where(
            images.c.run_id == run_id, images.c.epoch == epoch, images.c.kind == kind
        )
    )
    connection.execute(images.insert().values(run_id=run_id, epoch=epoch, kind=kind, png=png))


def image_epochs(connection: sa.Connection, run_id: int, kind: str) -> list[int]:
    query = (
        sa.select(images.c.epoch)
        .where(images.c.run_id == run_id, images.c.kind == kind)
        .order_by(images.c.epoch)
    )
    return [int(epoch) for epoch in connection.scalars(query)]


def read_image(connection: sa.Connection, run_id: int, epoch: int, kind: str) -> bytes | None:
    query = sa.select(images.c.png).where(
        images.c.run_id == run_id, images.c.epoch == epoch, images.c.kind == kind
    )
    png = connection.scalar(query)
    return None if png is None else bytes(png)


def write_array(
    connection: sa.Connection, run_id: int, epoch: int, name: str, array: np.ndarray
) -> None:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    connection.execute(
        arrays.delete().where(
            arrays.c.run_id == run_id, arrays.c.epoch == epoch, arrays.c.name == name
        )
    )
    values = {"run_id": run_id, "epoch": epoch, "name": name, "npy": buffer.getvalue()}
    connection.execute(arrays.insert().values(**values))


def read_array(connection: sa.Connection, run_id: int, epoch: int, name: str) -> np.ndarray | None:
    query = sa.select(arrays.c.npy).where(
        arrays.c.run_id == run_id, arrays.c.epoch == epoch, arrays.c.name == name
    )
    content = connection.scalar(query)
    if content is None:
        return None
    array: np.ndarray = np.load(io.BytesIO(bytes(content)), allow_pickle=False)
    return array
