"""What a camera tells by itself."""

from datetime import timedelta

from lxml import etree
import pytest

from custom_components.niiza_cctv.lib.device.errors import CameraAnswerInvalid
from custom_components.niiza_cctv.lib.device.parse.events import (
    parse_pull_messages,
    parse_renewal,
    parse_subscription,
)
from tests.lib.device.parse.answers import NOW, notification
from tests.lib.device.scripted_onvif import response


def test_a_notification() -> None:
    """Topics lose their prefixes, items become dictionaries."""
    message = (
        '<Message UtcTime="2026-11-23T03:00:00.5Z" PropertyOperation="changed"><Source><SimpleItem Name="Token" '
        'Value=""/></Source><Data><SimpleItem Name="Failed" Value=" true "/><SimpleItem Name="Failed" Value="x"/>'
        "<SimpleItem/><ElementItem Name='e'/></Data></Message>"
    )
    inside = notification(" tns1:Device/tnsaxis:HardwareFailure/StorageFailure ", message)
    (event,) = parse_pull_messages(response("PullMessages", inside).encode()).events
    assert event.topic == "Device/HardwareFailure/StorageFailure"
    assert event.at == NOW + timedelta(milliseconds=500)
    assert event.operation == "Changed"
    assert (event.source, event.data) == ({"Token": ""}, {"Failed": "true"})


def test_notifications_that_are_half_there() -> None:
    """A topic is enough; without one there is nothing to tell."""
    inside = (
        notification("a:B", '<Message UtcTime="soon" PropertyOperation="Danced"/>')
        + "<NotificationMessage/>"
    )
    inside += "<NotificationMessage><Topic>//c:D/.</Topic></NotificationMessage>"
    first, second = parse_pull_messages(response("PullMessages", inside).encode()).events
    assert (first.topic, first.at, first.operation, first.data) == ("B", None, "", {})
    assert (second.topic, second.at) == ("D/.", None)


def test_an_answer_holds_at_most_a_thousand_notifications() -> None:
    """What a camera gone mad sends is bounded."""
    inside = notification("a:B", "") * 1500
    assert len(parse_pull_messages(response("PullMessages", inside).encode()).events) == 1000


@pytest.mark.parametrize(
    ("now", "end", "lifetime"),
    [
        ("2018-02-27T14:53:23Z", "2018-02-27T15:03:23Z", timedelta(minutes=10)),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:01:00Z", timedelta(minutes=1)),
        ("2018-02-27T14:53:23", "2018-02-27T14:53:53", timedelta(seconds=30)),
        ("2018-02-27T14:53:23Z", "2018-02-27T14:53:23Z", None),
        ("2018-02-27T14:53:23Z", "1970-01-01T00:00:00Z", None),
        ("2018-02-27T14:53:23Z", "2038-02-27T14:53:23Z", None),
        ("", "2018-02-27T14:53:23Z", None),
        ("PT1M", "-PT1M", None),
    ],
)
def test_a_lifetime_is_the_difference_of_the_cameras_two_times(
    now: str, end: str, lifetime: timedelta | None
) -> None:
    """Whatever year the camera lives in."""
    times = f"<CurrentTime>{now}</CurrentTime><TerminationTime>{end}</TerminationTime>"
    assert parse_pull_messages(response("PullMessages", times).encode()).lifetime == lifetime
    assert parse_renewal(response("Renew", times).encode()) == lifetime


def test_a_subscription_with_reference_parameters() -> None:
    """They become header blocks, namespaces and all."""
    inside = (
        '<SubscriptionReference><Address>http://10.0.0.1/sub</Address><ReferenceParameters xmlns:v="urn:v">'
        '<v:Id a="1">7&amp;8</v:Id>text<v:Other/></ReferenceParameters></SubscriptionReference>'
    )
    found = parse_subscription(response("CreatePullPointSubscription", inside).encode())
    assert found.address == "http://10.0.0.1/sub"
    blocks = etree.fromstring(f"<h>{found.reference}</h>")
    assert [(block.tag, block.text) for block in blocks] == [
        ("{urn:v}Id", "7&8"),
        ("{urn:v}Other", None),
    ]
    assert all(
        block.get("{http://www.w3.org/2005/08/addressing}IsReferenceParameter") == "true"
        for block in blocks
    )
    assert all(not block.tail for block in blocks)


def test_a_subscription_that_cannot_be_used() -> None:
    """No address, or parameters that would fill every request."""
    with pytest.raises(CameraAnswerInvalid):
        parse_subscription(response("CreatePullPointSubscription").encode())
    huge = f"<SubscriptionReference><Address>a</Address><ReferenceParameters><A>{'x' * 20_000}</A></ReferenceParameters></SubscriptionReference>"
    with pytest.raises(CameraAnswerInvalid):
        parse_subscription(response("CreatePullPointSubscription", huge).encode())


def test_a_pull_that_holds_something_else_is_invalid() -> None:
    """Nothing at all is only quiet; something else comes from nobody who keeps a subscription."""
    assert parse_pull_messages(response("PullMessages").encode()).events == ()
    with pytest.raises(CameraAnswerInvalid):
        parse_pull_messages(response("PullMessages", "<Year>next</Year>").encode())
