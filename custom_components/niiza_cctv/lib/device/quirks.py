"""What a camera gets wrong and we put right: each repair is counted, so that none is silent.

A quirk is a wrong answer that was understood all the same. What could not be understood is no quirk but an error of
`errors.py`, and what was not there at all is said where it is missing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from threading import Lock
from typing import Self


class Quirk(StrEnum):
    """A wrong answer that is put right; `meaning` says what came and what was made of it."""

    meaning: str

    def __new__(cls, name: str, meaning: str = "") -> Self:
        """Make a member of its name and its meaning."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.meaning = meaning
        return member

    # HTTP
    HTTP_LENGTH = "http_length", "Content-Length is wrong or missing; the body ends where it ends"
    HTTP_HEADER = "http_header", "a header line is none; it was left out"
    HTTP_STATUS = "http_status", "the status line is odd; what can be read of it counts"
    HTTP_CHUNKS = "http_chunks", "the chunks of a body are wrong; what came is the body"

    # Log-in, over HTTP and RTSP
    LOGIN_CHALLENGE = (
        "login_challenge",
        "a log-in is asked for in odd writing, or in ways that nobody knows beside one that is known",
    )

    # RTSP and SDP
    RTSP_LINE_ENDS = "rtsp_line_ends", "lines end in LF or CR alone"
    RTSP_STATUS = "rtsp_status", "the status line is odd; its number counts"
    RTSP_HEADER = "rtsp_header", "a header line of RTSP is none; it was left out"
    RTSP_LENGTH = "rtsp_length", "the length of a body is wrong or missing; what came is the body"
    RTSP_SEQUENCE = (
        "rtsp_sequence",
        "an answer names no request of ours (CSeq); it is the next one's",
    )
    RTSP_SECOND_ANSWER = "rtsp_second_answer", "a request was answered twice"
    RTSP_CLOSED_BEHIND_401 = (
        "rtsp_closed_behind_401",
        "the connection is closed where a log-in is asked for; the answer goes over a new one",
    )
    RTSP_BASE = (
        "rtsp_base",
        "Content-Base or a control attribute is no address; another reading was taken",
    )
    RTSP_NO_SESSION = "rtsp_no_session", "SETUP is answered without a session"
    RTSP_SESSION_CHANGED = "rtsp_session_changed", "the session gets another name while it lasts"
    RTSP_TRANSPORT = "rtsp_transport", "SETUP is answered without a transport that was asked for"
    RTSP_CHANNEL = "rtsp_channel", "the picture comes on another channel than agreed"
    RTSP_STRAY_BYTES = (
        "rtsp_stray_bytes",
        "bytes that belong to nothing; the next packet was looked for",
    )
    RTSP_KEEP_ALIVE = (
        "rtsp_keep_alive",
        "a sign of life is refused or not answered; another kind is sent",
    )
    RTSP_ASKS = "rtsp_asks", "the camera asks something of us"
    RTSP_PLAY_REFUSED = (
        "rtsp_play_refused",
        "a session is granted and then has no room (453, 503 to PLAY)",
    )
    SDP_MEDIA = "sdp_media", "a medium is described in a way that cannot be read"

    # XML and SOAP
    XML_CHARSET = "xml_charset", "bytes are not in the declared encoding; another one fits"
    XML_CHARACTER = "xml_character", "characters that no XML can carry were left out"
    XML_UNESCAPED = "xml_unescaped", "an & or < in a text was not escaped"
    XML_PREFIX = "xml_prefix", "a namespace prefix was never declared"
    XML_TWICE = "xml_twice", "the declaration or an attribute of the root stands there twice"
    XML_AROUND = "xml_around", "something stands before or behind the XML; it was left out"
    SOAP_FAULT_WORDS = "soap_fault_words", "a fault tells by its words alone what it means"
    SOAP_MULTIPART = "soap_multipart", "the answer is one part of several"

    # Clock
    CLOCK_NO_UTC = "clock_no_utc", "the clock tells local time only"
    CLOCK_ZONE = "clock_zone", "the time zone makes no sense, or contradicts the two clocks"

    # Events
    EVENTS_NO_SYNC = (
        "events_no_sync",
        "the state of properties cannot be asked for; events come anyway",
    )
    EVENTS_NO_RENEW = "events_no_renew", "a subscription cannot be renewed; pulling keeps it"
    EVENTS_LIFETIME = "events_lifetime", "a subscription's times make no sense; ours count"
    EVENTS_AT_ONCE = "events_at_once", "a pull is answered at once with nothing; it is slowed down"
    EVENTS_ADDRESS = "events_address", "a subscription names no address that can be used"

    # RTP and replay
    RTP_PACKET = "rtp_packet", "a packet is no RTP or contradicts itself; it was left out"
    RTP_PAYLOAD = (
        "rtp_payload",
        "a payload is empty or of no kind that carries pictures; it was left out",
    )
    RTP_NUMBERS = "rtp_numbers", "packets are numbered wrongly, doubled, or in another order"
    RTP_LOST = "rtp_lost", "packets are missing although the connection lost none"
    RTP_MARKER = (
        "rtp_marker",
        "the marker is not at the end of a picture; the slices tell where it ends",
    )
    RTP_FRAGMENT = "rtp_fragment", "fragments lack their beginning or end"
    NAL_DIVIDED = (
        "nal_divided",
        "several NAL units came as one, with start codes; they were divided",
    )
    NAL_PADDED = "nal_padded", "zero bytes stand behind a NAL unit; they were left out"
    REPLAY_STAMP = (
        "replay_stamp",
        "a picture's time contradicts the RTP clock, which counts instead",
    )
    REPLAY_STAMP_MISSING = (
        "replay_stamp_missing",
        "a picture has no time; it comes from its neighbour and the RTP clock",
    )
    REPLAY_BITS = "replay_bits", "the C, D or T bit contradicts the pictures, which count"
    REPLAY_JUMP = (
        "replay_jump",
        "a jump within the open session is refused or leads elsewhere; a new session is opened",
    )
    REPLAY_LATE = "replay_late", "the first picture came after seconds of silence"


@dataclass(frozen=True, kw_only=True)
class QuirkCount:
    """How often a quirk was met, and when last (UTC, our clock)."""

    count: int
    last: datetime


class Quirks:
    """The quirks of one camera; may be noted from any thread, and holds one number for each kind at most."""

    def __init__(self, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Begin with none; `now` tells our own time (aware)."""
        self._now = now
        self._lock = Lock()
        self._counts: dict[Quirk, QuirkCount] = {}

    def note(self, quirk: Quirk, count: int = 1) -> None:
        """Take in that a quirk was met, `count` times."""
        if count < 1:
            return
        with self._lock:
            before = self._counts.get(quirk)
            self._counts[quirk] = QuirkCount(
                count=count + (before.count if before else 0), last=self._now()
            )

    def add(self, known: Mapping[Quirk, QuirkCount]) -> None:
        """Take in what was met before this began, from where it was kept."""
        with self._lock:
            for quirk, before in known.items():
                now = self._counts.get(quirk, QuirkCount(count=0, last=before.last))
                self._counts[quirk] = QuirkCount(
                    count=now.count + before.count, last=max(now.last, before.last)
                )

    def counts(self) -> dict[Quirk, QuirkCount]:
        """Return what was met so far."""
        with self._lock:
            return dict(self._counts)
