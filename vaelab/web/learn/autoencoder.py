"""Chapter: the autoencoder that copies, what keeps it from copying, why not to sample it."""

from __future__ import annotations

import numpy as np
import streamlit as st
import torch

from vaelab.web import show, state, words
from vaelab.web.decoding import pixels
from vaelab.web.learn import planes
from vaelab.web.learn.baseline import PixelPca, mean_squared_error
from vaelab.web.learn.code_picture import code_picture
from vaelab.web.learn.copier import MOST_MEASURED, Copier, own_copier, tiny_copier
from vaelab.web.learn.ellipses import ellipse
from vaelab.web.learn.lesson import Lesson
from vaelab.web.learn.model_for import NO_PRIOR, try_open
from vaelab.web.learn.picture_rows import enlarged, picture_row, side_by_side
from vaelab.web.learn.subject import Subject

LESSON = Lesson(
    key="autoencoder",
    short="Autoencoder",
    title="The autoencoder that copies",
    words=r"""
An autoencoder squeezes an image through a code and rebuilds it: an encoder $h = f(x)$, a decoder
$r = g(h)$, both trained until $r$ looks like $x$. A copy is worth nothing by itself, and a code as
large as the image could hold one without learning anything about images.

So something must **keep it from copying**: a code smaller than the image (a bottleneck), an input
with noise that has to be removed (denoising), a price on every active unit (sparsity) or on
every sensitivity (contraction). What remains in the code is what images have in common. With one
linear layer each way this is PCA; anything better is what the networks add.

In the stochastic view $f$ is a very sure $p_{\text{encoder}}(h|x)$, a point, and $g$ the mean of
$p_{\text{decoder}}(x|h)$. But nothing says *where* codes lie: a code drawn from
$\mathcal{N}(0, I)$ misses them, and the decoder never learned what to do there.
""",
    equation=r"""
\begin{gathered}
h = f(x), \qquad r = g(h) \\
\min_{f,\,g} \; \frac{1}{N} \sum_{i=1}^{N}
-\log p_{\text{decoder}}\big(x_i \,|\, h = f(\tilde{x}_i)\big) + \Omega(h)
\end{gathered}
""",
    says="The distortion alone, with x̃ the image, or the image with noise, and Ω the penalty of "
    "sparse and contractive autoencoders.",
    task="Let the code grow to 64 numbers, as many as the image has pixels: the error nearly "
    "vanishes, and even pixels in random order come through better. It has begun to copy.",
    code=(
        ("vaelab/models/autoencoder.py", "Autoencoder"),
        ("vaelab/objectives.py", "training_loss"),
        ("vaelab/latent/mixture.py", "CodeMixture"),
    ),
    sources="Goodfellow et al. 2016, chapter 14, equations 14.1, 14.2 and 14.13; Vincent et al. "
    "2010.",
)

SHOWN = 6
DRAWN = 8


def draw() -> None:
    """The live part."""
    picked = state.current_choice().checkpoint
    opened = None
    if picked is not None and NO_PRIOR.met(picked.model_config):
        opened = try_open(picked)
    own = None if opened is None else own_copier(opened)
    if own is None:
        why = "" if picked is None else f"{picked.id} {NO_PRIOR.lack}. "
        if opened is not None:
            why = f"The images of {opened.checkpoint.id} are not on this machine. "
        st.caption(
            f":material/sensors: {why}Live on a tiny autoencoder that this server trains on the "
            "8x8 digits in a second or two; change it below."
        )
        own = tiny_copier()
    else:
        st.caption(f":material/sensors: Live on **{own.key}**.")
    st.subheader("Through the code and back", anchor=False)
    _copies(own)
    st.subheader("Why it cannot be sampled like a VAE", anchor=False)
    _spread(own)


def _copies(own: Copier) -> None:
    """Images, codes, reconstructions; the linear code beside them; the error of each."""
    images = own.test[:: max(1, len(own.test) // SHOWN)][:SHOWN]
    shuffled = np.stack([Subject(image, None, "").shuffled().image for image in images[:2]])
    pictures = np.concatenate([images, shuffled])
    with torch.no_grad():
        codes = own.model.encode(pixels(pictures)).mean
        rebuilt = own.model.decode(codes).mean.numpy()
    k = codes.shape[1]
    pca, error, linear = _errors(own.key, k, own)
    largest = float(np.quantile(np.abs(own.codes), 0.99)) or 1.0
    picture_row("$x$", enlarged(pictures), alt="six images, and two of them with shuffled pixels")
    picture_row(
        f"$h = f(x)$, {k} numbers",
        [code_picture(code, largest=largest) for code in codes.numpy()],
        alt="their codes as bars",
    )
    picture_row("$r = g(h)$", enlarged(rebuilt), alt="their reconstructions")
    picture_row(
        f"PCA, {k} numbers",
        enlarged(pca.reconstruct(pictures).clip(0, 1)),
        alt="what the linear code of the same size gives back",
    )
    with st.grid("auto", min_column_width=180):
        for name, value in (
            ("This autoencoder", error),
            (f"PCA with {k} components", linear),
            ("A copy, K = D", 0.0),
        ):
            st.metric(name, words.number(value), border=True)
    st.caption(
        f"Mean squared error of a pixel in [0, 1], over {min(len(own.test), MOST_MEASURED):,} test "
        f"images. {own.about}. The last two columns are pixels in random order: a code that has "
        "learned what images look like cannot rebuild them, a copier can. The bars of a code end "
        f"at {words.number(largest)}."
    )


def _spread(own: Copier) -> None:
    """Codes against N(0, I), and what is decoded from either."""
    codes = own.codes.astype(np.float64)
    spread = codes.std(axis=0)
    order = np.argsort(-spread)
    pair = [int(order[0]), int(order[min(1, len(order) - 1)])]
    halves = st.grid(2, min_column_width=340, gap="medium")
    blue, orange = state.class_colours(2)
    circles = {n: ellipse((0, 0), (1, 1), n) for n in (1, 2)}
    with halves.cell():
        reach = np.concatenate([circles[2], np.quantile(codes[:, pair], [0.002, 0.998], axis=0)])
        figure = planes.plane_figure(
            (f"h{pair[0] + 1}", f"h{pair[1] + 1}"), planes.window_around(reach, 0.02), 380
        )
        planes.add_points(figure, codes[:, pair], "codes of images", colours=blue, size=4)
        for n, circle in circles.items():
            planes.add_line(
                figure,
                circle,
                "N(0, I), 1 and 2 std",
                orange,
                dash="solid" if n == 1 else "dash",
                in_legend=n == 1,
            )
        st.plotly_chart(
            figure,
            key="learn-spread",
            alt="Codes of the images in the two widest dimensions, with the circle of N(0, I)",
            config=planes.PLAIN,
        )
    with halves.cell():
        generator = torch.Generator().manual_seed(0)
        standard = torch.randn(DRAWN, codes.shape[1], generator=generator)
        fitted = own.mixture.sample(DRAWN, generator)
        for name, drawn in (
            (r"decoded from $h \sim \mathcal{N}(0, I)$", standard),
            ("decoded from a Gaussian mixture, fitted to the codes afterwards", fitted),
        ):
            st.markdown(name[0].upper() + name[1:])
            with torch.inference_mode():
                made = own.model.decode(drawn).mean.numpy()
            half = len(made) // 2
            for part in (made[:half], made[half:]):
                st.image(show.png_address(side_by_side(enlarged(part))), alt=name)
        st.caption(
            f"The codes’ standard deviations run from {spread.min():.2f} to {spread.max():.2f} and "
            f"their mean lies {np.linalg.norm(codes.mean(axis=0)):.2f} from 0: they have no reason "
            "to look like N(0, I). A VAE gives them one, the rate."
        )


@st.cache_resource(max_entries=32, show_spinner=False)
def _errors(key: str, k: int, _own: Copier) -> tuple[PixelPca, float, float]:
    """The linear code, and the errors of the autoencoder and of it on test images."""
    test = _own.test[:MOST_MEASURED]
    pca = PixelPca.fit(_own.train, k)
    with torch.no_grad():
        rebuilt = _own.model.decode(_own.model.encode(pixels(test)).mean).mean.numpy()
    return pca, mean_squared_error(test, rebuilt), mean_squared_error(test, pca.reconstruct(test))
