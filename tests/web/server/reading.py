"""Reads a map's columns as the browser does."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class Columns:
    header: dict[str, Any]
    arrays: dict[str, np.ndarray]


def read_columns(content: bytes) -> Columns:
    """A header and columns, of which nothing may be left over."""
    assert content[:4] == b"VLP1"
    (length,) = struct.unpack("<I", content[4:8])
    start = 8 + length
    assert start % 4 == 0
    header = json.loads(content[8:start])
    arrays = {}
    for column in header["columns"]:
        kind = np.dtype(column["type"]).newbyteorder("<")
        arrays[column["name"]] = np.frombuffer(content, kind, header["n"], start)
        start += header["n"] * kind.itemsize
    assert start == len(content)
    return Columns(header, arrays)
