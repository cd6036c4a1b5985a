"""What the dossier's figures mean: a definition and its equation behind a button at each title."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True)
class Meaning:
    """A definition in words and in lines of LaTeX.

    `<c>` stands for `, c` and `<|c>` for `| c` of a conditional model; others have neither.
    """

    text: str
    equation: tuple[str, ...]


MEANINGS: dict[str, Meaning] = {
    "elbo": Meaning(
        "The evidence lower bound of the image’s log-likelihood and its two parts: what the "
        "decoder gets wrong, and what the code costs (Kingma & Welling 2014).",
        (
            r"\mathrm{ELBO}(x<c>) = -(\text{distortion} + \text{rate})",
            r"\text{distortion} = -\mathbb{E}_{q(z \mid x<c>)}[\log p(x \mid z<c>)]",
            r"\text{rate} = \mathrm{KL}[q(z \mid x<c>) \,\|\, p(z<|c>)]",
        ),
    ),
    "log_px": Meaning(
        "An importance-sampling estimate; it is too low rather than too high. Effective samples "
        "say how many of the S carry the weight. The interval is 1.96 standard errors wide to "
        "either side, by the delta method.",
        (
            r"\log \hat p(x<|c>) = \log \frac{1}{S} \sum_{s=1}^{S} w_s, \quad"
            r" z_s \sim q(z \mid x<c>)",
            r"w_s = \frac{p(x \mid z_s<c>)\, p(z_s<|c>)}{q(z_s \mid x<c>)}, \quad"
            r" \mathrm{ESS} = \frac{(\sum_s w_s)^2}{\sum_s w_s^2}",
        ),
    ),
    "samples": Meaning(
        "Codes drawn from the image’s posterior, decoded to their mean pictures. A pixel’s "
        "variance over all that the posterior allows is the sum of two: how much the mean "
        "pictures differ between codes, and the likelihood’s own noise within a code.",
        (
            r"\mathrm{Var}[x' \mid x<c>] = \underbrace{\mathrm{Var}_{z}\,\mathbb{E}[x' \mid z<c>]}"
            r"_{\text{between codes}} + \underbrace{\mathbb{E}_{z}\,\mathrm{Var}[x' \mid z<c>]}"
            r"_{\text{within a code}}",
            r"z \sim q(z \mid x<c>)",
        ),
    ),
    "posterior": Meaning(
        "Mean and standard deviation of each latent dimension, beside those of the prior. Where "
        "they agree, the dimension says nothing about this image.",
        (
            r"q(z_k \mid x<c>) = \mathcal{N}(\mu_k, \sigma_k^2) \quad \text{beside} \quad"
            r" p(z_k<|c>)",
        ),
    ),
    "nearest": Meaning(
        "The Euclidean distance between posterior means (an autoencoder’s codes), in all latent "
        "dimensions, none of them scaled.",
        (r"d_i = \lVert \mu(x<c>) - \mu(x_i<c_i>) \rVert_2",),
    ),
    "classes": Meaning(
        "Bayes’ theorem over the classes, each log p(x | c) by importance sampling with the same "
        "noise. The errors are Monte Carlo’s, by the delta method: they do not say how good the "
        "model is.",
        (
            r"p(c \mid x) = \frac{p(c)\, p(x \mid c)}{\sum_k p(k)\, p(x \mid k)}",
            r"p(x \mid c) \approx \frac{1}{S} \sum_{s=1}^{S}"
            r" \frac{p(x \mid z_s, c)\, p(z_s \mid c)}{q(z_s \mid x, c)}, \quad"
            r" z_s \sim q(z \mid x, c)",
        ),
    ),
}


def heading(title: str, key: str, *, conditional: bool) -> None:
    """A section's title with what its figures mean, `key` of `MEANINGS`, behind a button."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(title, anchor=False, width="content")
        with st.popover("What it is", type="tertiary", key=f"meaning-{key}"):
            meaning = MEANINGS[key]
            st.markdown(meaning.text)
            st.latex(equation_of(key, conditional=conditional))


def equation_of(key: str, *, conditional: bool) -> str:
    """The equation in LaTeX, with or without classes."""
    stands_for = {"<c>": ", c", "<|c>": r" \mid c", "<c_i>": ", c_i"}
    text = r"\begin{gathered} " + r" \\[1ex] ".join(MEANINGS[key].equation) + r" \end{gathered}"
    for mark, written in stands_for.items():
        text = text.replace(mark, written if conditional else "")
    return text
