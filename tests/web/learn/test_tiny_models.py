import numpy as np
import pytest
import streamlit as st

from vaelab.web.learn import tiny_models


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(tiny_models, "EPOCHS", 8)
    yield
    st.cache_resource.clear()


def test_a_larger_beta_buys_a_lower_rate_with_distortion():
    low, high = tiny_models.tiny_vae(0.1), tiny_models.tiny_vae(10.0)
    assert low.rate > high.rate
    assert low.distortion < high.distortion
    assert low.n_images == len(tiny_models.digits().test)


def test_the_autoencoder_comes_with_its_codes_and_a_density_of_them():
    tiny = tiny_models.tiny_autoencoder(4, "bottleneck", 0.0)
    assert tiny.codes.shape == (len(tiny_models.digits().train), 4)
    drawn = tiny.mixture.sample(500).numpy()
    spread = tiny.codes.std(axis=0)
    assert (np.abs(drawn.mean(0) - tiny.codes.mean(0)) < spread).all()
    assert tiny_models.tiny_autoencoder(4, "bottleneck", 0.0) is tiny
