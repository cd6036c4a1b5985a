"""The Sliders page: live in the browser, or with Streamlit's own sliders."""
