import pytest

from vaelab.web.reconstruct.meanings import MEANINGS, equation_of


@pytest.mark.parametrize("key", MEANINGS)
def test_classes_stand_in_the_equations_of_conditional_models_alone(key):
    plain, conditional = equation_of(key, conditional=False), equation_of(key, conditional=True)
    for equation in (plain, conditional):
        assert "<" not in equation
        assert equation.count("{") == equation.count("}")
    assert (plain == conditional) == (key == "classes")  # which no other model shows
