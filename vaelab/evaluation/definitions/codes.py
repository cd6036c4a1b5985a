"""Figures of what can be read from codes."""

from __future__ import annotations

from vaelab.evaluation.definitions.definition import FRACTION, Definition

_PROBED = "fitted to posterior means of training images, asked about those of test images"

CODES: dict[str, Definition] = {
    "knn_accuracy": Definition(
        "Nearest neighbours' accuracy",
        FRACTION,
        "Share of test images whose class is the majority's among the 10 nearest codes, "
        f"{_PROBED}.",
    ),
    "linear_probe_accuracy": Definition(
        "Linear probe's accuracy",
        FRACTION,
        f"Share of test images that a logistic regression on standardised codes names, {_PROBED}.",
    ),
    "chance_accuracy": Definition(
        "Accuracy of chance",
        FRACTION,
        "Of naming every test image as the most frequent class.",
    ),
    "leakage": Definition(
        "Leakage of c into z",
        FRACTION,
        "Accuracy with which c can be read from z, the better of the two probes, on one posterior "
        "sample of each image, relative to the prior of its class where that is learned. At chance "
        "the code says nothing of the class, as it should: c is given. Above it, samples with z "
        "from the prior meet codes that the decoder has not seen for their class.",
    ),
    "leakage_chance": Definition(
        "Leakage of a clean code",
        FRACTION,
        "Accuracy of naming every test image as the most frequent class.",
    ),
}

PROJECTION: dict[str, Definition] = {
    "trustworthiness": Definition(
        "Trustworthiness of the map",
        "0 to 1",
        "1 when the 15 nearest codes on the map of two principal axes are near in the latent space "
        "too (Venna & Kaski 2001); codes of two dimensions are their own map.",
    ),
    "continuity": Definition(
        "Continuity of the map",
        "0 to 1",
        "The same with the two spaces exchanged: 1 when no neighbourhood is torn apart.",
    ),
    "neighbour_hit": Definition(
        "Neighbour hit of the map",
        FRACTION,
        "Share of a code's 15 neighbours on the map that have its class, mean over codes "
        "(Paulovich et al. 2008).",
    ),
}

_FACTOR = "with the definition of disentanglement_lib (Locatello et al. 2019)"

FACTORS: dict[str, Definition] = {
    "mig": Definition(
        "Mutual information gap",
        "0 to 1",
        "Gap between the two code dimensions that tell most of a factor, in its entropy, mean over "
        f"factors (Chen et al. 2018), {_FACTOR}: 20 bins a dimension.",
    ),
    "dci_disentanglement": Definition(
        "DCI disentanglement",
        "0 to 1",
        "Whether a code dimension tells of one factor alone, from the importances of gradient "
        f"boosted trees (Eastwood & Williams 2018), {_FACTOR}.",
    ),
    "dci_completeness": Definition(
        "DCI completeness",
        "0 to 1",
        f"Whether a factor is told by one code dimension alone, {_FACTOR}.",
    ),
    "dci_informativeness": Definition(
        "DCI informativeness",
        "fraction of images",
        f"Accuracy of those trees on test images, mean over factors, {_FACTOR}.",
    ),
    "sap": Definition(
        "SAP score",
        "0 to 1",
        "Gap between the accuracies of the two code dimensions from which a linear SVM tells a "
        f"factor best, mean over factors (Kumar et al. 2018), {_FACTOR}.",
    ),
}
