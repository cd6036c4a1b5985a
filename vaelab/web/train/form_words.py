"""What the Train form calls its choices, and the sentences that explain them."""

from __future__ import annotations

FAMILY_TITLES = {"ae": "Autoencoder", "vae": "VAE", "cvae": "CVAE"}
FAMILY_SENTENCES = {
    "ae": "Gives each image one code, and no probability. New images are sampled from "
    "a Gaussian mixture that is fitted to the codes afterwards.",
    "vae": "Gives each image a distribution over codes; new images are drawn from its prior.",
    "cvae": "A VAE that is told the class: it draws new images of the class you ask for.",
}
NETWORKS = {"auto": "by image size", "mlp": "fully connected", "conv": "residual convolutional"}
IWAE_HELP = "Samples of z per image: 1 gives the ELBO, more the bound of Burda et al. (IWAE)."

BINARISATION_TITLES = {  # in the order of BINARISATIONS
    "none": "none: pixels as they are",
    "dynamic": "dynamic: drawn anew each time",
    "fixed": "fixed: drawn once",
    "threshold": "threshold: white from mid-grey up",
}
BINARISATION_HELP = (
    "A Bernoulli gives probabilities to black and white pixels only. The report "
    "names the choice beside each figure: log p(x) under one choice cannot be "
    "compared with log p(x) under another."
)
BINARISATION_SENTENCES = {
    "none": "Pixels stay as they are. Grey ones are scored by their cross-entropy, which "
    "is not a density of grey values: ELBO and log p(x) can then only be "
    "compared with those of other grey Bernoulli models.",
    "dynamic": "Each time an image is seen, each pixel is drawn white with its grey value "
    "as the probability: new noise in every epoch, as in Burda et al. 2016.",
    "fixed": "Pixels are drawn white with their grey value as the probability, once and for all by "
    "seed 0: the same black and white images in every epoch and for every model.",
    "threshold": "Pixels from mid-grey up become white, the others black; the shades between "
    "are lost.",
}
COMPILED = {"auto": "where it pays", "on": "always", "off": "never"}
COMPILE_HELP = (
    "Compiles the whole step into one program: faster for fully connected "
    "networks on a CPU, after 10 to 20 s of compiling. “Where it pays” does so "
    "for runs that gain twice that."
)
