import re
from pathlib import Path

import pytest

from vaelab.web.learn.chapters import CHAPTERS
from vaelab.web.learn.learn_panel import REFERENCES

PROJECT = Path(__file__).resolve().parents[3]
YEARS = re.compile(r"([A-Z][a-z]+)[^;,.]*?(?: et al.)? (\d{4})")


@pytest.mark.parametrize("key", CHAPTERS)
def test_what_computes_a_chapter_is_where_it_says(key):
    for file, name in CHAPTERS[key].lesson.code:
        source = (PROJECT / file).read_text()
        assert re.search(rf"^ *(def|class) {name}\b", source, re.MULTILINE), (file, name)


@pytest.mark.parametrize("key", CHAPTERS)
def test_every_source_is_in_the_references(key):
    found = YEARS.findall(CHAPTERS[key].lesson.sources)
    assert found
    for author, year in found:
        assert re.search(rf"{author}.*{year}", REFERENCES), (author, year)


def test_addresses_are_plain_words():
    assert all(re.fullmatch(r"[a-z-]+", key) for key in CHAPTERS)
    assert all(CHAPTERS[key].lesson.key == key for key in CHAPTERS)
