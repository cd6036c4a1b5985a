import pytest

from vaelab.nearest import did_you_mean


@pytest.mark.parametrize(
    ("name", "known", "said"),
    [
        ("mnsit", ["digits", "mnist", "fashion-mnist"], " Did you mean mnist?"),
        ("MNIST-VAE", ["Mnist-vae-2d", "cifar10-vae"], " Did you mean Mnist-vae-2d?"),
        ("zebra", ["digits", "mnist"], ""),
        ("", ["digits"], ""),
        ("digits", [], ""),
    ],
)
def test_the_nearest_name_is_offered(name, known, said):
    assert did_you_mean(name, known) == said
