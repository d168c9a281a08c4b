"""What a camera answers of its events: subscriptions, notifications, topics (Core specification, section 9)."""

from dataclasses import dataclass
from datetime import timedelta
import re
from typing import Final
from xml.etree.ElementTree import tostring

from ..errors import CameraAnswerInvalid
from ..model import CameraEvent
from ..soap import Envelope, child, local_name, open_envelope, text
from ..xml import Element
from .fields import MAX_ITEMS, MAX_TEXT, each_child
from .time import utc_time

# Bounds on what one answer may hold; honest ones stay far below.
MAX_MESSAGES: Final = 1000
# WS-Topics 1.3, section 6: what marks a topic in a set of them.
_IS_TOPIC: Final = "{http://docs.oasis-open.org/wsn/t-1}topic"


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """A pull point as the camera made it: where it answers and how long it lives."""

    # The address as the camera wrote it, "" where it wrote none: on the wire it goes into wsa:To; it is never contacted
    # unrewritten.
    address: str
    # The reference parameters as XML of header blocks ("" mostly).
    reference: str
    lifetime: timedelta | None
    # Whether times were told that make no sense.
    odd_times: bool = False


@dataclass(frozen=True, kw_only=True)
class Pulled:
    """One answer to PullMessages."""

    events: tuple[CameraEvent, ...]
    # What the camera still gives the subscription, None where it does not tell.
    lifetime: timedelta | None
    # Whether times were told that make no sense.
    odd_times: bool = False


def parse_topic(value: str) -> str:
    """Return a topic without namespace prefixes: "Device/HardwareFailure/StorageFailure"."""
    parts = (part.strip().rpartition(":")[2] for part in value.split("/"))
    return "/".join(part for part in parts if part)[:MAX_TEXT]


def parse_subscription(envelope: Envelope) -> Subscription:
    """Return the pull point of CreatePullPointSubscription (Core specification, 9.1)."""
    answer = open_envelope(envelope, "CreatePullPointSubscriptionResponse")
    if (reference := child(answer, "SubscriptionReference")) is None:
        raise CameraAnswerInvalid("the subscription has no address")
    address = text(reference, "Address")
    return Subscription(
        # A log-in inside would travel in plain text with each pull.
        address=re.sub(r"^(\w+://)[^/?#]*@", r"\1", address),
        reference=_reference_headers(child(reference, "ReferenceParameters")),
        lifetime=(lifetime := _lifetime(answer)),
        odd_times=lifetime is None and text(answer, "TerminationTime") != "",
    )


def _reference_headers(parameters: Element | None) -> str:
    """Return reference parameters as header blocks (WS-Addressing SOAP Binding, section 3.3)."""
    blocks: list[str] = []
    for parameter in [] if parameters is None else parameters:
        parameter.tail = None
        parameter.set("{http://www.w3.org/2005/08/addressing}IsReferenceParameter", "true")
        blocks.append(tostring(parameter, encoding="unicode"))
    header = "".join(blocks)
    if len(header) > 16 * 1024:
        raise CameraAnswerInvalid("the subscription's reference parameters are too large")
    return header


def _lifetime(answer: Element) -> timedelta | None:
    """Return how long a subscription lives by the camera's own two times: our clock has no say in it."""
    now = utc_time(text(answer, "CurrentTime"))
    end = utc_time(text(answer, "TerminationTime"))
    # Cameras that mix zones or answer 1970 tell nothing.
    if now is None or end is None or not timedelta() < end - now <= timedelta(days=1):
        return None
    return end - now


def parse_renewal(envelope: Envelope) -> timedelta | None:
    """Return the new lifetime of a renewed subscription, None where the camera does not tell."""
    return _lifetime(open_envelope(envelope, "RenewResponse"))


def parse_pull_messages(envelope: Envelope) -> Pulled:
    """Return the notifications of PullMessages (Core specification, 9.2), at most 1,000, topics without prefixes."""
    answer = open_envelope(envelope, "PullMessagesResponse")
    events: list[CameraEvent] = []
    for notification in each_child(answer, "NotificationMessage"):
        if len(events) == MAX_MESSAGES:
            break
        if topic := parse_topic(text(notification, "Topic")):
            events.append(read_event(topic, child(notification, "Message", "Message")))
    told = (child(answer, name) for name in ("CurrentTime", "TerminationTime"))
    if not events and len(answer) and all(time is None for time in told):
        raise CameraAnswerInvalid("the answer to PullMessages holds something else")
    lifetime = _lifetime(answer)
    return Pulled(
        events=tuple(events),
        lifetime=lifetime,
        odd_times=lifetime is None and text(answer, "TerminationTime") != "",
    )


def read_event(topic: str, message: Element | None) -> CameraEvent:
    """Return a notification's message under its topic; fields left out are "", its time None."""
    operation = "" if message is None else message.get("PropertyOperation", "").strip().capitalize()
    return CameraEvent(
        topic=topic,
        at=None if message is None else utc_time(message.get("UtcTime", "")),
        operation=operation if operation in {"Initialized", "Changed", "Deleted"} else "",
        source=_items(child(message, "Source")),
        data=_items(child(message, "Data")),
    )


def parse_event_topics(envelope: Envelope) -> tuple[str, ...]:
    """Return the topics that GetEventProperties announces (Core specification, 9.7), without prefixes, at most 256."""
    answer = open_envelope(envelope, "GetEventPropertiesResponse")
    if (topics := child(answer, "TopicSet")) is None:
        raise CameraAnswerInvalid("the answer to GetEventProperties names no topics")
    found: dict[str, None] = {}
    waiting = [(one, local_name(one)) for one in reversed(topics)]
    while waiting and len(found) < MAX_ITEMS:
        element, path = waiting.pop()
        if element.get(_IS_TOPIC, "").strip().lower() in {"true", "1"}:
            found.setdefault(path[:MAX_TEXT])
        # What describes a topic's message is none.
        waiting += [
            (one, f"{path}/{local_name(one)}"[: 2 * MAX_TEXT])
            for one in reversed(element)
            if local_name(one) != "MessageDescription"
        ]
    return tuple(found)


def _items(items: Element | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in each_child(items, "SimpleItem"):
        name = item.get("Name", "").strip()[:MAX_TEXT]
        if name and len(found) < MAX_ITEMS:
            found.setdefault(name, item.get("Value", "").strip()[:MAX_TEXT])
    return found
