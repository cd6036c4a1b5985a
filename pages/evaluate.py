"""Evaluate: what the checkpoint is worth, alone and beside others."""

from __future__ import annotations

import streamlit as st

from vaelab.web import state, words
from vaelab.web.reports import measuring_panel, report_panel

state.page_header(
    "Evaluate",
    "How good the model is on images that it has never seen. The ELBO bounds "
    "$\\log p(x)$ from below; an average over many posterior samples $z_s$ comes "
    "closer:",
    r"\log p(x) \;\approx\; \log \frac{1}{S} \sum_{s=1}^{S} \frac{p(x, z_s)}{q(z_s|x)}"
    r" \;\geq\; \mathrm{ELBO}",
)
checkpoint = state.require_checkpoint()
report = checkpoint.report

alone, beside = st.tabs(["Report", "Compare"])
with alone:
    st.subheader(checkpoint.id, anchor=False)
    st.caption(words.summary(checkpoint))
    if report is None:
        st.markdown("This checkpoint has not been measured yet.")
        measuring_panel.measuring_panel(checkpoint, "Measure it on its test images")
    else:
        if not checkpoint.bundled:
            measuring_panel.measuring_panel(checkpoint, "Measure it again")
        report_panel.show_headlines(checkpoint, report)
        report_panel.show_probability(report)
        report_panel.show_others(report)
        report_panel.show_samples(report)
        report_panel.show_figures(checkpoint, report)
with beside:
    report_panel.compare(checkpoint)
