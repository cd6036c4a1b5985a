"""The help of every setting of data, model and training."""

from __future__ import annotations

from vaelab.commands.options import Option
from vaelab.data.binarisation import BINARISATIONS
from vaelab.data.spec import COLOURS
from vaelab.models.config import LIKELIHOODS, NETWORKS, PRIORS, REGULARISERS
from vaelab.training.config import COMPILE, DEVICES, PRECISIONS

DATA: dict[str, Option] = {
    "image_size": Option(
        "side of the square in pixels, 8 to 128",
        default="32 for folders and zips, otherwise as the data is",
    ),
    "colour": Option("grey, rgb, or as the images are", COLOURS),
    "validation_fraction": Option("share of the training images that is held out"),
    "test_fraction": Option("share held out for testing, where the data has no test split"),
}

MODEL: dict[str, Option] = {
    "latent_dim": Option("numbers in a code, K"),
    "network": Option("fully connected, residual convolutional, or by image size", NETWORKS),
    "width": Option(
        "units a hidden layer (mlp), channels at half resolution (conv)",
        default="512 for mlp; for conv 32, and 24 above 32 pixels a side",
    ),
    "depth": Option(
        "hidden layers (mlp; 0: linear), residual blocks a resolution (conv)",
        default="2 for mlp, 1 for conv",
    ),
    "activation": Option("of hidden layers", ("silu", "relu", "tanh")),
    "likelihood": Option("p(x|z)", LIKELIHOODS),
    "min_std": Option("least standard deviation of a Gaussian likelihood, pixels in [0, 1]"),
    "prior": Option("p(z), or p(z|c) for a cvae", PRIORS),
    "regulariser": Option("what keeps an ae from copying", REGULARISERS),
    "regulariser_strength": Option(
        "the noise's standard deviation, the share of masked pixels, or nats for sparse and "
        "contractive",
        default="0.3 for noise, 0.1 for nats",
    ),
}

TRAINING: dict[str, Option] = {
    "epochs": Option("passes over the training images"),
    "batch_size": Option("images a step"),
    "learning_rate": Option("highest of the schedule"),
    "warmup_fraction": Option("share of all steps in which the learning rate rises"),
    "final_learning_rate": Option("at the end, as a share of the highest"),
    "weight_decay": Option("of AdamW"),
    "grad_clip": Option("largest norm of the gradient, 0 for none"),
    "beta": Option("weight of the rate in a VAE's loss; reported ELBOs never carry it"),
    "kl_warmup_epochs": Option("epochs in which beta rises from 0"),
    "free_bits": Option("nats of rate a dimension that cost nothing"),
    "iwae_samples": Option("importance samples; 1 is the ELBO"),
    "patience": Option("epochs without a better validation ELBO before it ends; 0 for none"),
    "binarisation": Option("black and white pixels, for a Bernoulli", BINARISATIONS),
    "seed": Option("of weights, order and noise"),
    "precision": Option("of the networks' products", PRECISIONS),
    "compile": Option("the step to machine code; auto: where the run is long enough", COMPILE),
    "device": Option("where to compute", DEVICES),
    "threads": Option("of the processor; 0 for all cores"),
}
