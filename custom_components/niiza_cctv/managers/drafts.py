"""Keeps drafts as long as the section is loaded: until they are used, expire, or their person logs out."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later

from ..lib.access.errors import NotAllowed
from ..lib.access.model import Actor
from ..lib.access.permissions import Permission, check_person
from ..lib.cases.drafts import Draft, Drafts
from ..lib.ledger.model import Person
from .evidence import Evidence, steady_seconds


class DraftManager(Drafts):
    """The section's drafts."""

    def __init__(
        self, hass: HomeAssistant, *, monotonic: Callable[[], float] = steady_seconds
    ) -> None:
        """Begin without any."""
        super().__init__(monotonic)
        self._hass = hass
        # Log-in → what stops waiting for its end.
        self._sessions: dict[str, CALLBACK_TYPE] = {}
        self._stop_timer: CALLBACK_TYPE | None = None

    @callback
    def async_save(
        self, person: Person, step: str, texts: Mapping[str, object], *, session: str | None = None
    ) -> Draft:
        """Keep what somebody wrote in a log-in (the id of its refresh token); raises FieldsInvalid."""
        draft = self.save(person.id, step, texts, session=session)
        if session is not None and session not in self._sessions:

            @callback
            def on_log_out() -> None:
                del self._sessions[session]
                self.forget_session(session)

            self._sessions[session] = self._hass.auth.async_register_revoke_token_callback(
                session, on_log_out
            )
        self._wait()
        return draft

    @asynccontextmanager
    async def async_used(
        self,
        evidence: Evidence,
        actor: Actor,
        step: Permission,
        draft_id: str | None,
        case_id: str | None,
    ) -> AsyncIterator[Mapping[str, str]]:
        """Give the texts of a draft, none where none is named, while its step is taken.

        What fails leaves the draft for another try. Raises CaseError, on the record where somebody is not allowed.
        """
        if draft_id is None:
            yield {}
            return
        try:
            # Whoever may not take the step anyway learns nothing of drafts.
            draft = self.take(check_person(actor, step).id, draft_id, step)
        except NotAllowed as err:
            subject = "section" if case_id is None else f"case/{case_id}"
            await evidence.cases.refuse(actor, step, subject, err.key)
            raise
        try:
            yield draft.texts
        except Exception:
            self.put_back(draft)
            raise
        finally:
            # Not put back: it was used, also where the caller went, whose step is finished all the same.
            if draft.in_use:
                self.done(draft)

    async def async_close(self) -> None:
        """Forget everything."""
        self.forget_all()
        if self._stop_timer is not None:
            self._stop_timer()
            self._stop_timer = None
        for stop in self._sessions.values():
            stop()
        self._sessions.clear()

    @callback
    def _wait(self) -> None:
        """Come back when the next draft expires."""
        if self._stop_timer is None and (seconds := self.seconds_left()) is not None:
            self._stop_timer = async_call_later(self._hass, seconds, self._on_time)

    @callback
    def _on_time(self, _now: datetime) -> None:
        self._stop_timer = None
        self.forget_expired()
        self._wait()
