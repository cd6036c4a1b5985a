from types import SimpleNamespace

import numpy as np
import pytest

from vaelab.web.groups import MOST, Group, delete_group, direction, groups_of, save_group


@pytest.fixture
def opened(own_home):
    """What groups need to know of an opened checkpoint with two latent dimensions."""
    return SimpleNamespace(
        checkpoint=SimpleNamespace(weights_sha256="ab" * 32), latents=SimpleNamespace(latent_dim=2)
    )


def group(name="round", mean=(1.0, -2.5), n=3, counts=None):
    return Group(name, n, mean, counts or {"0": 2, "8": 1})


def test_what_is_saved_is_found_again(opened):
    assert groups_of(opened) == ()
    first, second = group(), group("thin", (0.1, 1e-9), 1, {"1": 1})
    save_group(opened, first)
    save_group(opened, second)
    assert groups_of(opened) == (first, second)


def test_another_model_has_its_own_groups(opened):
    save_group(opened, group())
    other = SimpleNamespace(
        checkpoint=SimpleNamespace(weights_sha256="cd" * 32), latents=opened.latents
    )
    assert groups_of(other) == ()


def test_the_same_name_replaces(opened):
    save_group(opened, group())
    save_group(opened, group(mean=(5.0, 5.0)))
    assert [g.mean for g in groups_of(opened)] == [(5.0, 5.0)]


def test_a_deleted_group_is_gone_and_an_unknown_one_is_no_error(opened):
    save_group(opened, group())
    save_group(opened, group("thin"))
    delete_group(opened, "round")
    delete_group(opened, "never there")
    assert [g.name for g in groups_of(opened)] == ["thin"]


def test_a_direction_leads_from_the_first_mean_to_the_second(opened):
    a, b = group(mean=(1.0, 2.0)), group("b", (4.0, -2.0))
    np.testing.assert_allclose(direction(a, b), [3, -4])
    np.testing.assert_allclose(np.asarray(a.mean) + direction(a, b), b.mean)


@pytest.mark.parametrize("content", ["", "nonsense", '{"a": 1}', '[{"name": "x"}]', "[[1]]"])
def test_a_damaged_file_counts_as_no_groups(opened, own_home, content):
    save_group(opened, group())
    (path,) = (own_home / "home" / "groups").iterdir()
    path.write_text(content)
    assert groups_of(opened) == ()
    save_group(opened, group())
    assert groups_of(opened) == (group(),)


@pytest.mark.parametrize("name", ["", " padded ", "x" * 41])
def test_a_name_must_be_short_and_there(name):
    with pytest.raises(ValueError, match="1 to 40 characters"):
        group(name)


def test_a_mean_must_fit_the_model(opened):
    with pytest.raises(ValueError, match="2 numbers, got 3"):
        save_group(opened, group(mean=(1.0, 2.0, 3.0)))
    with pytest.raises(ValueError, match="finite"):
        group(mean=(float("nan"), 0.0))


def test_there_is_an_end_to_groups(opened):
    for i in range(MOST):
        save_group(opened, group(f"g{i}"))
    with pytest.raises(ValueError, match="delete one first"):
        save_group(opened, group("one more"))
    save_group(opened, group("g0", (9.0, 9.0)))
    assert len(groups_of(opened)) == MOST
