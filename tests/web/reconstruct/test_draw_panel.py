"""What a browser says was drawn or pasted is checked before it is kept."""

import base64

import pytest

from vaelab.web.reconstruct.pasting import pasted_file
from vaelab.web.server.reconstruct_routes import picture_of
from vaelab.web.upload import Uploaded


def test_a_pasted_file_keeps_its_bytes_and_a_short_name():
    content = base64.b64encode(b"bytes of a picture").decode()
    assert pasted_file({"name": "a.png", "content": content}) == Uploaded(
        "a.png", b"bytes of a picture"
    )
    found = pasted_file({"name": "x" * 500, "content": content})
    assert found is not None
    assert len(found.name) == 80


@pytest.mark.parametrize("said", [None, 3, [], {}, {"content": 5}, {"content": "no base64!"}])
def test_what_is_no_file_is_left_alone(said):
    assert pasted_file(said) is None


def test_a_drawing_has_the_models_shape():
    text = base64.b64encode(bytes(range(12))).decode()
    assert picture_of(text, (3, 2, 2)).tolist()[2] == [[8, 9], [10, 11]]
    with pytest.raises(ValueError, match="x must have 16 bytes, got 12"):
        picture_of(text, (1, 4, 4))
