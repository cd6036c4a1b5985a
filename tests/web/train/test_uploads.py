import pytest

from vaelab.data import DataError
from vaelab.web.train import uploads
from vaelab.web.train.uploads import keep_upload


def test_the_same_content_is_kept_once(own_home):
    first = keep_upload("a.zip", b"content")
    assert keep_upload("a.zip", b"content") == first
    assert first.read_bytes() == b"content"
    assert keep_upload("a.zip", b"other") != first
    assert len(list((own_home / "home" / "uploads").iterdir())) == 2


@pytest.mark.parametrize("name", ["../../x.zip", "/etc/x.zip", "a\0b.npz", "ü ö.zip", ".zip.zip"])
def test_a_name_never_leads_out_of_the_folder(name, own_home):
    path = keep_upload(name, b"content")
    assert path.parent == own_home / "home" / "uploads"
    assert path.suffix in uploads.SUFFIXES


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("photo.png", b"x", "must be a .zip or an .npz"),
        ("none", b"x", "must be a .zip or an .npz"),
        ("a.zip", b"", "got 0 bytes"),
    ],
)
def test_what_cannot_be_used_is_a_sentence(name, content, sentence, own_home):
    with pytest.raises(DataError, match=sentence):
        keep_upload(name, content)
    assert not (own_home / "home" / "uploads").exists()


def test_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(uploads, "MAX_BYTES", 3)
    with pytest.raises(DataError, match="got 4 bytes"):
        keep_upload("a.zip", b"1234")
