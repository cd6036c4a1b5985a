"""The image that goes through the model, and where a page takes it from."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import streamlit as st

from vaelab.data import Prepared
from vaelab.pictures import to_uint8
from vaelab.web import show, upload
from vaelab.web.decoding import decode, source_of_codes
from vaelab.web.opened import Opened
from vaelab.web.preparation_controls import switches
from vaelab.web.reconstruct import draw_panel, pasting
from vaelab.web.server import frontend_files
from vaelab.web.stored_images import data_at_hand
from vaelab.web.upload import Uploaded
from vaelab.web.words import capital, literal, shortened

UPLOAD, DRAW, CAMERA = "Upload", "Draw", "Camera"
TEST, DRAWN = "Test image", "Drawn by the model"
SIDE = 72
CAPTION = 20  # characters below a small picture


@dataclass(frozen=True, eq=False)
class Subject:
    """The image that goes through the model.

    Attributes:
        image: uint8 (C, H, W).
        label: its own class where that is known.
        name: what it is, for people.
        is_file: whether the name begins with a file's.
        together: the pictures that came with it, itself among them; empty when it came alone.
    """

    image: npt.NDArray[np.uint8]
    label: int | None
    name: str
    is_file: bool = False
    together: tuple[Subject, ...] = ()

    @property
    def title(self) -> str:
        """The name at the beginning of a sentence, in Markdown; a file's keeps its case."""
        return literal(self.name if self.is_file else capital(self.name))


def choose(opened: Opened) -> Subject | None:
    """Draw the controls; None while there is no picture, or no usable one."""
    key = f"{opened.key}:subject"
    at_hand = data_at_hand(opened.checkpoint) is not None

    def on_paste() -> None:
        st.session_state[f"{key}-source"] = UPLOAD
        look_at(opened, 0)

    drawing = [DRAW] if frontend_files.is_built() else []
    source = st.segmented_control(
        "Image",
        [UPLOAD, *drawing, CAMERA, *([TEST] if at_hand else []), DRAWN],
        default=UPLOAD,
        required=True,
        key=f"{key}-source",
        persist_state="session",
        wrap=True,
    )
    pasted = pasting.listen(opened, on_paste) if frontend_files.is_built() else None
    if source == UPLOAD:
        return _uploaded(opened, pasted, key)
    if source == CAMERA:
        return _photographed(opened, key)
    if source == DRAW:
        drawn = draw_panel.draw(opened)
        return None if drawn is None else Subject(drawn, None, "your drawing")
    st.button("Another", icon=":material/shuffle:", on_click=_again, args=(key,))
    number = int(st.session_state.setdefault(f"{key}-seed", 7))
    return _test_image(opened, number) if source == TEST else _drawn(opened, number)


def _again(key: str) -> None:
    st.session_state[f"{key}-seed"] = secrets.randbits(31)


def _uploaded(opened: Opened, pasted: Uploaded | None, key: str) -> Subject | None:
    files = upload.uploaders("Pictures like those the model was trained on", f"{key}-file")
    if pasted is not None:
        pasting.offer_to_drop(opened)
        files = [pasted, *files]  # first, and so the one looked at once it is pasted
    if not files:
        _say_what_to_do(opened)
        return None
    return _prepared(opened, files, key)


def _photographed(opened: Opened, key: str) -> Subject | None:
    photo = st.camera_input(
        "A photograph of something like what the model was trained on",
        key=f"{key}-camera",
        help="Nothing leaves this machine. The picture is not kept.",
        width=480,
    )
    if photo is None:
        st.caption("The browser asks before it lets the page see through the camera.")
        return None
    taken = Uploaded("the photograph", photo.getvalue(), is_file=False)
    return _prepared(opened, [taken], f"{key}-photo")


def _prepared(opened: Opened, files: list[Uploaded], key: str) -> Subject | None:
    preparation = switches(opened, key)
    usable = [
        (file, ready)
        for file in files
        if (ready := upload.prepared(opened, file, preparation)) is not None
    ]
    if not usable:
        return None
    number = _pick(usable, key) if len(usable) > 1 else 0
    file, ready = usable[number]
    with st.expander(f"What was done to it: {len(ready.steps)} steps", expanded=True):
        upload.show_steps(ready)
    together = tuple(_subject(file, ready) for file, ready in usable) if len(usable) > 1 else ()
    return replace(_subject(file, ready), together=together)


def _subject(file: Uploaded, ready: Prepared) -> Subject:
    return Subject(ready.pixels, None, f"{file.name}, as the model sees it", file.is_file)


def _pick(usable: list[tuple[Uploaded, Prepared]], key: str) -> int:
    """All pictures as the model sees them, and which of them is looked at below."""
    names = [f"{number}. {file.name}" for number, (file, _) in enumerate(usable, start=1)]
    show.pictures(
        np.stack([ready.pixels for _, ready in usable]),
        alts=names,
        captions=[literal(shortened(name, CAPTION)) for name in names],
        side=SIDE,
    )
    chosen = st.selectbox(
        "Look at", range(len(names)), format_func=names.__getitem__, key=f"{key}-which"
    )
    return int(chosen or 0)


def look_at(opened: Opened, number: int) -> None:
    """Make another of the pictures that came together the one looked at; from a callback."""
    st.session_state[f"{opened.key}:subject-which"] = number


def _test_image(opened: Opened, number: int) -> Subject | None:
    splits = data_at_hand(opened.checkpoint)
    if splits is None:
        return None
    index = number % len(splits.test)
    labels = splits.test.labels
    label = None if labels is None else int(labels[index])
    name = f"test image {index:,}"
    if label is not None:
        name += f", class {opened.class_names[label]}"
    return Subject(splits.test.images[index], label, name)


def _drawn(opened: Opened, number: int) -> Subject:
    label = number % opened.n_classes if opened.n_classes else None
    z = opened.draw(number, label)
    image = to_uint8(decode(opened.model, z[None], opened.condition(label)).mean[0])
    name = f"decoded from a code drawn from {source_of_codes(opened.model)}"
    if label is not None:
        name += f", class {opened.class_names[label]}"
    return Subject(image, label, name)


def _say_what_to_do(opened: Opened) -> None:
    known = (
        " **Test image** takes one of the data’s own," if data_at_hand(opened.checkpoint) else ""
    )
    st.info(
        f"No picture at hand?{known} **Drawn by the model** needs no data at all.",
        icon=":material/upload_file:",
    )
