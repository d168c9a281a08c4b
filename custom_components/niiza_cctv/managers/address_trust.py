"""What is known of where cameras may be: what was read from their cards, and what waits for a person's decision."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store

from ..const import DOMAIN, LOGGER
from ..lib.footage.card_proof import MAX_SAMPLES, CardSample, with_sample

_STORE_VERSION: Final = 1
_STORE_KEY: Final = f"{DOMAIN}.camera_trust"
_SAVE_AFTER: Final = 5.0
# So many addresses that a person refused are remembered of each camera.
_MAX_DECLINED: Final = 16
# Whatever stands in the answer of who may be an impostor.
_MAX_TEXT: Final = 128


@dataclass(frozen=True, kw_only=True)
class UnprovedAddress:
    """An address where somebody answers as the camera does and could not prove to be it."""

    host: str
    port: int
    # Where the camera was known to be meanwhile: another way to it, set by a person, makes this void.
    known_host: str
    known_port: int
    manufacturer: str
    serial: str
    # What the card there said, see `CardVerdict`.
    card: str
    # "address_server", "dns" or "dhcp".
    by: str


class _Known:
    """What is known of one camera."""

    def __init__(self, kept: Mapping[str, Any]) -> None:
        self.samples = tuple(CardSample.from_json(one) for one in kept.get("samples", ()))[
            -MAX_SAMPLES:
        ]
        pending = kept.get("pending")
        self.pending = None if pending is None else UnprovedAddress(**pending)
        self.declined = [(str(host), int(port)) for host, port in kept.get("declined", ())]
        # A DNS name, and the address that it led to where the camera was last.
        name, host = kept.get("led_to") or ("", "")
        self.led_to = (str(name), str(host))

    def to_json(self) -> dict[str, Any]:
        return {
            "samples": [one.to_json() for one in self.samples],
            "pending": None if self.pending is None else asdict(self.pending),
            "declined": [list(one) for one in self.declined],
            "led_to": list(self.led_to),
        }


class AddressTrust:
    """Keeps it over restarts; bounded for each camera of the section."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Make it; nothing is read."""
        self._store: Store[dict[str, Any]] = Store(hass, _STORE_VERSION, _STORE_KEY, private=True)
        self._known: dict[str, _Known] = {}
        self._changed = False

    async def async_load(self) -> None:
        """Take up what is kept; what cannot be read of a camera proves nothing and is forgotten."""
        for camera, kept in (await self._store.async_load() or {}).items():
            try:
                self._known[camera] = _Known(kept)
            except (AttributeError, KeyError, TypeError, ValueError) as err:
                LOGGER.warning("What was read from the card of %s is not kept: %s", camera, err)

    async def async_close(self) -> None:
        """Keep what is known."""
        if self._changed:
            self._changed = False
            await self._store.async_save(self._to_store())

    def samples(self, camera: str) -> tuple[CardSample, ...]:
        """Return what was read from a camera's card, at several ages."""
        return self._known[camera].samples if camera in self._known else ()

    @callback
    def async_add_sample(self, camera: str, sample: CardSample) -> None:
        """Keep what was just read from a camera's card."""
        known = self._of(camera)
        known.samples = with_sample(known.samples, sample)
        self._async_save()

    def pending(self, camera: str) -> UnprovedAddress | None:
        """Return what a person has to decide about a camera."""
        return self._known[camera].pending if camera in self._known else None

    @callback
    def async_ask(self, camera: str, unproved: UnprovedAddress) -> None:
        """Let it wait for a person's decision."""
        self._of(camera).pending = unproved
        self._async_save()

    @callback
    def async_settle(self, camera: str, *, declined: bool = False) -> None:
        """Take a person's decision; what was declined is not asked again."""
        known = self._of(camera)
        unproved, known.pending = known.pending, None
        if unproved is not None:
            place = (unproved.host, unproved.port)
            others = [one for one in known.declined if one != place]
            known.declined = [*others, place][-_MAX_DECLINED:] if declined else others
        self._async_save()

    def is_declined(self, camera: str, host: str, port: int) -> bool:
        """Return whether a person said that the camera is not there."""
        return camera in self._known and (host, port) in self._known[camera].declined

    def led_to(self, camera: str, name: str) -> str | None:
        """Return where a DNS name led when the camera was found there last."""
        if camera not in self._known:
            return None
        known, host = self._known[camera].led_to
        return host if known == name and host else None

    @callback
    def async_note_led_to(self, camera: str, name: str, host: str) -> None:
        """Keep where a DNS name led to the camera."""
        if self.led_to(camera, name) != host:
            self._of(camera).led_to = (name, host)
            self._async_save()

    @callback
    def async_forget_others(self, cameras: set[str]) -> set[str]:
        """Forget cameras that left; return them."""
        gone = self._known.keys() - cameras
        for camera in gone:
            del self._known[camera]
        if gone:
            self._async_save()
        return gone

    def _of(self, camera: str) -> _Known:
        return self._known.setdefault(camera, _Known({}))

    @callback
    def _async_save(self) -> None:
        self._changed = True
        self._store.async_delay_save(self._to_store, _SAVE_AFTER)

    def _to_store(self) -> dict[str, Any]:
        return {camera: known.to_json() for camera, known in self._known.items()}


def shortened(text: str) -> str:
    """Return what somebody who is not trusted says, fit for a form."""
    return "".join(char if char.isprintable() else " " for char in text)[:_MAX_TEXT]


async def async_remove_trust(hass: HomeAssistant) -> None:
    """Forget what was known of a section that is gone."""
    store: Store[dict[str, Any]] = Store(hass, _STORE_VERSION, _STORE_KEY)
    await store.async_remove()
