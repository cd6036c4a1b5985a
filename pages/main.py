"""The router: the pages by address, and the sidebar that they share."""

from __future__ import annotations

import streamlit as st

from vaelab import settings
from vaelab.web import login, notices, sidebar, state
from vaelab.web.navigation import page_file

ASSETS = settings.PROJECT / "vaelab" / "web" / "assets"

pages = {
    "": [
        st.Page(page_file("home"), title="Home", icon=":material/home:", default=True),
        st.Page(page_file("train"), title="Train", icon=":material/model_training:"),
    ],
    "Explore": [
        st.Page(page_file("map"), title="Map", icon=":material/scatter_plot:"),
        st.Page(page_file("sliders"), title="Sliders", icon=":material/tune:"),
        st.Page(page_file("interpolate"), title="Interpolate", icon=":material/route:"),
        st.Page(page_file("reconstruct"), title="Reconstruct", icon=":material/compare:"),
    ],
    "Judge": [
        st.Page(page_file("evaluate"), title="Evaluate", icon=":material/analytics:"),
    ],
    "Understand": [
        st.Page(page_file("learn"), title="Learn", icon=":material/school:"),
    ],
}
# The icon before the pages: else the browser fetches the page's own from a font server.
st.set_page_config(
    page_icon=ASSETS / "icon.svg",
    layout="wide",
    menu_items={"About": "vaelab, a laboratory for latent spaces."},
)
page = st.navigation(pages, position="sidebar" if login.is_let_in() else "hidden")
st.set_page_config(page_title=f"{page.title} · vaelab")
st.logo(ASSETS / "logo.svg", size="large", icon_image=ASSETS / "icon.svg")
st.html(ASSETS / "page.css")

login.require()
choice = state.current_choice()
said = state.said_of(choice, page.url_path)
state.keep_in_address(choice.checkpoint, page.url_path)
with st.sidebar:
    sidebar.picker(choice)
    sidebar.run_chip()
    login.account()
notices.show()
if said:
    st.warning(said, icon=":material/help:")
page.run()
