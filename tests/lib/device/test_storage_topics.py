"""What makers announce of a card, in their own topics, is taken for what it says, and for no more."""

from hypothesis import given, strategies as st
import pytest

from custom_components.niiza_cctv.lib.device.model import CameraEvent
from custom_components.niiza_cctv.lib.device.storage_topics import StorageWord, storage_event

FAILED, MISSING, FULL = StorageWord.FAILED, StorageWord.MISSING, StorageWord.FULL


def event(
    topic: str,
    data: dict[str, str] | None = None,
    operation: str = "Changed",
    source: dict[str, str] | None = None,
) -> CameraEvent:
    """Return an event as it is read, its topic without prefixes."""
    return CameraEvent(
        topic=topic, at=None, operation=operation, source=source or {}, data=data or {}
    )


@pytest.mark.parametrize(
    ("told", "word", "holds"),
    [
        # ONVIF, in all spellings of a boolean.
        *(
            (event("Device/HardwareFailure/StorageFailure", {"Failed": value}), FAILED, holds)
            for value, holds in {"true": True, "1": True, "TRUE": True, " True ": True, "false": False, "0": False}.items()
        ),
        # Axis.
        (event("Device/HardwareFailure/StorageFailure", {"disruption": "1"}, source={"disk_id": "SD_DISK"}), FAILED, True),
        (event("Storage/Disruption", {"disruption": "0"}, "Initialized", {"disk_id": "SD_DISK"}), FAILED, False),
        # Hikvision: with a state, and without any data.
        (event("Device/HardwareFailure/HardDiskError", source={"HardDiskNo": "1"}), FAILED, None),
        (event("Device/HardDiskError", {"State": "true"}), FAILED, True),
        (event("HardDiskUnformat", operation=""), FAILED, None),
        (event("Device/HardwareFailure/HardDiskFull"), FULL, None),
        # Dahua's names.
        (event("Device/StorageNotExist", {"Value": "True"}), MISSING, True),
        (event("Device/StorageLowSpace", {"state": "false"}), FULL, False),
        # A name of the maker's own for its only value.
        (event("Device/HardwareFailure/HardDiskError", {"IsHddBad": "1"}), FAILED, True),
        # A property that is gone holds no longer, whatever it said last.
        (event("Device/HardwareFailure/StorageFailure", {"Failed": "true"}, "Deleted"), FAILED, False),
        (event("Device/HardwareFailure/HardDiskError", operation="Deleted"), FAILED, False),
    ],
)  # fmt: skip
def test_what_is_said_of_a_card_is_understood(
    told: CameraEvent, word: StorageWord, holds: bool | None
) -> None:
    """Each maker hangs its topics up elsewhere and spells its values in its own way."""
    found = storage_event(told)
    assert found is not None
    assert (found.word, found.holds) == (word, holds)


@pytest.mark.parametrize(
    "told",
    [
        event("Device/HardwareFailure/FanFailure", {"Failed": "true"}),
        event("Device/Trigger/DigitalInput", {"LogicalState": "true"}),
        # A share that nobody set up is no card.
        event("Storage/Disruption", {"disruption": "1"}, source={"disk_id": "NetworkShare"}),
        event("Device/Disruption", {"disruption": "1"}),
        # What is no state says nothing.
        event("Device/HardwareFailure/StorageFailure", {"Failed": "-3"}),
        event("Device/HardwareFailure/StorageFailure", {"Failed": ""}),
        # That there is such a property is no failure.
        event("Device/HardwareFailure/HardDiskError", operation="Initialized"),
        event(""),
    ],
)
def test_what_is_not_said_is_not_made_up(told: CameraEvent) -> None:
    """A card that is called faulty over nothing is worse than one of which nothing is known."""
    assert storage_event(told) is None


def test_one_card_does_not_speak_for_another() -> None:
    """Each source is a storage of its own."""
    first, second = (
        storage_event(
            event(
                "Device/HardwareFailure/StorageFailure", {"Failed": "true"}, source={"Token": name}
            )
        )
        for name in ("SD_1", "SD_2")
    )
    assert first is not None
    assert second is not None
    assert first.key != second.key


@given(
    st.text(max_size=30),
    st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=4),
    st.sampled_from(["", "Initialized", "Changed", "Deleted"]),
)
def test_no_event_raises(topic: str, data: dict[str, str], operation: str) -> None:
    """Whatever a camera sends."""
    for name in (topic, f"Device/HardwareFailure/{topic}", "HardDiskError"):
        found = storage_event(event(name, data, operation, data))
        assert found is None or len(found.key) <= 200
