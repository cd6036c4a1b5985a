"""A system notification when a run ends, for those who want one: the browser shows it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from vaelab.runs import ACTIVE
from vaelab.runs.record import Run

MOST = 20  # of the newest runs that are looked at

# Permission has to be asked for by a click; runs that had ended before are not told of.
SCRIPT = """\
const told = new Map()

export default function (component) {
  const { data, parentElement } = component
  const place = parentElement.querySelector('.notify')
  const words = {
    granted: 'Your browser will say when a run ends, while this page is open.',
    denied: 'Notifications are blocked for this page; allow them in the browser’s settings.',
  }
  const show = () => {
    place.replaceChildren()
    if (!('Notification' in window)) {
      place.textContent = 'This browser has no notifications.'
    } else if (Notification.permission === 'default') {
      const button = document.createElement('button')
      button.textContent = 'Allow notifications'
      button.onclick = () => Notification.requestPermission().then(show)
      place.append(button)
    } else {
      place.textContent = words[Notification.permission]
    }
  }
  show()
  for (const run of data.runs) {
    const before = told.get(run.id)
    told.set(run.id, run.ended)
    if (before === false && run.ended && window.Notification?.permission === 'granted') {
      new Notification(`${run.name}: ${run.state}`, { body: run.message, tag: `run-${run.id}` })
    }
  }
}
"""
STYLE = """\
.notify { font: 0.875rem var(--st-font); color: var(--st-text-color); opacity: 0.8; }
.notify button { font: inherit; color: inherit; background: none; cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius);
  padding: 0.25rem 0.75rem; }
"""

_notify = st.components.v2.component(
    "vaelab_notify", html='<div class="notify" role="status"></div>', css=STYLE, js=SCRIPT
)


def notify(runs: Sequence[Run]) -> None:
    """The switch, and while it is on what the browser needs to know."""
    if st.toggle("Notify me when a run ends", key="notify-on"):
        _notify(data={"runs": [_told(run) for run in runs[:MOST]]}, key="notify")


def _told(run: Run) -> dict[str, object]:
    return {
        "id": run.id,
        "name": run.name,
        "state": str(run.state),
        "message": run.message,
        "ended": run.state not in ACTIVE,
    }
