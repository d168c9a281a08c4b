"""Exports of cameras that are not the section's any more: a person says what becomes of them."""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback

from ..cameras import Cameras
from ..coordinator import CameraCoordinator
from ..issues import ISSUE_CAMERA_GONE, async_close_issues, async_show_issue, issue_id
from ..lib.cases.model import Case, CaseClip, ClipState, Step
from .evidence import Evidence


class LeftExports:
    """Asks about every clip that waits for a camera which somebody removed; until then all that was fetched stays."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry[Any], *, cameras: Cameras, evidence: Evidence
    ) -> None:
        """Make it; nothing is asked."""
        self._hass = hass
        self._entry = entry
        self._cameras = cameras
        self._evidence = evidence
        self._unsubscribe: list[CALLBACK_TYPE] = []

    async def async_start(self) -> None:
        """Begin to ask, once the section's cameras are there."""
        self._unsubscribe.append(self._evidence.async_on_step(self._on_step))
        self._cameras.async_on_removed(self._on_camera)
        self._cameras.async_for_each_camera(self._on_camera)
        self._unsubscribe.append(self._evidence.async_when_read(self._show))

    async def async_close(self) -> None:
        """Ask nothing more; what is asked stays, for it is asked again with the next start."""
        while self._unsubscribe:
            self._unsubscribe.pop()()

    @callback
    def _on_camera(self, _camera: CameraCoordinator) -> None:
        self._show()

    @callback
    def _on_step(self, _case: Case, _step: Step) -> None:
        self._show()

    @callback
    def _show(self) -> None:
        """Ask about the clips that wait in vain, and about no others any more."""
        if not self._evidence.is_read or not self._unsubscribe:
            return
        waiting = [clip for case in self._evidence.cases.cases.values() for clip in self._of(case)]
        async_close_issues(
            self._hass,
            (ISSUE_CAMERA_GONE,),
            but={issue_id(ISSUE_CAMERA_GONE, clip.id) for clip in waiting},
        )
        for clip in waiting:
            async_show_issue(
                self._hass,
                ISSUE_CAMERA_GONE,
                clip.id,
                fixable=True,
                data={"entry_id": self._entry.entry_id, "clip": clip.id},
                placeholders={"camera": clip.passage.camera_name, "clip": clip.id},
            )

    def _of(self, case: Case) -> list[CaseClip]:
        """Return the clips of a case that wait for a camera which is not the section's."""
        return [
            clip
            for clip in case.clips
            if case.is_open
            and clip.state is ClipState.REQUESTED
            and not clip.cut_short
            and self._cameras.find(clip.passage.camera) is None
        ]
