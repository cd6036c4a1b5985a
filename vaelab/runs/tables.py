"""The tables of the run database."""

from __future__ import annotations

import sqlalchemy as sa

SCHEMA_VERSION = 3

metadata = sa.MetaData()

schema = sa.Table("schema", metadata, sa.Column("version", sa.Integer, nullable=False))

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("message", sa.Text, nullable=False, default=""),
    sa.Column("config", sa.JSON, nullable=False),
    sa.Column("checkpoint", sa.Text, nullable=False),  # its folder
    sa.Column("background", sa.Boolean, nullable=False),
    sa.Column("created_at", sa.Double, nullable=False),  # all times: Unix seconds
    sa.Column("started_at", sa.Double),
    sa.Column("finished_at", sa.Double),
    sa.Column("stop_requested_at", sa.Double),
    sa.Column("heartbeat_at", sa.Double),
    sa.Column("host", sa.Text),
    sa.Column("pid", sa.Integer),
    sa.Column("process_started", sa.Double),
    sa.Column("stage", sa.Text, nullable=False, default=""),
    sa.Column("epoch", sa.Integer, nullable=False, default=0),
    sa.Column("fraction", sa.Double, nullable=False, default=0.0),
    sa.Column("eta_seconds", sa.Double),
    sa.Column("images_per_second", sa.Double),
    sa.Column("saved_at", sa.Double),  # when the state to resume from was last written
    # The queue: highest priority first, then the lowest position.
    sa.Column("priority", sa.Integer, nullable=False, default=0),
    sa.Column("position", sa.Double, nullable=False, default=0.0),
    sa.Column("group_name", sa.Text, nullable=False, default=""),  # of a sweep; empty: none
    sa.Column("slot", sa.Text),  # of the host, while a background worker is at it
    sa.Column("job", sa.Text),  # of the cluster that was given the run; null: a process of a host
    sa.Column("home", sa.Text),  # which folder has its log and saved state, see `vaelab.runs.logs`
    sqlite_autoincrement=True,  # a deleted run's number is not given out again: its log has it
)

metrics = sa.Table(
    "metrics",
    metadata,
    sa.Column("run_id", sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("epoch", sa.Integer, primary_key=True),
    sa.Column("split", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Double),  # null: not a finite number
)

images = sa.Table(
    "images",
    metadata,
    sa.Column("run_id", sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("epoch", sa.Integer, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("png", sa.LargeBinary, nullable=False),
)

arrays = sa.Table(
    "arrays",
    metadata,
    sa.Column("run_id", sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("epoch", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("npy", sa.LargeBinary, nullable=False),
)
