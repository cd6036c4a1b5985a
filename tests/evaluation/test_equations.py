import pytest

from vaelab.evaluation import DEFINITIONS
from vaelab.evaluation.definitions import EQUATIONS, equation_of


def test_every_figure_has_an_equation():
    assert set(EQUATIONS) == set(DEFINITIONS)


@pytest.mark.parametrize("key", EQUATIONS)
def test_its_brackets_close(key):
    for conditional in (False, True):
        equation = equation_of(key, conditional=conditional)
        for left, right in ("()", "{}", "[]"):
            assert equation.count(left) == equation.count(right)
        assert equation.count(r"\left") == equation.count(r"\right")


def test_a_model_with_classes_gives_every_density_the_class():
    assert equation_of("rate", conditional=True) == (
        r"\mathrm{KL}\left[q(z|x,c) \,\|\, p(z|c)\right]"
    )
    told = equation_of("log_px", conditional=True)
    assert r"\log p(x|c)" in told
    assert r"\frac{p(x, z_s|c)}{q(z_s|x,c)}" in told
    assert "p(x|z,c)" in equation_of("distortion", conditional=True)
    assert equation_of("mse", conditional=True) == equation_of("mse")


def test_an_autoencoders_code_is_a_point():
    assert "f(x)" in equation_of("distortion", autoencoder=True)
    assert equation_of("mse", autoencoder=True) == equation_of("mse")
    assert equation_of("of another version") == ""
