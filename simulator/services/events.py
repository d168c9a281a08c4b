"""ONVIF Event service: real-time pull points (Core specification, "Event handling"; WS-BaseNotification 1.3)."""

import asyncio
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
import re
from typing import ClassVar, override

from lxml import etree

from simulator.camera import CardFault, Quirk
from simulator.card import JOB_TOKEN
from simulator.services.base import (
    TEV,
    TOPICS,
    WSNT,
    Access,
    Call,
    Context,
    Service,
    SoapFault,
    flag,
    invalid,
    operation,
    parse_duration,
    parse_time,
    q,
    stamp,
)
from simulator.services.recording import job_state, job_state_information

SUBSCRIPTIONS = "/onvif/subscription"
# Namespace of the reference parameter that names a subscription where the address does not.
OWN = "http://simulator.invalid/events"
CONCRETE = "http://docs.oasis-open.org/wsn/t-1/TopicExpression/Concrete"
CONCRETE_SET = "http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet"
ITEM_FILTER = "http://www.onvif.org/ver10/tev/messageContentFilter/ItemFilter"

MAX_PULL_POINTS = 10
MAX_QUEUE = 200
MAX_MESSAGES = 100
# A device takes at least a minute (Core specification, PullMessages).
MAX_TIMEOUT = timedelta(seconds=60)
DEFAULT_LIFE = timedelta(seconds=60)
MAX_LIFE = timedelta(hours=1)
STALE_SYNC = timedelta(days=6 * 365)

# When a subscription ends by a clock that was never set.
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# Topic → (is a property, source items, simple data items, element data items); names and XML types.
type Items = dict[str, str]
TOPIC_SET: dict[str, tuple[bool, Items, Items, Items]] = {
    "Device/HardwareFailure/StorageFailure": (
        True,
        {"Token": "tt:ReferenceToken"},
        {"Failed": "xs:boolean"},
        {},
    ),
    "Monitoring/OperatingTime/LastClockSynchronization": (True, {}, {"Status": "xs:dateTime"}, {}),
    "RecordingConfig/JobState": (
        True,
        {"RecordingJobToken": "tt:RecordingJobReference"},
        {"State": "xs:string"},
        {"Information": "tt:RecordingJobStateInformation"},
    ),
    "RecordingHistory/Recording/State": (
        True,
        {"RecordingToken": "tt:RecordingReference"},
        {"IsRecording": "xs:boolean"},
        {},
    ),
    "RecordingHistory/Track/State": (
        True,
        {"RecordingToken": "tt:RecordingReference", "Track": "tt:TrackReference"},
        {"IsDataPresent": "xs:boolean"},
        {},
    ),
    "Media/ProfileChanged": (False, {"Token": "tt:ReferenceToken"}, {}, {}),
    "Media/ConfigurationChanged": (
        False,
        {"Token": "tt:ReferenceToken", "Type": "xs:string"},
        {},
        {},
    ),
}


@dataclass(frozen=True)
class Property:
    """A value that the camera announces whenever it changes."""

    topic: str
    source: tuple[tuple[str, str], ...]
    data: tuple[tuple[str, str], ...]
    # XML of element items.
    elements: str = ""


@dataclass(kw_only=True)
class Subscription:
    """One pull point; times by the event loop's clock."""

    token: str
    expires: float
    # Topic paths; one that ends in "//." takes everything below. None: all.
    topics: tuple[str, ...] | None
    queue: deque[str] = field(default_factory=lambda: deque(maxlen=MAX_QUEUE))
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    # Gone without a word: nothing is delivered any more.
    dead: bool = False

    def wants(self, topic: str) -> bool:
        """Tell whether the filter lets this topic through."""
        if self.topics is None:
            return True
        return any(
            f"{topic}/".startswith(f"{wanted.removesuffix('//.')}/")
            if wanted.endswith("//.")
            else topic == wanted
            for wanted in self.topics
        )


def gone() -> SoapFault:
    """Return the fault for a subscription that does not exist (WS-Resource 1.2)."""
    return SoapFault(
        "The subscription does not exist",
        "wsrf-r:ResourceUnknownFault",
        detail="<wsrf-r:ResourceUnknownFault/>",
    )


class EventsService(Service):
    """Events by pull point."""

    namespace: ClassVar[str] = TEV
    prefix: ClassVar[str] = "tev"
    path: ClassVar[str] = "/onvif/event_service"
    version: ClassVar[tuple[int, int]] = (20, 12)
    subscriptions: dict[str, Subscription]
    _numbers: ClassVar[count[int]] = count(1)

    def __init__(self, context: Context) -> None:
        """Follow the camera's faults."""
        self.subscriptions = {}
        super().__init__(context)
        self._known = {(item.topic, item.source): item for item in self._properties()}
        context.announce = self.announce
        self.camera.listeners.append(self._changed)

    @override
    def present(self) -> bool:
        return not self.camera.has(Quirk.NO_EVENTS)

    @override
    def reset(self) -> None:
        for subscription in self.subscriptions.values():
            subscription.dead = True
            subscription.wake.set()
        self.subscriptions = {}

    @override
    def capabilities(self) -> str:
        return (
            '<tev:Capabilities WSSubscriptionPolicySupport="false" WSPullPointSupport="true"'
            ' WSPausableSubscriptionManagerInterfaceSupport="false" MaxNotificationProducers="0"'
            f' MaxPullPoints="{MAX_PULL_POINTS}" PersistentNotificationStorage="false"/>'
        )

    # -- what there is to tell

    def _properties(self) -> Iterator[Property]:
        camera = self.camera
        if not camera.has(Quirk.NO_STORAGE_EVENT) and not camera.has(Quirk.MAKERS_STORAGE_TOPIC):
            token = "" if camera.has(Quirk.EMPTY_STORAGE_TOKEN) else "SD_DISK"
            failed = camera.faults.card is CardFault.FAILED
            yield Property(
                "Device/HardwareFailure/StorageFailure",
                (("Token", token),),
                (("Failed", flag(failed)),),
            )
        last = camera.now() - timedelta(hours=1)
        if camera.has(Quirk.STALE_CLOCK_SYNC):
            last -= STALE_SYNC
        synchronized = stamp(last.replace(minute=0, second=0, microsecond=0))
        yield Property(
            "Monitoring/OperatingTime/LastClockSynchronization", (), (("Status", synchronized),)
        )
        if camera.has(Quirk.NO_PROFILE_G):
            return
        yield Property(
            "RecordingConfig/JobState",
            (("RecordingJobToken", JOB_TOKEN),),
            (("State", job_state(camera, self.card)),),
            f'<tt:ElementItem Name="Information"><tt:RecordingJobStateInformation>'
            f"{job_state_information(camera, self.card)}</tt:RecordingJobStateInformation></tt:ElementItem>",
        )
        for recording in self.card.recordings():
            yield Property(
                "RecordingHistory/Recording/State",
                (("RecordingToken", recording.token),),
                (("IsRecording", flag(recording.state == "Recording")),),
            )
            for track in recording.tracks:
                present = track.data_from is not None and recording.state == "Recording"
                if track.kind == "Audio":
                    present = present and camera.sends_audio("main")
                yield Property(
                    "RecordingHistory/Track/State",
                    (("RecordingToken", recording.token), ("Track", track.token)),
                    (("IsDataPresent", flag(present)),),
                )

    def _message(self, item: Property, operation_name: str | None) -> str:
        def items(pairs: tuple[tuple[str, str], ...]) -> str:
            return "".join(
                f'<tt:SimpleItem Name="{q(name)}" Value="{q(value)}"/>' for name, value in pairs
            )

        mark = f' PropertyOperation="{operation_name}"' if operation_name else ""
        return (
            f'<wsnt:NotificationMessage><wsnt:Topic Dialect="{CONCRETE_SET}">tns1:{item.topic}</wsnt:Topic>'
            f'<wsnt:Message><tt:Message UtcTime="{stamp(self.camera.now())}"{mark}>'
            f"<tt:Source>{items(item.source)}</tt:Source><tt:Data>{items(item.data)}{item.elements}</tt:Data>"
            "</tt:Message></wsnt:Message></wsnt:NotificationMessage>"
        )

    def _send(self, item: Property, operation_name: str | None) -> None:
        text = None
        for subscription in self.subscriptions.values():
            if subscription.wants(item.topic):
                text = text or self._message(item, operation_name)
                subscription.queue.append(text)
                subscription.wake.set()

    def announce(self, topic: str, source: dict[str, str], data: dict[str, str]) -> None:
        """Send a message that is no property."""
        self._send(Property(topic, tuple(source.items()), tuple(data.items())), None)

    def _initialize(self, subscription: Subscription) -> None:
        """Queue every property's present value, as on subscribing and at a synchronization point."""
        for item in self._properties():
            if subscription.wants(item.topic):
                subscription.queue.append(self._message(item, "Initialized"))
        subscription.wake.set()

    def _changed(self, what: str) -> None:
        if self.camera.faults.subscriptions_die:
            self._die()
        known = self._known
        self._known = {(item.topic, item.source): item for item in self._properties()}
        for key, item in self._known.items():
            if key not in known:
                self._send(item, "Initialized")
            elif known[key].data != item.data:
                self._send(item, "Changed")
        for key in known.keys() - self._known.keys():
            self._send(known[key], "Deleted")
        if (
            what == "card"
            and self.camera.faults.card is CardFault.FAILED
            and self.camera.has(Quirk.MAKERS_STORAGE_TOPIC)
        ):
            self.announce("Device/HardwareFailure/HardDiskError", {"HardDiskNo": "1"}, {})
        if what == "audio":
            for token in ("main", "sub"):
                self.announce("Media/ProfileChanged", {"Token": token}, {})

    def _die(self) -> None:
        """Forget the subscriptions; whoever is waiting is not told."""
        for subscription in self.subscriptions.values():
            subscription.dead = True
            subscription.queue.clear()
        self.subscriptions = {}

    # -- operations

    @operation("GetServiceCapabilities", Access.PRE_AUTH)
    def get_service_capabilities(self, call: Call) -> str:
        """Return what the service can do."""
        return self.answer(call, self.capabilities())

    @operation("GetEventProperties", Access.READ_MEDIA)
    def get_event_properties(self, call: Call) -> str:
        """List the topics and what their messages hold."""
        hidden = set()
        if self.camera.has(Quirk.NO_STORAGE_EVENT):
            hidden.add("Device")
        if self.camera.has(Quirk.NO_PROFILE_G):
            hidden |= {"RecordingConfig", "RecordingHistory"}
        tree: dict[str, object] = {}
        for topic, description in TOPIC_SET.items():
            parts = topic.split("/")
            if parts[0] in hidden:
                continue
            node = tree
            for part in parts[:-1]:
                child = node.setdefault(part, {})
                assert isinstance(child, dict)
                node = child
            node[parts[-1]] = description
        return self.answer(
            call,
            "<tev:TopicNamespaceLocation>http://www.onvif.org/onvif/ver10/topics/topicns.xml</tev:TopicNamespaceLocation>"
            f"<wsnt:FixedTopicSet>true</wsnt:FixedTopicSet><wstop:TopicSet>{_topics(tree, root=True)}</wstop:TopicSet>"
            f"<wsnt:TopicExpressionDialect>{CONCRETE}</wsnt:TopicExpressionDialect>"
            f"<wsnt:TopicExpressionDialect>{CONCRETE_SET}</wsnt:TopicExpressionDialect>"
            f"<tev:MessageContentFilterDialect>{ITEM_FILTER}</tev:MessageContentFilterDialect>"
            "<tev:MessageContentSchemaLocation>http://www.onvif.org/onvif/ver10/schema/onvif.xsd"
            "</tev:MessageContentSchemaLocation>",
        )

    @operation("CreatePullPointSubscription", Access.READ_MEDIA)
    def create_pull_point_subscription(self, call: Call) -> str:
        """Make a pull point; its first messages are the properties' present values."""
        loop = asyncio.get_running_loop()
        self._drop_expired()
        topics = topic_filter(call, f"{{{TEV}}}Filter")
        life = self._life(
            call.text("InitialTerminationTime"), "UnacceptableInitialTerminationTimeFault"
        )
        if len(self.subscriptions) >= MAX_PULL_POINTS:
            raise SoapFault(
                "Too many pull points",
                "wsnt:SubscribeCreationFailedFault",
                code="Receiver",
                detail="<wsnt:SubscribeCreationFailedFault/>",
            )
        token = str(next(self._numbers))
        subscription = Subscription(
            token=token, expires=loop.time() + life.total_seconds(), topics=topics
        )
        if not self.camera.faults.subscriptions_die:
            self.subscriptions[token] = subscription
            self._initialize(subscription)
        now = self.camera.now()
        if self.camera.has(Quirk.SUBSCRIPTION_BY_PARAMETER):
            reference = (
                f"<wsa:Address>{q(call.base)}{SUBSCRIPTIONS}</wsa:Address><wsa:ReferenceParameters>"
                f'<sim:SubscriptionId xmlns:sim="{OWN}">{token}</sim:SubscriptionId></wsa:ReferenceParameters>'
            )
        else:
            reference = f"<wsa:Address>{q(call.base)}{SUBSCRIPTIONS}/{token}</wsa:Address>"
        return self.answer(
            call,
            f"<tev:SubscriptionReference>{reference}</tev:SubscriptionReference>"
            f"<wsnt:CurrentTime>{stamp(now)}</wsnt:CurrentTime>"
            f"<wsnt:TerminationTime>{stamp(self._end(now + life))}</wsnt:TerminationTime>",
        )

    @operation("PullMessages", Access.READ_MEDIA)
    async def pull_messages(self, call: Call) -> str:
        """Wait for messages, at most as long as asked."""
        subscription = self._subscription(call)
        timeout = parse_duration(call.required("Timeout"))
        try:
            limit = int(call.required("MessageLimit"))
        except ValueError:
            raise invalid("MessageLimit is no number") from None
        if not timedelta() <= timeout <= MAX_TIMEOUT or limit < 1:
            raise SoapFault(
                "Timeout or limit out of range",
                "ter:InvalidArgVal",
                detail=f"<tev:PullMessagesFaultResponse><tev:MaxTimeout>PT{MAX_TIMEOUT.seconds}S</tev:MaxTimeout>"
                f"<tev:MaxMessageLimit>{MAX_MESSAGES}</tev:MaxMessageLimit></tev:PullMessagesFaultResponse>",
            )
        loop = asyncio.get_running_loop()
        until = min(loop.time() + timeout.total_seconds(), subscription.expires)
        if self.camera.has(Quirk.EVENTS_AT_ONCE):
            until = 0.0
        if self.camera.has(Quirk.EVENTS_REFUSED):
            # Core specification, 9.1: pulling keeps it.
            subscription.expires = loop.time() + DEFAULT_LIFE.total_seconds()
        while not subscription.queue and (left := until - loop.time()) > 0:
            subscription.wake.clear()
            try:
                async with asyncio.timeout(left):
                    await subscription.wake.wait()
            except TimeoutError:
                break
            if subscription.dead and not self.camera.faults.subscriptions_die:
                raise gone()
        messages = [
            subscription.queue.popleft()
            for _ in range(min(limit, MAX_MESSAGES, len(subscription.queue)))
        ]
        now = self.camera.now()
        rest = timedelta(seconds=max(0.0, subscription.expires - loop.time()))
        return self.answer(
            call,
            f"<tev:CurrentTime>{stamp(now)}</tev:CurrentTime><tev:TerminationTime>{stamp(self._end(now + rest))}</tev:TerminationTime>"
            f"{''.join(messages)}",
        )

    @operation("SetSynchronizationPoint", Access.READ_MEDIA)
    def set_synchronization_point(self, call: Call) -> str:
        """Send every property's present value again."""
        self._refuse()
        self._initialize(self._subscription(call))
        return self.answer(call, "")

    def renew(self, call: Call) -> str:
        """Prolong a subscription (WS-BaseNotification's Renew)."""
        self._refuse()
        subscription = self._subscription(call)
        life = self._life(call.required("TerminationTime"), "UnacceptableTerminationTimeFault")
        subscription.expires = asyncio.get_running_loop().time() + life.total_seconds()
        now = self.camera.now()
        return (
            f"<wsnt:RenewResponse><wsnt:TerminationTime>{stamp(now + life)}</wsnt:TerminationTime>"
            f"<wsnt:CurrentTime>{stamp(now)}</wsnt:CurrentTime></wsnt:RenewResponse>"
        )

    def unsubscribe(self, call: Call) -> str:
        """End a subscription, or all of them where the camera is like that."""
        ended = [self._subscription(call)]
        if self.camera.has(Quirk.CANCEL_ALL_ON_UNSUBSCRIBE):
            ended = list(self.subscriptions.values())
        for subscription in ended:
            subscription.dead = True
            subscription.wake.set()
            del self.subscriptions[subscription.token]
        return "<wsnt:UnsubscribeResponse/>"

    # -- helpers

    def _refuse(self) -> None:
        """Refuse what this camera does not do, as if the user had no right to it."""
        if self.camera.has(Quirk.EVENTS_REFUSED):
            raise SoapFault("Sender not authorized", "ter:NotAuthorized")

    def _end(self, end: datetime) -> datetime:
        """Return when a subscription ends, as this camera tells it."""
        return _NEVER if self.camera.has(Quirk.EVENTS_AT_ONCE) else end

    def _drop_expired(self) -> None:
        now = asyncio.get_running_loop().time()
        self.subscriptions = {
            token: item for token, item in self.subscriptions.items() if item.expires > now
        }

    def _subscription(self, call: Call) -> Subscription:
        self._drop_expired()
        token = call.path.removeprefix(SUBSCRIPTIONS).strip("/")
        if self.camera.has(Quirk.SUBSCRIPTION_BY_PARAMETER) and call.header is not None:
            token = call.header.findtext(f"{{{OWN}}}SubscriptionId") or token
        if (found := self.subscriptions.get(token)) is None:
            raise gone()
        return found

    def _life(self, text: str | None, fault: str) -> timedelta:
        """Read a termination time: a duration, or a moment by the camera's clock."""
        if not text:
            return DEFAULT_LIFE
        if text.lstrip("-").startswith("P"):
            life = parse_duration(text)
        else:
            life = parse_time(text) - self.camera.now()
        if life <= timedelta():
            raise SoapFault(
                "Termination time is not in the future",
                f"wsnt:{fault}",
                detail=f"<wsnt:{fault}><wsrf-bf:Timestamp>{stamp(self.camera.now())}</wsrf-bf:Timestamp>"
                f"<wsnt:MinimumTime>{stamp(self.camera.now())}</wsnt:MinimumTime></wsnt:{fault}>",
            )
        return min(life, MAX_LIFE)


class SubscriptionManagerService(Service):
    """The operations of WS-BaseNotification's own namespace, on a subscription's address."""

    namespace: ClassVar[str] = WSNT
    prefix: ClassVar[str] = "wsnt"
    path: ClassVar[str] = SUBSCRIPTIONS
    version: ClassVar[tuple[int, int]] = (1, 3)

    def __init__(self, context: Context, events: EventsService) -> None:
        """Manage the subscriptions of the event service."""
        super().__init__(context)
        self._events = events

    @override
    def present(self) -> bool:
        return self._events.present()

    @operation("Renew", Access.READ_MEDIA)
    def renew(self, call: Call) -> str:
        """Prolong a subscription."""
        return self._events.renew(call)

    @operation("Unsubscribe", Access.READ_MEDIA)
    def unsubscribe(self, call: Call) -> str:
        """End a subscription."""
        return self._events.unsubscribe(call)


def _topics(tree: dict[str, object], *, root: bool = False) -> str:
    """Return the topic tree: only the outermost topics carry the namespace (WS-Topics 1.3)."""
    parts = []
    for name, child in tree.items():
        tag = f"tns1:{name}" if root else name
        if isinstance(child, dict):
            parts.append(f"<{tag}>{_topics(child)}</{tag}>")
            continue
        assert isinstance(child, tuple)
        is_property, source, data, elements = child
        parts.append(
            f'<{tag} wstop:topic="true"><tt:MessageDescription IsProperty="{flag(is_property)}">'
            f"<tt:Source>{_descriptions('Simple', source)}</tt:Source>"
            f"<tt:Data>{_descriptions('Simple', data)}{_descriptions('Element', elements)}</tt:Data>"
            f"</tt:MessageDescription></{tag}>"
        )
    return "".join(parts)


def _descriptions(kind: str, items: Items) -> str:
    return "".join(
        f'<tt:{kind}ItemDescription Name="{name}" Type="{of}"/>' for name, of in items.items()
    )


def topic_filter(call: Call, tag: str) -> tuple[str, ...] | None:
    """Read a topic filter, None without one. Raises SoapFault for dialects, prefixes and topics that are unknown."""
    node = call.body.find(tag)
    if node is None or len(node) == 0:
        return None
    topics: list[str] = []
    for child in node:
        if child.tag != f"{{{WSNT}}}TopicExpression":
            raise _bad_filter("InvalidFilterFault", "Only topics can be filtered")
        if child.get("Dialect", CONCRETE) not in {CONCRETE, CONCRETE_SET}:
            raise _bad_filter("TopicExpressionDialectUnknownFault", "Unknown dialect")
        topics += [
            _topic(child, expression.strip()) for expression in (child.text or "").split("|")
        ]
    return tuple(topics)


def _topic(node: etree._Element, expression: str) -> str:
    path = expression.removesuffix("//.")
    steps = path.split("/")
    prefix, _, first = steps[0].rpartition(":")
    if not re.fullmatch(r"[\w./:-]+", expression) or node.nsmap.get(prefix or None) != TOPICS:
        raise _bad_filter("InvalidTopicExpressionFault", "Topic expression cannot be read")
    plain = "/".join([first, *(step.rpartition(":")[2] for step in steps[1:])])
    if not any(f"{topic}/".startswith(f"{plain}/") for topic in TOPIC_SET):
        raise _bad_filter("TopicNotSupportedFault", "No such topic")
    return plain + ("//." if expression.endswith("//.") else "")


def _bad_filter(name: str, reason: str) -> SoapFault:
    return SoapFault(reason, f"wsnt:{name}", detail=f"<wsnt:{name}/>")
