"""The rate-distortion plane as an SVG that needs nothing else."""

from __future__ import annotations

import html
from collections.abc import Sequence

from vaelab.evaluation.compare import RatePoint

WIDTH, HEIGHT, MARGIN = 720, 420, 60


def rate_distortion_svg(points: Sequence[RatePoint]) -> str:
    """Distortion over rate, one dot a model, dashed lines of equal ELBO; empty without points."""
    if not points:
        return ""
    x_low, x_high = _range([point.rate for point in points])
    y_low, y_high = _range([point.distortion for point in points])

    def place(rate: float, distortion: float) -> tuple[float, float]:
        x = MARGIN + (rate - x_low) / (x_high - x_low) * (WIDTH - 2 * MARGIN)
        y = HEIGHT - MARGIN - (distortion - y_low) / (y_high - y_low) * (HEIGHT - 2 * MARGIN)
        return x, y

    parts = []
    for point in points:
        left, right = place(x_low, _at(point, x_low)), place(x_high, _at(point, x_high))
        parts.append(
            f'<line x1="{left[0]:.1f}" y1="{left[1]:.1f}" x2="{right[0]:.1f}" '
            f'y2="{right[1]:.1f}" stroke="currentColor" stroke-dasharray="2 4" opacity=".35" '
            'clip-path="url(#plane)"/>'
        )
        x, y = place(point.rate, point.distortion)
        elbo = -(point.rate + point.distortion)
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="#3d7ff5"><title>'
            f"{html.escape(point.name)}: ELBO {elbo:.2f}</title></circle>"
            f'<text x="{x + 10:.1f}" y="{y - 8:.1f}">{html.escape(point.name)} '
            f"({elbo:.1f})</text>"
        )
    inner = (WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN)
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" role="img" fill="currentColor" '
        'font-family="system-ui,sans-serif" font-size="13" '
        'aria-label="Distortion over rate; models on one dashed line have the same ELBO">'
        f'<clipPath id="plane"><rect x="{MARGIN}" y="{MARGIN}" width="{inner[0]}" '
        f'height="{inner[1]}"/></clipPath><rect x="{MARGIN}" y="{MARGIN}" width="{inner[0]}" '
        f'height="{inner[1]}" fill="none" stroke="currentColor" opacity=".4"/>{"".join(parts)}'
        f"{_ticks(x_low, x_high, y_low, y_high)}"
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 12}" text-anchor="middle">rate, nats per image</text>'
        f'<text transform="translate(16 {HEIGHT / 2}) rotate(-90)" text-anchor="middle">'
        "distortion, nats per image</text></svg>"
    )


def _at(point: RatePoint, rate: float) -> float:
    """The distortion that has the point's ELBO at another rate."""
    return point.rate + point.distortion - rate


def _range(values: Sequence[float]) -> tuple[float, float]:
    pad = 0.25 * (max(values) - min(values)) + 1
    return min(values) - pad, max(values) + pad


def _ticks(x_low: float, x_high: float, y_low: float, y_high: float) -> str:
    bottom, side = HEIGHT - MARGIN + 18, MARGIN - 6
    return (
        f'<text x="{MARGIN}" y="{bottom}" text-anchor="middle">{x_low:.1f}</text>'
        f'<text x="{WIDTH - MARGIN}" y="{bottom}" text-anchor="middle">{x_high:.1f}</text>'
        f'<text x="{side}" y="{HEIGHT - MARGIN}" text-anchor="end">{y_low:.1f}</text>'
        f'<text x="{side}" y="{MARGIN + 10}" text-anchor="end">{y_high:.1f}</text>'
    )
