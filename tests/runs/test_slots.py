import pytest

from vaelab.runs import slots


@pytest.fixture(autouse=True)
def nothing_is_said(monkeypatch):
    monkeypatch.delenv("VAELAB_SLOTS", raising=False)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)


def test_one_slot_unless_something_else_is_said(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "3")
    assert slots.default_slots() == ("slot 1",)
    monkeypatch.setenv("VAELAB_SLOTS", "2")
    assert slots.default_slots() == ("slot 1", "slot 2")


def test_a_slot_a_device_and_each_worker_sees_its_own(monkeypatch, tmp_path):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "3, 5")
    first, second = slots.default_slots()
    environment: dict[str, str] = {"CUDA_VISIBLE_DEVICES": "3,5"}
    slots.bind(environment, second)
    assert environment == {"CUDA_VISIBLE_DEVICES": "5"}
    slots.bind(environment, "slot 1")
    slots.bind(environment, None)
    assert environment == {"CUDA_VISIBLE_DEVICES": "5"}
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES")
    for bus in ("0000:17:00.0", "0000:65:00.0"):
        (tmp_path / bus).mkdir()
    monkeypatch.setattr(slots, "_GPUS", tmp_path)
    assert slots.default_slots() == ("cuda:0", "cuda:1")
    assert first == "cuda:3"


@pytest.mark.parametrize("text", ["0", "-1", "two", "1.5"])
def test_a_number_of_slots_that_is_none_is_refused(text, monkeypatch):
    monkeypatch.setenv("VAELAB_SLOTS", text)
    with pytest.raises(ValueError, match="VAELAB_SLOTS must be a whole number above 0"):
        slots.default_slots()
