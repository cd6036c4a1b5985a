"""What the Train form calls its choices, and the sentences that explain them."""

from __future__ import annotations

FAMILY_TITLES = {"ae": "Autoencoder", "vae": "VAE", "cvae": "CVAE"}
FAMILY_SENTENCES = {
    "ae": "Gives an image one code and no probability. It is sampled through a Gaussian mixture "
    "that is fitted to its codes afterwards.",
    "vae": "Gives an image a distribution over codes, and can draw new images from its prior.",
    "cvae": "A VAE that is told the class: it draws new images of the class you ask for.",
}
NETWORKS = {"auto": "by image size", "mlp": "fully connected", "conv": "residual convolutional"}
IWAE_HELP = "Importance samples an image: 1 is the ELBO, more the bound of Burda et al. (IWAE)."

BINARISATION_TITLES = {  # in the order of BINARISATIONS
    "none": "none: pixels as they are",
    "dynamic": "dynamic: drawn anew each time",
    "fixed": "fixed: drawn once",
    "threshold": "threshold: white from half grey on",
}
BINARISATION_HELP = (
    "A Bernoulli is a probability of black and white pixels only. The choice is part of the names "
    "of the figures in the report: log p(x) under one does not compare with another."
)
BINARISATION_SENTENCES = {
    "none": "Pixels stay as they are. Grey ones are scored by their cross-entropy, which is not a "
    "density of grey values: ELBO and log p(x) then compare with other grey Bernoulli models only.",
    "dynamic": "Each time that an image is seen, a pixel is drawn white with its grey value as the "
    "probability: new noise in every epoch, as in Burda et al. 2016.",
    "fixed": "Pixels are drawn white with their grey value as the probability, once and for all by "
    "seed 0: the same black and white images in every epoch and for every model.",
    "threshold": "Pixels from half grey on become white, the others black; what lay between is "
    "lost.",
}
COMPILED = {"auto": "where it pays", "on": "always", "off": "never"}
COMPILE_HELP = (
    "One compiled program for the whole step: on a CPU faster for fully connected networks, after "
    "10 to 20 s of compiling. Where it pays: in runs that gain twice that."
)
