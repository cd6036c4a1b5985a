"""The login page, where `[auth]` is configured, and who is logged in."""

from __future__ import annotations

import streamlit as st

from vaelab.web.server.identity import login_configured, login_needed, may_enter, providers


def is_let_in() -> bool:
    """Whether who looks at the pages may see them."""
    if not login_needed():
        return True
    return login_configured() and bool(st.user.is_logged_in) and may_enter(st.user.to_dict())


def require() -> None:
    """Show the login page instead of the page to whoever may not see it."""
    if is_let_in():
        return
    _, middle, _ = st.columns([1, 2, 1])
    with middle, st.container(border=True):
        st.title("vaelab", anchor=False)
        if not login_configured():
            st.error("Users are named, but no login is configured: see SECURITY.md.")
        elif st.user.is_logged_in:
            who = st.user.get("email") or st.user.get("name") or "This account"
            st.warning(f"{who} is not among the users of this laboratory.")
            st.button("Log out", icon=":material/logout:", on_click=st.logout)
        else:
            st.markdown("A laboratory for latent spaces. Please log in to enter.")
            _buttons()
    st.stop()


def account() -> None:
    """In the sidebar: who is logged in, and the way out."""
    if not login_configured():
        return
    who = st.user.get("name") or st.user.get("email") or "Logged in"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f":material/person: {who}")
        st.button("Log out", type="tertiary", icon=":material/logout:", on_click=st.logout)


def _buttons() -> None:
    for name in providers():
        label = f"Log in with {name.capitalize()}"
        st.button(label, type="primary", on_click=st.login, args=(name,), width="stretch")
    if not providers():
        st.button("Log in", type="primary", on_click=st.login, width="stretch")
