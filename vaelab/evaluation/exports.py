"""A comparison as CSV, Markdown, LaTeX and a self-contained HTML page."""

from __future__ import annotations

import csv
import html
import io
import math
from collections.abc import Callable

from vaelab.evaluation.bootstrap import Difference
from vaelab.evaluation.compare import Comparison, Row
from vaelab.evaluation.report import Figure
from vaelab.evaluation.svg import rate_distortion_svg

COLUMNS = (
    "key",
    "report",
    "name",
    "value",
    "standard_error",
    "interval_low",
    "interval_high",
    "unit",
    "split",
    "n_images",
    "n_samples",
    "seed",
    "difference_from_first",
    "difference_low",
    "difference_high",
    "definition",
)
_LATEX = {
    **{c: f"\\{c}" for c in "&%$#_{}"},
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "\\": r"\textbackslash{}",
    "±": r"$\pm$",
    "−": "$-$",
    "–": "--",
    "≤": r"$\leq$",
    "|": r"$|$",
    "<": r"$<$",
    ">": r"$>$",
}


def to_csv(comparison: Comparison) -> str:
    """One line a figure and report, numbers in full."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for row in comparison.rows:
        for name, figure, difference in zip(
            comparison.names, row.figures, row.differences, strict=True
        ):
            if figure is not None:
                writer.writerow({**figure.to_dict(), "report": name, **_numbers(difference)})
    return text.getvalue()


def to_markdown(comparison: Comparison) -> str:
    """A table with a column a report, differences in a column of their own, notes below it."""
    head, body = _table(comparison)
    lines = [_markdown_line(head), _markdown_line(["---", *["---:"] * (len(head) - 2), "---"])]
    lines += [_markdown_line(line) for line in body]
    notes = [f"\n{note}" for note in comparison.notes]
    return "\n".join([*lines, *notes]) + "\n"


def to_latex(comparison: Comparison) -> str:
    """A `tabular` for booktabs."""
    head, body = _table(comparison)
    rows = [" & ".join(map(_latex, line)) + r" \\" for line in (head, *body)]
    notes = [f"% {note}" for note in comparison.notes]
    return "\n".join(
        [
            *notes,
            rf"\begin{{tabular}}{{l{'r' * (len(head) - 2)}l}}",
            r"\toprule",
            rows[0],
            r"\midrule",
            *rows[1:],
            r"\bottomrule",
            r"\end{tabular}",
            "",
        ]
    )


def to_html(comparison: Comparison) -> str:
    """One page without links to anything: table, rate-distortion plot, definitions."""
    head, body = _table(comparison)
    cells = "".join(f"<th>{html.escape(cell)}</th>" for cell in head)
    rows = "".join(
        f"<tr><th title='{html.escape(row.definition, quote=True)}'>{html.escape(line[0])}</th>"
        + "".join(f"<td>{html.escape(cell)}</td>" for cell in line[1:])
        + "</tr>"
        for line, row in zip(body, comparison.rows, strict=True)
    )
    notes = "".join(f"<p>{html.escape(note)}</p>" for note in comparison.notes)
    terms = "".join(
        f"<dt>{html.escape(row.name)} <small>{html.escape(row.unit)}; "
        f"{html.escape(measured_on(row))}</small></dt><dd>{html.escape(row.definition)}</dd>"
        for row in comparison.rows
    )
    plot = rate_distortion_svg(comparison.points)
    return (
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>vaelab report</title>"
        f"<style>{_STYLE}</style><main><h1>{html.escape(', '.join(comparison.names))}</h1>{notes}"
        f"<div class='wide'><table><thead><tr>{cells}</tr></thead><tbody>{rows}</tbody></table>"
        f"</div>{plot}<h2>What the figures mean</h2><dl>{terms}</dl></main></html>\n"
    )


FORMATS: dict[str, Callable[[Comparison], str]] = {
    "csv": to_csv,
    "markdown": to_markdown,
    "latex": to_latex,
    "html": to_html,
}


def with_error(figure: Figure | None) -> str:
    """`-94.12 ± 0.31`, `0.97 [0.95, 0.99]`, in as many digits as the error leaves meaning."""
    if figure is None:
        return "–"
    error, low, high = figure.standard_error, figure.interval_low, figure.interval_high
    if error:
        digits = _digits(error)
        return f"{figure.value:.{digits}f} ± {error:.{digits}f}"
    if low is not None and high is not None:
        digits = _digits((high - low) / 4) if high > low else 3
        return f"{figure.value:.{digits}f} [{low:.{digits}f}, {high:.{digits}f}]"
    return f"{figure.value:.4g}"


def difference_text(difference: Difference | None) -> str:
    """`+1.20 [+1.02, +1.38]`, the value and its 95% interval; empty for None."""
    if difference is None:
        return ""
    low, high = difference.interval.low, difference.interval.high
    digits = _digits((high - low) / 4) if high > low else 3
    return f"{difference.value:+.{digits}f} [{low:+.{digits}f}, {high:+.{digits}f}]"


def measured_on(row: Row) -> str:
    """`10,000 test images; 1,000 of them, 64 samples`: each way in which it was measured."""
    ways: dict[str, None] = {}
    for figure in row.figures:
        if figure is not None:
            text = f"{figure.n_images:,} {figure.split} images"
            samples = "" if figure.n_samples is None else f", {figure.n_samples:,} samples"
            seed = "" if figure.seed is None else f", seed {figure.seed}"
            ways[text + samples + seed] = None
    return "; ".join(ways)


def _table(comparison: Comparison) -> tuple[list[str], list[list[str]]]:
    """Head and body: figure, one column a report, its difference where there is any, unit."""
    paired = [
        i
        for i in range(len(comparison.names))
        if any(row.differences[i] is not None for row in comparison.rows)
    ]
    head, first = ["figure"], comparison.names[0]
    for i, name in enumerate(comparison.names):
        head += [name, f"{name} − {first}, 95%"] if i in paired else [name]
    body = []
    for row in comparison.rows:
        line = [row.name]
        for i, figure in enumerate(row.figures):
            line.append(with_error(figure))
            if i in paired:
                line.append(difference_text(row.differences[i]))
        body.append([*line, row.unit])
    return [*head, "unit"], body


def _digits(error: float) -> int:
    """Decimal places that leave two digits of the error."""
    return max(0, 1 - math.floor(math.log10(error)))


def _numbers(difference: Difference | None) -> dict[str, float]:
    if difference is None:
        return {}
    return {
        "difference_from_first": difference.value,
        "difference_low": difference.interval.low,
        "difference_high": difference.interval.high,
    }


def _markdown_line(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _latex(text: str) -> str:
    return "".join(_LATEX.get(letter, letter) for letter in text)


_STYLE = """
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:.25rem .75rem;border-bottom:1px solid #8884;text-align:right;white-space:nowrap}
th:first-child,td:last-child{text-align:left}
svg{max-width:100%;height:auto;margin:1.5rem 0}
dt{font-weight:600;margin-top:.75rem}dt small{font-weight:400;opacity:.75}dd{margin:0}
"""
