import re

from vaelab.web.palette import DARK, LIGHT, class_colours


def test_colours_differ_and_are_stable():
    for palette, dark in ((LIGHT, False), (DARK, True)):
        assert len(set(palette)) == len(palette) >= 10
        assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in palette)
        assert class_colours(3, dark=dark) == class_colours(10, dark=dark)[:3]


def test_more_classes_than_colours_repeat():
    colours = class_colours(30)
    assert len(colours) == 30
    assert colours[12] == colours[0]
