"""What people call the dimensions of a code."""

from __future__ import annotations


def dimension_name(dim: int) -> str:
    """`z1` to `zK` for the dimensions 0 to K-1."""
    return f"z{dim + 1}"
