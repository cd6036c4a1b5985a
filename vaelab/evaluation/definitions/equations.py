"""The equation of each figure, in LaTeX."""

from __future__ import annotations

import re

from vaelab.evaluation.definitions.typicality import ALTERNATIVES

_WEIGHTS = r"w_s = \frac{p(x, z_s)}{q(z_s|x)},\; z_s \sim q(z|x)"
_RANKS = r"1 - \frac{2}{N k (2N - 3k - 1)} \sum_i \sum_{j \in U_k(i)} (r(i, j) - k), \quad k = 15"
_MOST_FREQUENT = r"\max_c N_c / N"

EQUATIONS: dict[str, str] = {
    "elbo": r"-(\mathrm{distortion} + \mathrm{rate}) \;\leq\; \log p(x)",
    "distortion": r"\mathbb{E}_{q(z|x)}[-\log p(x|z)]",
    "rate": r"\mathrm{KL}\left[q(z|x) \,\|\, p(z)\right]",
    "bits_per_dimension": r"\frac{-\mathrm{ELBO}}{D \log 2}, \quad D = CHW",
    "distortion_bits_per_dimension": r"\frac{\mathrm{distortion}}{D \log 2}, \quad D = CHW",
    "rate_bits_per_dimension": r"\frac{\mathrm{rate}}{D \log 2}, \quad D = CHW",
    "active_units": r"\#\{k : \mathrm{Var}_x\, \mathbb{E}_{q(z|x)}[z_k] > 0.01\}",
    "units_with_rate": r"\#\{k : \mathbb{E}_x\, \mathrm{KL}[q(z_k|x) \,\|\, p(z_k)] > 0.01\}",
    "marginal_kl": r"\mathrm{KL}\left[q(z) \,\|\, p(z)\right], \quad"
    r" q(z) = \frac{1}{N} \sum_n q(z|x_n)",
    "mutual_information": r"I(x; z) = \mathrm{rate} - \mathrm{KL}\left[q(z) \,\|\, p(z)\right]",
    "log_px": rf"\log p(x) \approx \log \frac{{1}}{{S}} \sum_s w_s, \quad {_WEIGHTS}",
    "nll": r"-\log p(x)",
    "nll_bits_per_dimension": r"\frac{-\log p(x)}{D \log 2}, \quad D = CHW",
    "effective_sample_size": rf"\frac{{(\sum_s w_s)^2}}{{\sum_s w_s^2}}, \quad {_WEIGHTS}",
    "poor_sample_size": r"\frac{1}{N} \#\left\{n : \frac{(\sum_s w_s)^2}{\sum_s w_s^2} < 5\right\}",
    "log_px_ais": r"\log \frac{1}{S} \sum_s \prod_t \frac{f_t(z_{s,t})}{f_{t-1}(z_{s,t})}, \quad"
    r" f_t(z) = p(z)\, p(x|z)^{\beta_t}",
    "log_px_ais_gain": r"\log \hat{p}_{\mathrm{AIS}}(x) - \log \hat{p}_{\mathrm{IS}}(x)",
    "log_px_shuffled": r"\log p(\pi x), \quad \pi \text{ a permutation of the pixels}",
    "log_px_above_shuffled": r"\mathrm{P}(\log p(x) > \log p(\pi x))",
    "mse": r"\frac{1}{D} \|x - \hat{x}\|^2, \quad D = CHW",
    "psnr": r"10 \log_{10} \frac{1}{\mathrm{MSE}}",
    "ssim": r"\frac{(2 \mu_x \mu_{\hat{x}} + c_1)(2 \sigma_{x\hat{x}} + c_2)}"
    r"{(\mu_x^2 + \mu_{\hat{x}}^2 + c_1)(\sigma_x^2 + \sigma_{\hat{x}}^2 + c_2)}",
    "knn_accuracy": r"\mathrm{P}(\hat{c} = c), \quad"
    r" \hat{c} = \mathrm{majority}\{c_n : n \in \mathcal{N}_{10}(\mu_x)\}",
    "linear_probe_accuracy": r"\mathrm{P}(\hat{c} = c), \quad"
    r" \hat{c} = \arg\max_c\, (W \mu_x + b)_c",
    "chance_accuracy": _MOST_FREQUENT,
    "leakage": r"\max_{\mathrm{probe}} \mathrm{P}(\hat{c}(z) = c), \quad z \sim q(z|x)",
    "leakage_chance": _MOST_FREQUENT,
    "trustworthiness": _RANKS,
    "continuity": _RANKS.replace("U_k", "V_k").replace("r(i", r"\hat{r}(i"),
    "neighbour_hit": r"\frac{1}{N k} \sum_i \#\{j \in \mathcal{N}_k(i) : c_j = c_i\}, \quad k = 15",
    "classifier_accuracy": r"\mathrm{P}(\hat{c}(x) = c)",
    "classifier_frechet": r"|m - m'|^2 + \mathrm{tr}\left(S + S' - 2 (S S')^{1/2}\right)",
    "classifier_frechet_real": r"|m - m'|^2 + \mathrm{tr}\left(S + S' - 2 (S S')^{1/2}\right)",
    "precision": r"\mathrm{P}_{\hat{x}}\left(\hat{x} \in \bigcup_x B(x, r_3(x))\right)",
    "recall": r"\mathrm{P}_x\left(x \in \bigcup_{\hat{x}} B(\hat{x}, r_3(\hat{x}))\right)",
    "classifier_agreement": r"\mathrm{P}(\hat{c}(\hat{x}) = c), \quad"
    r" \hat{x} = \mathbb{E}[x|z,c],\; z \sim p(z)",
    "mig": r"\frac{1}{F} \sum_f \frac{I(z_{(1)}; v_f) - I(z_{(2)}; v_f)}{H(v_f)}",
    "dci_disentanglement": r"\sum_k \rho_k (1 - H_F(P_{k \cdot}))",
    "dci_completeness": r"\sum_f \rho_f (1 - H_K(P_{\cdot f}))",
    "dci_informativeness": r"\frac{1}{F} \sum_f \mathrm{P}(\hat{v}_f = v_f)",
    "sap": r"\frac{1}{F} \sum_f \left(a_{(1)f} - a_{(2)f}\right)",
}

_SCORES = {
    "auroc": r"s(x) = \log p(x)",
    "auroc_typicality": r"s(x) = -\left|\log p(x) - \overline{\log p}\right|",
    "auroc_ratio": r"s(x) = \log p(x) + \mathrm{nats}(\mathrm{PNG}(x))",
}
for _end in ALTERNATIVES:
    for _start, _score in _SCORES.items():
        EQUATIONS[f"{_start}_{_end}"] = rf"\mathrm{{P}}(s(x) > s(x')), \quad {_score}"
    EQUATIONS[f"percentile_{_end}"] = (
        r"100 \cdot \mathrm{P}\left(\log p(x) < \mathrm{median} \log p(x')\right)"
    )

_OF_A_POINT = {"distortion": r"-\log p(x|z), \quad z = f(x)"}
# p(x), q(z|x), p(x, z_s), p(z_k): what a model with classes has given the class too
_DENSITY = re.compile(r"(?<!\w)([pq])\(([^()|]*[xz][^()|]*)(\|[^()]*)?\)")


def equation_of(key: str, *, conditional: bool = False, autoencoder: bool = False) -> str:
    """The equation of a figure; empty for an unknown one.

    Args:
        key: of the figure.
        conditional: whether every density is given the class c.
        autoencoder: whether the code is a point.
    """
    equation = _OF_A_POINT.get(key, "") if autoencoder else ""
    equation = equation or EQUATIONS.get(key, "")
    return _DENSITY.sub(_given_class, equation) if conditional else equation


def _given_class(found: re.Match[str]) -> str:
    letter, inside, given = found.groups()
    if given is None:
        return f"{letter}({inside}|c)"
    return found.group(0) if "c" in given else f"{letter}({inside}{given},c)"
