"""Every class: a picture's style under each class that the model knows."""

from __future__ import annotations

import streamlit as st

from vaelab.evaluation.leakage import leakage_of
from vaelab.latent.class_swap import DEFAULT_CARRY, Swapped, swap_classes
from vaelab.pictures import enlarge, to_picture
from vaelab.web import show
from vaelab.web.decoding import Encoded
from vaelab.web.navigation import link_to
from vaelab.web.opened import Opened
from vaelab.web.reconstruct import swap_batch, swap_pair
from vaelab.web.reconstruct.subject import Subject
from vaelab.web.reconstruct.swap_sheet import ringed

SIDE, RING_WIDTH = 84, 5
MOST_CLASSES = 60  # in the row
CARRY_TITLES = {"place": "Its place under the prior", "code": "The code z itself"}
CARRY_HELP = (
    "This model has learned a prior p(z | c) of its own for each class. What does not depend on "
    "the class is the place under it, (z − m_c) / s_c: kept, the code is as probable for the other "
    "class as it was for its own. With z itself kept it may lie where the other class has no codes."
)


def draw(opened: Opened, subject: Subject, code: Encoded, label: int) -> None:
    """The row of all classes, what the leakage says of it, two pictures, and a sheet of many."""
    st.subheader("Its style with every class", anchor=False)
    carry = _carry(opened)
    swapped = swap_classes(opened.model, code.mean, [label], carry=carry)
    _row(opened, swapped, label)
    _say_leakage(opened)
    swap_pair.draw(opened, subject, code, label, carry)
    swap_batch.draw(opened, subject, carry)


def _carry(opened: Opened) -> str:
    """What goes along; there is no choice where one prior is all classes'."""
    if opened.checkpoint.model_config.prior == "standard":
        return DEFAULT_CARRY
    return str(
        st.segmented_control(
            "What goes along to the other class",
            list(CARRY_TITLES),
            format_func=CARRY_TITLES.__getitem__,
            default=DEFAULT_CARRY,
            required=True,
            key=f"{opened.key}:swap-carry",
            persist_state="session",
            help=CARRY_HELP,
        )
    )


def _row(opened: Opened, swapped: Swapped, label: int) -> None:
    names = opened.class_names[:MOST_CLASSES]
    cells = [enlarge(to_picture(p), SIDE) for p in swapped.pictures[0, : len(names)]]
    with st.grid("auto", min_column_width=cells[0].width, gap="small"):
        for number, (name, cell) in enumerate(zip(names, cells, strict=True)):
            own = number == label
            st.image(
                show.png_address(ringed(cell, RING_WIDTH) if own else cell),
                caption=f"**{name}**" if own else name,
                alt=f"its style as {name}" + (", the class it was encoded with" if own else ""),
                width=cell.width,
            )
    about = (
        f"Encoded as {opened.class_names[label]} (ringed: the plain reconstruction), decoded as "
        "each class: E[p(x | z′, c′)]."
    )
    if len(names) < opened.n_classes:
        about += f" The first {len(names)} of {opened.n_classes:,} classes."
    st.caption(about)


def _say_leakage(opened: Opened) -> None:
    """How much of the class is still in z, which is why a swap may fail."""
    found = leakage_of(opened.checkpoint.report)
    if found is not None:
        error = f" ± {found.standard_error:.2g}" if found.standard_error else ""
        with st.container(border=True):
            st.markdown(f"**Leakage of c into z: {found.accuracy:.3f}{error}.** {found.sentence}")
        return
    name = opened.checkpoint.id
    st.caption(
        "How much of the class the code still holds, and so how far such pictures can be trusted, "
        f"is not in this checkpoint’s report: `python -m vaelab evaluate {name} --save` measures "
        "its leakage, and so does the Evaluate page with all sections."
    )
    if not opened.checkpoint.bundled:
        link_to("evaluate", "Evaluate", ":material/analytics:", opened.checkpoint)
