"""The section's cameras, and whatever else of it is looked at: they follow its config entry."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from typing import Any, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_MODEL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .const import (
    CONF_FIRMWARE,
    CONF_MACS,
    CONF_MANUFACTURER,
    CONF_SERIAL,
    DOMAIN,
    POLL_INTERVAL,
    SUBENTRY_CAMERA,
    SUBENTRY_OFFLINE_CAMERA,
    SUBENTRY_TABLET,
)
from .coordinator import CameraCoordinator, Limits
from .entry_data import policy_of
from .issues import CAMERA_ISSUES, async_close_issue
from .lib.checks.model import Asset, AssetKind
from .lib.device.clock_history import ClockHistory
from .lib.device.errors import CameraUnreachable
from .lib.device.model import ClockReading, ReadBack
from .lib.device.resolver import Resolver
from .lib.footage.archive import Archive
from .lib.footage.card_proof import CardSample
from .lib.footage.jumps import JumpMemory
from .lib.footage.package_model import CameraFacts

# What of the section's things is looked at, by the kind of its subentry.
_ASSET_KINDS = {
    SUBENTRY_CAMERA: AssetKind.CAMERA,
    SUBENTRY_OFFLINE_CAMERA: AssetKind.OFFLINE_CAMERA,
    SUBENTRY_TABLET: AssetKind.TABLET,
}


class Cameras(Mapping[str, CameraCoordinator]):
    """The section's cameras, by the ids of their subentries, while its entry is loaded."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        *,
        resolver: Resolver,
        limits: Limits | None = None,
    ) -> None:
        """Begin without any."""
        self._hass = hass
        self._entry = entry
        self._resolver = resolver
        self._limits = limits or Limits()
        self.policy = policy_of(entry.data)
        self._cameras: dict[str, CameraCoordinator] = {}
        self._adders: list[Callable[[CameraCoordinator], None]] = []
        # What the platforms know, by id.
        self._assets: set[str] = set()
        self._asset_adders: list[Callable[[Asset], None]] = []
        self._moved: list[Callable[[str], None]] = []
        self._removers: list[Callable[[CameraCoordinator], None]] = []
        self._samplers: list[Callable[[str, CardSample], None]] = []
        # Where a camera's DNS name led when it was found there last, by its unique id and the name.
        self.led_to: Callable[[str, str], str | None] = lambda _camera, _name: None
        # What is known of each camera's clock, by unique id, and where a new measurement of it goes.
        self._clock_histories: dict[str, ClockHistory] = {}
        self.note_clock: Callable[[str, ClockReading], None] = self._note_clock
        # What is known of each camera's jumps within a replay session, and who keeps it.
        self._jumps: dict[str, JumpMemory] = {}
        self.note_jumps: Callable[[], None] = lambda: None
        # What came of reading each camera's card last, by unique id; as it was kept over a restart.
        self.read_back_of: Callable[[str], ReadBack | None] = lambda _camera: None
        self._reconciling = asyncio.Lock()
        self._closed = False

    @override
    def __getitem__(self, subentry_id: str) -> CameraCoordinator:
        return self._cameras[subentry_id]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._cameras)

    @override
    def __len__(self) -> int:
        return len(self._cameras)

    # --- One of them ------------------------------------------------------------------------------------------

    def find(self, unique_id: str) -> CameraCoordinator | None:
        """Return a camera by its unique id; None where it is not the section's."""
        return next((one for one in self.values() if one.unique_id == unique_id), None)

    def by_id(self, unique_id: str) -> CameraCoordinator:
        """Return a camera by its unique id; raises KeyError."""
        if (camera := self.find(unique_id)) is None:
            raise KeyError(unique_id)
        return camera

    def ids_named(self, named: str) -> set[str]:
        """Return the unique ids that may be meant by a device, one of its entities, or a unique id itself."""
        if entity := er.async_get(self._hass).async_get(named):
            named = entity.device_id or named
        if (device := dr.async_get(self._hass).async_get(named)) is None:
            return {named}
        return {value for domain, value in device.identifiers if domain == DOMAIN}

    def named(self, named: str) -> CameraCoordinator | None:
        """Return a camera by its device, one of its entities, or its unique id."""
        return next((one for one in map(self.find, self.ids_named(named)) if one), None)

    def archive(self, unique_id: str) -> Archive:
        """Return the archive of a camera; raises CameraUnreachable when it is no longer the section's."""
        if (camera := self.find(unique_id)) is None:
            raise CameraUnreachable("The camera is not the section's any more")
        return camera.archive

    def clock_history(self, unique_id: str) -> ClockHistory:
        """Return what is known of a camera's clock, for as long as the section is loaded."""
        return self._clock_histories.setdefault(unique_id, ClockHistory())

    def jumps(self, unique_id: str) -> JumpMemory:
        """Return what is known of a camera's jumps, for as long as the section is loaded."""
        if unique_id not in self._jumps:
            self._jumps[unique_id] = JumpMemory(on_change=self._async_note_jumps)
        return self._jumps[unique_id]

    def _async_note_jumps(self) -> None:
        # Whoever keeps it may come later.
        self.note_jumps()

    def _note_clock(self, unique_id: str, clock: ClockReading) -> None:
        self.clock_history(unique_id).measure(clock)

    def facts(self, unique_id: str, clock: ClockReading | None = None) -> CameraFacts | None:
        """Return what is known of a camera, with a network or without; None when it is no longer the section's."""
        if (camera := self.find(unique_id)) is None:
            return self._offline_facts(unique_id)
        data, identity = camera.subentry.data, camera.data.identity
        return CameraFacts(
            name=camera.name,
            manufacturer=data[CONF_MANUFACTURER],
            model=data[CONF_MODEL],
            serial=data[CONF_SERIAL],
            firmware=data[CONF_FIRMWARE] if identity is None else identity.firmware,
            macs=tuple(data[CONF_MACS]),
            clock=clock,
        )

    def _offline_facts(self, unique_id: str) -> CameraFacts | None:
        for subentry in self._entry.get_subentries_of_type(SUBENTRY_OFFLINE_CAMERA):
            if subentry.unique_id == unique_id:
                return CameraFacts(
                    name=subentry.title,
                    manufacturer=subentry.data[CONF_MANUFACTURER],
                    model=subentry.data[CONF_MODEL],
                    serial=subentry.data[CONF_SERIAL],
                    firmware="",
                )
        return None

    # --- All of them ------------------------------------------------------------------------------------------

    @callback
    def async_for_each_camera(self, add: Callable[[CameraCoordinator], None]) -> None:
        """Call `add` for every camera that becomes the section's; the platforms come before the cameras."""
        self._adders.append(add)

    @callback
    def async_on_removed(self, removed: Callable[[CameraCoordinator], None]) -> None:
        """Call `removed` with every camera that is the section's no longer."""
        self._removers.append(removed)

    @callback
    def async_on_moved(self, moved: Callable[[str], None]) -> None:
        """Call `moved` with the unique id of a camera that is reached in another way than before."""
        self._moved.append(moved)

    @callback
    def async_on_sample(self, sampled: Callable[[str, CardSample], None]) -> None:
        """Call `sampled` with the unique id of a camera and what was just read from its card."""
        self._samplers.append(sampled)

    def assets(self) -> tuple[Asset, ...]:
        """Return everything of the section that is looked at, the section itself first."""
        return (
            Asset(kind=AssetKind.SECTION, id="section", name=self._entry.title),
            *(
                Asset(
                    kind=_ASSET_KINDS[subentry.subentry_type],
                    id=subentry.unique_id or subentry.subentry_id,
                    name=subentry.title,
                    subentry_id=subentry.subentry_id,
                )
                for subentry in self._entry.subentries.values()
                if subentry.subentry_type in _ASSET_KINDS
            ),
        )

    @callback
    def async_for_each_asset(self, add: Callable[[Asset], None]) -> None:
        """Call `add` for everything that becomes the section's; the platforms come before the objects."""
        self._asset_adders.append(add)

    # --- Life -------------------------------------------------------------------------------------------------

    async def async_follow_entry(self) -> None:
        """Follow the config entry: only the cameras that were added, changed or removed notice."""
        async with self._reconciling:
            if self._closed:
                return
            await self._async_show_assets()
            if (policy := policy_of(self._entry.data)) != self.policy:
                self.policy = policy
                for coordinator in self.values():
                    coordinator.async_new_policy(policy)
            wanted = {
                subentry.subentry_id: subentry
                for subentry in self._entry.get_subentries_of_type(SUBENTRY_CAMERA)
            }
            for subentry_id in self.keys() - wanted.keys():
                await self._async_remove(self._cameras.pop(subentry_id))
            for subentry_id, coordinator in self.items():
                await coordinator.async_subentry_changed(wanted[subentry_id])
            new = [subentry for key, subentry in wanted.items() if key not in self]
            for position, subentry in enumerate(new):
                coordinator = CameraCoordinator(
                    self._hass,
                    self._entry,
                    subentry,
                    policy=self.policy,
                    limits=self._limits,
                    look_up=self._resolver.look_up,
                    moved=self._async_moved,
                    sampled=self._async_sampled,
                    led_to=self.led_to,
                    clock_history=self.clock_history(subentry.unique_id or subentry.subentry_id),
                    note_clock=self._async_note_clock,
                    jumps=self.jumps(subentry.unique_id or subentry.subentry_id),
                    last_read_back=self.read_back_of(subentry.unique_id or subentry.subentry_id),
                )
                self._cameras[subentry.subentry_id] = coordinator
                # Spread over the interval, so that the cameras never ask all at once afterwards.
                coordinator.async_start(
                    position * min(0.1, POLL_INTERVAL.total_seconds() / len(new))
                )
                for add in self._adders:
                    add(coordinator)
                    await asyncio.sleep(0)

    @callback
    def async_stop_asking(self) -> None:
        """Call off whatever any camera was asked, and ask nothing more; `async_close` waits for the end of it."""
        self._closed = True
        for coordinator in self.values():
            coordinator.async_stop_asking()

    async def async_close(self) -> None:
        """Let go of every camera."""
        self._closed = True
        async with self._reconciling:
            await asyncio.gather(*(coordinator.async_shutdown() for coordinator in self.values()))
        await self._resolver.close()

    async def _async_show_assets(self) -> None:
        """Give the platforms what they do not know yet; what they know may have another name."""
        assets = self.assets()
        self._assets &= {each.id for each in assets}
        registry = dr.async_get(self._hass)
        for each in assets:
            if device := registry.async_get_device_by_identifier(
                (DOMAIN, each.id), self._entry.entry_id
            ):
                registry.async_update_device(device.id, name=each.name)
            if each.id not in self._assets:
                self._assets.add(each.id)
                for add in self._asset_adders:
                    add(each)
                await asyncio.sleep(0)

    @callback
    def _async_moved(self, unique_id: str) -> None:
        for moved in self._moved:
            moved(unique_id)

    @callback
    def _async_note_clock(self, unique_id: str, clock: ClockReading) -> None:
        self.note_clock(unique_id, clock)

    @callback
    def _async_sampled(self, unique_id: str, sample: CardSample) -> None:
        for sampled in self._samplers:
            sampled(unique_id, sample)

    async def _async_remove(self, coordinator: CameraCoordinator) -> None:
        """Let go of a camera that is no longer the section's."""
        await coordinator.async_shutdown()
        for key in CAMERA_ISSUES:
            async_close_issue(self._hass, key, coordinator.subentry.subentry_id)
        for removed in self._removers:
            removed(coordinator)
