"""A subscription to a camera's events that it is asked for by long polls (Core specification, section 9)."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
import time
from typing import Final, Self
from urllib.parse import urlsplit

from . import soap
from .errors import (
    CameraAnswerInvalid,
    CameraError,
    CameraFault,
    CameraOperationUnsupported,
    CameraRightMissing,
    CameraUnreachable,
)
from .model import CameraEvent
from .parse.events import Subscription, parse_pull_messages, parse_renewal, parse_subscription
from .quirks import Quirk
from .session import Call, OnvifSession

EVENTS: Final = "http://www.onvif.org/ver10/events/wsdl"
_NOTIFICATION: Final = "http://docs.oasis-open.org/wsn/b-2"
_MANAGER: Final = "http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager"
_ADDRESSING: Final = "http://www.w3.org/2005/08/addressing"

# Long enough to be renewed rarely, short enough that one which we lose frees its place soon:
# cameras keep about ten.
_LIFETIME: Final = timedelta(minutes=5)
# What an answer may take on its way beyond the time that the camera itself is asked to wait.
_GRACE: Final = timedelta(seconds=10)
_UNSUBSCRIBE_TIMEOUT: Final = 3.0
# One that can neither be renewed nor is kept by pulling is given up for a new one when so much is left of it.
_ENDS_SOON: Final = timedelta(seconds=10)
# What the renewal of a subscription that is gone is answered with (WS-BaseNotification, 5.2).
_GONE: Final = frozenset({"resourceunknownfault", "resourceunknown", "invalidsubscription"})


class PullPoint:
    """One subscription, renewed in time, kept by pulling where the camera cannot renew (Core 9.1), or else made anew.

    Every method but `unsubscribe` raises CameraError when the subscription is gone; make a new one then.
    """

    def __init__(
        self,
        session: OnvifSession,
        service: str,
        rewrite: Callable[[str], str],
        subscription: Subscription,
    ) -> None:
        """Take a subscription that the camera has just made; use `create`."""
        self._session = session
        self._service = service
        self._rewrite = rewrite
        self._renewable = True
        self.grace = _GRACE
        self.unsubscribe_timeout = _UNSUBSCRIBE_TIMEOUT
        self._take(subscription)

    @classmethod
    async def create(
        cls, session: OnvifSession, service: str, rewrite: Callable[[str], str]
    ) -> Self:
        """Subscribe at the Events service's address and ask for the state of all properties.

        `rewrite` leads an address that the camera names to the configured host.
        """
        asking = asyncio.ensure_future(_subscribe(session, service))
        try:
            point = cls(session, service, rewrite, await asyncio.shield(asking))
        except asyncio.CancelledError:
            # The camera may have granted it: the answer is waited for, and given back; called off again, it is let go.
            try:
                granted = cls(session, service, rewrite, await asking)
            except CameraError:
                pass
            else:
                await asyncio.shield(granted.unsubscribe())
            raise
        try:
            await point.set_synchronization_point()
        except BaseException:
            # Nobody else knows of it, and cameras keep about ten; a cancellation waits for this good-bye.
            await asyncio.shield(point.unsubscribe())
            raise
        return point

    def _take(self, subscription: Subscription) -> None:
        self._subscription = subscription
        self._url = self._address()
        if subscription.odd_times:
            self._session.quirks.note(Quirk.EVENTS_LIFETIME)
        self._live(subscription.lifetime)

    def _address(self) -> str:
        """Return where the subscription answers, at the configured host: the service's own address where it names none."""
        address = self._subscription.address
        with suppress(CameraAnswerInvalid):
            if urlsplit(url := self._rewrite(address)).path != "/":
                return url
        self._session.quirks.note(Quirk.EVENTS_ADDRESS)
        return self._service

    def _live(self, lifetime: timedelta | None) -> None:
        # Counted on our monotonic clock from the camera's own two times: neither wall clock is trusted.
        self._ends_at = time.monotonic() + (lifetime or _LIFETIME).total_seconds()

    async def pull(self, timeout: timedelta = timedelta(seconds=60)) -> tuple[CameraEvent, ...]:
        """Wait for events for at most `timeout` and return them, at most 1,000; none is a normal answer.

        Raises CameraUnreachable when the camera stays silent beyond that time, and CameraError of other
        kinds when the subscription is gone.
        """
        left = self._ends_at - time.monotonic()
        # A subscription that lives shorter than a pull is renewed at each one.
        if left < (timeout + self.grace).total_seconds():
            if self._renewable or left <= _ENDS_SOON.total_seconds():
                await self.renew()
            left = self._ends_at - time.monotonic()
        # Whatever a camera grants, a pull does not outlive it, but does not spin either.
        seconds = max(1, min(int(timeout.total_seconds()), int(left / 2)))
        pulled = await self._ask(
            f"{EVENTS}/PullPointSubscription/PullMessagesRequest",
            f'<PullMessages xmlns="{EVENTS}"><Timeout>PT{seconds}S</Timeout>'
            "<MessageLimit>100</MessageLimit></PullMessages>",
            parse_pull_messages,
            timeout=seconds + self.grace.total_seconds(),
        )
        if pulled.odd_times:
            self._session.quirks.note(Quirk.EVENTS_LIFETIME)
        if pulled.lifetime is not None:
            self._live(pulled.lifetime)
        return pulled.events

    async def renew(self) -> None:
        """Have the camera keep the subscription, or make a new one where it cannot."""
        if self._renewable:
            try:
                self._live(
                    await self._ask(
                        f"{_MANAGER}/RenewRequest",
                        f'<Renew xmlns="{_NOTIFICATION}">'
                        f"<TerminationTime>{_duration(_LIFETIME)}</TerminationTime></Renew>",
                        parse_renewal,
                    )
                )
            except (CameraOperationUnsupported, CameraAnswerInvalid, CameraRightMissing) as err:
                if isinstance(err, CameraFault) and err.codes & _GONE:
                    raise
                self._renewable = False
                self._session.quirks.note(Quirk.EVENTS_NO_RENEW)
            else:
                return
            if self._ends_at - time.monotonic() > _ENDS_SOON.total_seconds():
                return
        # The old one is left to end by itself: some cameras cancel all subscriptions with one.
        self._take(await _subscribe(self._session, self._service))
        await self.set_synchronization_point()

    async def set_synchronization_point(self) -> None:
        """Ask for the present state of all properties, to come with the next pull.

        Some cameras cannot, refuse, or do not answer: events come anyway.
        """
        try:
            await self._ask(
                f"{EVENTS}/PullPointSubscription/SetSynchronizationPointRequest",
                f'<SetSynchronizationPoint xmlns="{EVENTS}"/>',
                _nothing("SetSynchronizationPointResponse"),
            )
        except (
            CameraOperationUnsupported,
            CameraAnswerInvalid,
            CameraRightMissing,
            CameraUnreachable,
        ):
            self._session.quirks.note(Quirk.EVENTS_NO_SYNC)

    async def unsubscribe(self) -> None:
        """Tell the camera once that nobody listens any more; never raises."""
        with suppress(CameraError):
            await self._ask(
                f"{_MANAGER}/UnsubscribeRequest",
                f'<Unsubscribe xmlns="{_NOTIFICATION}"/>',
                _nothing("UnsubscribeResponse"),
                timeout=self.unsubscribe_timeout,
            )

    async def _ask[T](
        self, action: str, body: str, parser: soap.Parser[T], *, timeout: float | None = None
    ) -> T:
        # WS-Addressing 1.0 SOAP Binding, section 3.3: the address as the camera knows it, and its parameters.
        header = (
            f'<a:To xmlns:a="{_ADDRESSING}">{soap.text_of(self._subscription.address)}</a:To>'
            f'<a:Action xmlns:a="{_ADDRESSING}">{action}</a:Action>{self._subscription.reference}'
        )
        return await self._session.ask(
            Call(
                url=self._url,
                action=action,
                body=body,
                parser=parser,
                header=header,
                timeout=timeout,
                refused_alone=body.startswith(("<SetSynchronizationPoint", "<Renew")),
            )
        )


async def _subscribe(session: OnvifSession, service: str) -> Subscription:
    """Have the camera make a pull point for all its events."""
    action = f"{EVENTS}/EventPortType/CreatePullPointSubscriptionRequest"
    wish = f"<InitialTerminationTime>{_duration(_LIFETIME)}</InitialTerminationTime>"

    def call(inside: str) -> Call[Subscription]:
        return Call(
            url=service,
            action=action,
            body=f'<CreatePullPointSubscription xmlns="{EVENTS}">{inside}</CreatePullPointSubscription>',
            parser=parse_subscription,
        )

    try:
        return await session.ask(call(wish))
    except CameraAnswerInvalid:
        # Some cameras take no wish as to how long.
        return await session.ask(call(""))


def _duration(length: timedelta) -> str:
    return f"PT{int(length.total_seconds())}S"


def _nothing(name: str) -> soap.Parser[None]:
    def parser(answer: soap.Envelope) -> None:
        soap.open_envelope(answer, name)

    return parser
