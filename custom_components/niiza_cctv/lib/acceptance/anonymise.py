"""Taking out of a camera's answers what names people, places and machines: each of it is replaced by the same thing everywhere.

What a name could still be read from afterwards, in whatever writing, is found by `Anonymiser.remains`: such an answer is
not handed on. Nothing here knows Home Assistant or the camera: it is given what is known and finds the rest by its form.
"""

from base64 import urlsafe_b64decode
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from html import unescape
import ipaddress
import re
from typing import Final
from unicodedata import normalize
from urllib.parse import quote, quote_plus, unquote
from xml.sax.saxutils import escape

# The shortest text that is looked for wherever it stands: shorter ones are parts of other words.
_MIN_KNOWN: Final = 4
_MIN_KNOWN_WIDE: Final = 2
# A number without its separators is looked for from here on.
_MIN_BARE: Final = 6
# Hosts that name specifications, not machines.
_SPECIFICATIONS: Final = re.compile(
    r"(?:.*\.)?(?:onvif\.org|w3\.org|oasis-open\.org|xmlsoap\.org|openxmlformats\.org|hikvision\.com|isapi\.org|std-cgi\.com"
    r"|psialliance\.org|axis\.com|dahuatech\.com)",
    re.IGNORECASE,
)
_IPV4: Final = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_IPV6: Final = re.compile(
    r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9A-Fa-f]{0,4})(?![\w:])"
)
# With separators, as Cisco writes it, and without any, where a letter and a digit tell it from a number and from a word.
_MAC: Final = re.compile(
    r"(?<![0-9A-Fa-f:-])[0-9A-Fa-f]{2}(?:([:-])[0-9A-Fa-f]{2}){5}(?![0-9A-Fa-f:-])"
    r"|(?<![0-9A-Za-z.])[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}(?![0-9A-Za-z.])"
    r"|(?<![0-9A-Za-z])(?=[0-9]*[A-Fa-f])(?=[A-Fa-f]*[0-9])[0-9A-Fa-f]{12}(?![0-9A-Za-z])"
)
_UUID: Final = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_MAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]++[@＠][\w-]{1,63}(?:\.[\w-]{1,63})+")
_USER_IN_URL: Final = re.compile(r"(?<!\w)(\w{3,10}://)[^/@\s<>\"']{1,200}@")
_HOST_IN_URL: Final = re.compile(r"(?<!\w)(\w{3,10}://)([^/:\s<>\"'\[\]]{1,253})")
# One that stands alone is told from other words with dots by how it ends.
_HOST: Final = re.compile(
    r"(?<![\w.@-])(?:[\w-]{1,63}\.){1,8}(?:local|lan|home|internal|localdomain|intranet|arpa|jp|com|net|org)(?![\w.-]|\()",
    re.IGNORECASE,
)
# Where on earth it is: as a URI, in degrees and minutes, and as two numbers with so many decimals.
_PLACE: Final = re.compile(
    r"geo:-?\d{1,3}\.\d+,-?\d{1,3}\.\d+"
    r"|\d{1,3}°\s*\d{1,2}['′]\s*\d{1,2}(?:\.\d+)?[\"″]\s*[NSEW]"
    r"|(?<![\d.])-?\d{1,2}\.\d{4,}\s*[,;/]\s*-?\d{1,3}\.\d{4,}(?![\d.])",
    re.IGNORECASE,
)
_PEM: Final = re.compile(
    r"-----BEGIN ([A-Z0-9 ]{1,40})-----(?:(?!-----).)*+(?:-----END [A-Z0-9 ]{1,40}-----)?",
    re.DOTALL,
)
# Of a log-in that is repeated: from a digest whoever has time finds the password.
_DIGEST: Final = re.compile(
    r"(?i)\b((?:response|cnonce|nonce|opaque)\s*=\s*)(\\?[\"']?)[\w+/=:.-]{4,200}"
)
_CDATA: Final = re.compile(r"<!\[CDATA\[((?:(?!\]\]>|<!\[CDATA\[).)*+)\]\]>", re.DOTALL)
_SCOPE: Final = re.compile(
    r"(onvif://www\.onvif\.org/(name|location|city|country|region)/)[^\s<>\"']{0,300}",
    re.IGNORECASE,
)
# An element with nothing but text in it.
_ELEMENT: Final = re.compile(
    r"<((?:[\w.-]{1,40}:)?([\w.-]{1,60}))((?:\s[^<>]{0,400})?)>([^<]{1,2000})</\1\s{0,9}>"
)
_ATTRIBUTE: Final = re.compile(
    r"(\s(?:[\w.-]{1,40}:)?([\w.-]{1,60})\s{0,9}=\s{0,9})([\"'])([^\"'<]{1,500})\3"
)
_DAY: Final = re.compile(r"(?<!\d)(20\d\d)(-?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?=T|[^\d-]|$)")
_SLASHED_DAY: Final = re.compile(
    r"(?<![\d/])(20\d\d)([/.])(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])(?![\d/.])"
)
_MONTHS: Final = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# As in heads of mails and of HTTP: "Fri, 20 Nov 2026"; and as C writes it: "Fri Nov 20 01:00:30 2026".
_WORDED_DAY: Final = re.compile(
    rf"(?:({'|'.join(_DAYS)}),? +)?(\d{{1,2}})([ -])({'|'.join(_MONTHS)})\3(20\d\d)(?!\d)"
)
_C_DAY: Final = re.compile(
    rf"(?:({'|'.join(_DAYS)}) +)?({'|'.join(_MONTHS)}) +(\d{{1,2}}) +(\d\d:\d\d:\d\d) +(20\d\d)(?!\d)"
)
# Seconds, or milliseconds, since 1970; seconds since 1900.
_EPOCH: Final = re.compile(r"(?<![\d.])\d{10}(?:\d{3})?(?![\d])")
_SINCE_1900: Final = 2_208_988_800
# A number of seconds is a time where it is so close to the capture's.
_CLOSE: Final = 30 * 86400
_SPLIT_DAY: Final = re.compile(
    r"(<(?:[\w.-]+:)?Year>\s*)(20\d\d)(\s*</(?:[\w.-]+:)?Year>\s*<(?:[\w.-]+:)?Month>\s*)(\d{1,2})"
    r"(\s*</(?:[\w.-]+:)?Month>\s*<(?:[\w.-]+:)?Day>\s*)(\d{1,2})(?=\s*<)"
)
_ANY_DAY: Final = (_DAY, _SLASHED_DAY, _WORDED_DAY, _C_DAY)
# Elements and attributes whose text somebody wrote, or which names the very machine, without their separators.
_BY_NAME: Final = {
    "serial": "serial",
    "serialno": "serial",
    "serialnumber": "serial",
    "hardwareid": "serial",
    "deviceid": "serial",
    "macaddress": "serial",
    "hwaddress": "serial",
    "username": "user",
    "user": "user",
    "login": "user",
    "loginname": "user",
    "dnsname": "host",
    "hostname": "host",
    "devicename": "name",
    "friendlyname": "name",
    "owner": "name",
    "contact": "name",
    "name": "name",
    "location": "place",
    "latitude": "place",
    "longitude": "place",
    "altitude": "place",
    "elevation": "place",
    "lat": "place",
    "lon": "place",
    "lng": "place",
    "phone": "id",
    "telephone": "id",
    "description": "text",
    "comment": "text",
    "content": "text",
    "sourceid": "id",
    "ssid": "name",
    "essid": "name",
    "bssid": "serial",
    "sessionid": "secret",
    "pwd": "secret",
    "pass": "secret",
    "psk": "secret",
}
# How the names of others end, or what stands in them.
_BY_END: Final = {
    "serialnumber": "serial",
    "macaddress": "serial",
    "username": "user",
    "hostname": "host",
    "devicename": "name",
    "ssid": "name",
    "location": "place",
    "latitude": "place",
    "longitude": "place",
    "description": "text",
    "contact": "name",
}
_SECRET: Final = re.compile(
    r"passw(?:or)?d|passphrase|passcode|psk$|secret|(?:private|shared|preshared|wireless|wifi|wlan|wpa|wep|api|access|encryption)key"
)
# Attributes that are an address or a name in the specifications' own sense.
_NO_ATTRIBUTES: Final = frozenset({"name", "content", "description", "location"})
# What such a name is also given to, and names nothing.
_NO_NAMES: Final = re.compile(r"(?:true|false|yes|no|none|null|\d{1,3})\Z", re.IGNORECASE)
# What a page without XML writes in the place of an element: `root.Brand.X=value`, `"serialNumber": "…"`, `?user=…`.
_ASSIGNED: Final = re.compile(
    r"(?im)((?:^|[\"'.\s?&;])([a-z][a-z_-]{1,30})[\"']?\s{0,9}[=:]\s{0,9}[\"']?)([^\"'\r\n,;<>&]{1,200})"
)
_QUERIED: Final = re.compile(r"(?i)([?&;](?:amp;)?([a-z][a-z_-]{1,30})=)([^\"'\s<>&;]{1,200})")
# So many things that name something has no honest camera; what names more is not cleaned.
_MAX_NAMES: Final = 500


def _plain(found: re.Match[str]) -> str:
    """Return what stands in a CDATA section as any other text is written."""
    return escape(found[1])


class Anonymiser:
    """Replaces consistently: the same original always becomes the same thing, whatever answer it stands in."""

    def __init__(
        self,
        known: Iterable[tuple[str, str]],
        *,
        days: int,
        keep: Iterable[str] = (),
        moment: datetime | None = None,
    ) -> None:
        """Take what is known, each with its kind ("name", "serial", "user", "secret", …); times move by whole `days`.

        What is in `keep` (what the report names: maker and model) is no secret, and left alone. `moment` is when it was
        captured: numbers of seconds that are close to it are times, too.
        """
        self._days = timedelta(days=days)
        known = [(value.strip(), kind) for value, kind in known if value.strip()]
        # Maker, model and firmware that name the very machine, or repeat a log-in, are replaced like everything else.
        kept = [
            word
            for word in keep
            if word
            and not any(
                value.lower() in word.lower() for value, _ in known if len(value) >= _MIN_KNOWN
            )
        ]
        self._keep = {word.lower() for word in kept}
        # A firmware that is named after a day is not moved: what stands beside it unmoved would tell by how much.
        dated = [word for word in kept if any(one.search(word) for one in _ANY_DAY)]
        self._dated = (
            re.compile(f"({'|'.join(map(re.escape, dated))})", re.IGNORECASE) if dated else None
        )
        self._moment = moment
        # By original, in lower case.
        self._aliases: dict[str, str] = {}
        self._kinds: dict[str, str] = {}
        self._made_up: set[str] = set()
        self._numbers: Counter[str] = Counter()
        for value, kind in known:
            if kind == "mac":
                self._mac(value)
            else:
                self._alias(value, kind)

    @property
    def replaced(self) -> dict[str, int]:
        """Return how many different things of each kind were replaced."""
        return dict(Counter(self._kinds.values()))

    def learn(self, text: str) -> None:
        """Take in what an answer names, before any is rewritten: what one names stands in others, too."""
        text = _CDATA.sub(_plain, text)
        for found in _ELEMENT.finditer(text):
            kind = self._kind_of(found[2])
            if kind is not None and found[4].strip():
                self._name(found[4].strip(), kind)
        for found in _ATTRIBUTE.finditer(text):
            if (kind := self._kind_of_attribute(found[2])) is not None:
                self._name(found[4], kind)
        for found in (*_QUERIED.finditer(text), *_ASSIGNED.finditer(text)):
            if (kind := self._kind_of_attribute(found[2])) in _ALWAYS and found[3].strip():
                self._name(found[3].strip(), kind)
        for found in _SCOPE.finditer(text):
            value = found[0][len(found[1]) :]
            for one in {value, unquote(value)}:
                self._alias(one, "name" if found[2].lower() == "name" else "place")
        for found in _MAC.finditer(text):
            self._mac(found[0])
        for found in _HOST_IN_URL.finditer(_USER_IN_URL.sub(r"\1", text)):
            if not _SPECIFICATIONS.fullmatch(found[2]) and not _IPV4.fullmatch(found[2]):
                self._alias(found[2], "host")

    def __call__(self, text: str) -> str:
        """Return a text without what names anything."""
        text = _CDATA.sub(_plain, text)
        text = _PEM.sub(r"-----BEGIN \1-----", text)
        text = _DIGEST.sub(r"\1\g<2>0", text)
        text = _USER_IN_URL.sub(r"\1", text)
        text = _HOST_IN_URL.sub(self._host, text)
        text = _MAIL.sub("somebody@example.org", text)
        text = _SCOPE.sub(self._scope, text)
        text = _ELEMENT.sub(self._element, text)
        text = _ATTRIBUTE.sub(self._attribute, text)
        text = _QUERIED.sub(self._assigned, text)
        text = _ASSIGNED.sub(self._assigned, text)
        text = _PLACE.sub(lambda found: self._alias(found[0], "place"), text)
        text = _UUID.sub(lambda found: self._alias(found[0], "uuid"), text)
        text = _MAC.sub(lambda found: self._mac(found[0]), text)
        text = _IPV6.sub(self._ipv6, text)
        text = _IPV4.sub(self._ipv4, text)
        text = _HOST.sub(self._bare_host, text)
        parts = [text] if self._dated is None else self._dated.split(text)
        # Every other part is one of those that are kept.
        parts[::2] = map(self._move, parts[::2])
        return self._known("".join(parts))

    def path(self, path: str) -> str:
        """Return a path with its query as the same path stands in an answer's address."""
        # Nobody's address, which is left alone.
        nobody = str(ipaddress.IPv4Address(0))
        return self(f"rtsp://{nobody}{path}").partition(nobody)[2]

    def token(self, value: str) -> str:
        """Return what stands in a token's place."""
        return self._aliases.get(value.lower()) or self(value)

    def moved(self, day: date) -> date:
        """Return a day as the answers tell it."""
        return day + self._days

    def remains(self, text: str) -> str | None:
        """Return the kind of an original that can still be read from a text in some writing; None: none can.

        Of a camera that names more than can be looked for, everything is taken to name something.
        """
        if len(self._kinds) > _MAX_NAMES:
            return "id"
        shown = readings(text)
        for original, kind in self._kinds.items():
            if self._is_looked_for(original) and any(
                form in shown for form in _forms(original, kind)
            ):
                return kind
        if self._moment is not None and self._tells_day(text, self._moment.date()):
            return "day"
        return None

    def _tells_day(self, text: str, day: date) -> bool:
        """Return whether the day of the capture itself can be read, outside what is kept."""
        rest = text if self._dated is None else self._dated.sub("", text)
        return any(f"{day:{form}}" in rest for form in ("%Y-%m-%d", "%Y%m%d", "%Y/%m/%d"))

    # --- One of each kind -------------------------------------------------------------------------------

    def _kind_of(self, element: str) -> str | None:
        name = re.sub(r"[_.-]", "", element.lower())
        if name.endswith("token"):
            return "token"
        if _SECRET.search(name):
            return "secret"
        return _BY_NAME.get(name) or next(
            (kind for end, kind in _BY_END.items() if name.endswith(end)), None
        )

    def _kind_of_attribute(self, name: str) -> str | None:
        # "UsernameToken" and the like are what a camera can do.
        kind = None if name.lower() in _NO_ATTRIBUTES else self._kind_of(name)
        return None if kind == "token" and name.lower() != "token" else kind

    def _name(self, original: str, kind: str) -> None:
        """Take in an original, as it is written and as it is read."""
        for one in {original, unescape(original)}:
            self._alias(one, kind)

    def _alias(self, original: str, kind: str) -> str:
        """Return what stands in the place of an original."""
        key = original.lower()
        if key in self._keep or original in self._made_up:
            return original
        if kind != "token" and _NO_NAMES.match(original):
            return original
        if kind not in {"mac", "secret"} and _MAC.fullmatch(original):
            return self._mac(original)
        if key not in self._aliases:
            if len(self._kinds) > _MAX_NAMES:
                return kind
            self._numbers[kind] += 1
            self._set(key, self._made(kind, self._numbers[kind]), kind)
        return self._aliases[key]

    def _set(self, key: str, alias: str, kind: str) -> None:
        self._aliases[key], self._kinds[key] = alias, kind
        self._made_up.add(alias)

    def _made(self, kind: str, number: int) -> str:
        match kind:
            case "host":
                return f"camera{number}.example.org"
            case "uuid":
                return f"00000000-0000-4000-8000-{number:012d}"
            case "user" if number == 1:
                # As the player of captured cameras logs in.
                return "viewer"
            case "ipv4":
                net = ("192.0.2", "198.51.100", "203.0.113")[number // 254 % 3]
                return f"{net}.{number % 254 + 1}"
            case "ipv6":
                return f"2001:db8::{number:x}"
            case "mac":
                return ":".join(f"{byte:02x}" for byte in (0x020000 << 24 | number).to_bytes(6))
        return f"{kind}{number}"

    def _mac(self, written: str) -> str:
        if written in self._made_up:
            return written
        digits = re.sub(r"[^0-9a-f]", "", written.lower())
        alias = self._alias(":".join(digits[i : i + 2] for i in range(0, 12, 2)), "mac")
        bare = alias.replace(":", "")
        if digits not in self._aliases:
            self._set(digits, bare, "mac")
        self._made_up |= {bare, alias.replace(":", "-")}
        if ":" in written:
            return alias
        return alias.replace(":", "-") if "-" in written else bare

    def _ipv4(self, found: re.Match[str]) -> str:
        if found[0] in self._made_up:
            return found[0]
        try:
            # Some write each part with three digits.
            address = ipaddress.IPv4Address(
                ".".join(str(int(part)) for part in found[0].split("."))
            )
        except ValueError:
            return found[0]
        if address.is_unspecified or address == ipaddress.IPv4Address(2**32 - 1):
            return found[0]
        return self._alias(str(address), "ipv4")

    def _ipv6(self, found: re.Match[str]) -> str:
        if found[0] in self._made_up:
            return found[0]
        try:
            address = ipaddress.IPv6Address(found[0])
        except ValueError:
            return found[0]
        if (mapped := address.ipv4_mapped) is not None:
            return "::ffff:" + self._alias(str(mapped), "ipv4")
        return (
            found[0]
            if address.is_unspecified or address.is_loopback
            # However it is written, it is the same.
            else self._alias(address.compressed, "ipv6")
        )

    def _host(self, found: re.Match[str]) -> str:
        if (
            _SPECIFICATIONS.fullmatch(found[2])
            or _IPV4.fullmatch(found[2])
            or found[1] == "onvif://"
        ):
            return found[0]
        return found[1] + self._alias(found[2], "host")

    def _bare_host(self, found: re.Match[str]) -> str:
        return found[0] if _SPECIFICATIONS.fullmatch(found[0]) else self._alias(found[0], "host")

    def _assigned(self, found: re.Match[str]) -> str:
        if (kind := self._kind_of_attribute(found[2])) not in _ALWAYS or not (
            value := found[3].strip()
        ):
            return found[0]
        return found[1] + self._alias(value, kind)

    def _scope(self, found: re.Match[str]) -> str:
        value = found[0][len(found[1]) :]
        return found[1] + self._alias(value, "name" if found[2].lower() == "name" else "place")

    def _element(self, found: re.Match[str]) -> str:
        if (kind := self._kind_of(found[2])) is None or not (text := found[4].strip()):
            return found[0]
        return f"<{found[1]}{found[3]}>{self._alias(text, kind)}</{found[1]}>"

    def _attribute(self, found: re.Match[str]) -> str:
        name, value = found[2].lower(), found[4]
        if name == "token" or (name == "value" and self._kinds.get(value.lower()) == "token"):
            return f"{found[1]}{found[3]}{self._alias(value, 'token')}{found[3]}"
        if (kind := self._kind_of_attribute(found[2])) is not None:
            return f"{found[1]}{found[3]}{self._alias(value, kind)}{found[3]}"
        return found[0]

    def _day(self, found: re.Match[str]) -> str:
        try:
            moved = self.moved(date(int(found[1]), int(found[3]), int(found[4])))
        except ValueError:
            return found[0]
        return f"{moved:%Y{found[2]}%m{found[2]}%d}"

    def _move(self, text: str) -> str:
        """Move every time of a text."""
        text = _DAY.sub(self._day, text)
        text = _SLASHED_DAY.sub(self._slashed_day, text)
        text = _WORDED_DAY.sub(self._worded_day, text)
        text = _C_DAY.sub(self._c_day, text)
        text = _SPLIT_DAY.sub(self._split_day, text)
        return text if self._moment is None else _EPOCH.sub(self._epoch, text)

    def _slashed_day(self, found: re.Match[str]) -> str:
        try:
            moved = self.moved(date(int(found[1]), int(found[3]), int(found[4])))
        except ValueError:
            return found[0]
        return f"{moved.year}{found[2]}{moved.month:0{len(found[3])}}{found[2]}{moved.day:0{len(found[4])}}"

    def _worded_day(self, found: re.Match[str]) -> str:
        name, day, mark, month, year = found.groups()
        try:
            moved = self.moved(date(int(year), _MONTHS.index(month) + 1, int(day)))
        except ValueError:
            return found[0]
        comma = ", " if "," in found[0] else " "
        before = "" if name is None else f"{_DAYS[moved.weekday()]}{comma}"
        return f"{before}{moved.day:02}{mark}{_MONTHS[moved.month - 1]}{mark}{moved.year}"

    def _c_day(self, found: re.Match[str]) -> str:
        name, month, day, clock, year = found.groups()
        try:
            moved = self.moved(date(int(year), _MONTHS.index(month) + 1, int(day)))
        except ValueError:
            return found[0]
        before = "" if name is None else f"{_DAYS[moved.weekday()]} "
        return f"{before}{_MONTHS[moved.month - 1]} {moved.day:2} {clock} {moved.year}"

    def _epoch(self, found: re.Match[str]) -> str:
        assert self._moment is not None
        number, captured = int(found[0]), int(self._moment.astimezone(UTC).timestamp())
        moved = int(self._days.total_seconds())
        thousand = 1000 if len(found[0]) > 10 else 1
        for since in (0, _SINCE_1900):
            if abs(number // thousand - since - captured) <= _CLOSE:
                return str(number + moved * thousand)
        return found[0]

    def _split_day(self, found: re.Match[str]) -> str:
        try:
            moved = self.moved(date(int(found[2]), int(found[4]), int(found[6])))
        except ValueError:
            return found[0]
        return f"{found[1]}{moved.year}{found[3]}{moved.month}{found[5]}{moved.day}"

    def _known(self, text: str) -> str:
        """Replace what is known wherever it stands, longest first, as it is and as an address or a page writes it."""
        lowered = text.lower()
        for original in sorted(self._aliases, key=len, reverse=True):
            if not self._is_looked_for(original):
                continue
            for written in {original, quote(original, safe=""), escape(original)}:
                # Of most there is nothing; to look costs little, to replace nothing much.
                if written.lower() not in lowered:
                    continue
                # Tags and the names of attributes are the specification's own.
                text = re.sub(
                    rf"(?<![<\w])(?<!</){re.escape(written)}(?!\w)"
                    if written.isascii()
                    else re.escape(written),
                    self._aliases[original],
                    text,
                    flags=re.IGNORECASE,
                )
        return text

    def _is_looked_for(self, original: str) -> bool:
        """Return whether an original is looked for wherever it stands: not what is as short as a word of the protocol."""
        kind = self._kinds[original]
        if original in _WORDS or (kind in {"text", "id"} and len(original) < 2 * _MIN_KNOWN):
            return False
        if kind == "token":
            # What makers count with ("Profile_1", "0") is no secret; a serial number inside is replaced for itself.
            return False
        return len(original) >= (_MIN_KNOWN if original.isascii() else _MIN_KNOWN_WIDE)


# What is assigned is somebody's or this machine's where it is of one of these kinds.
_ALWAYS: Final = frozenset({"serial", "user", "host", "secret", "name", "place"})
# Words of ONVIF that a camera or a user may be called by, too.
_WORDS: Final = frozenset(
    {
        "user", "admin", "administrator", "operator", "viewer", "media", "device", "camera", "video", "audio", "main",
        "stream", "name", "none", "true", "false", "onvif", "root", "service", "recording", "live", "track", "profile",
    }
)  # fmt: skip


# Runs that may be something in another writing, of so many characters at least.
_CODED: Final = re.compile(r"[A-Za-z0-9+/_-]{8,}")
_HEXED: Final = re.compile(r"(?:[0-9A-Fa-f]{2}[ :.,-]?){4,}")
# Where a line of base64 goes on in the next.
_WRAPPED: Final = re.compile(r"(?<=[A-Za-z0-9+/]{40})\s*[\r\n]\s*(?=[A-Za-z0-9+/])")
_ESCAPED: Final = re.compile(
    r"\\u([0-9A-F]{4})|\\x([0-9A-F]{2})|=([0-9A-F]{2})(?![0-9A-F])", re.IGNORECASE
)
_MAX_READINGS: Final = 3


def readings(text: str) -> str:
    """Return everything that can be read from a text, in lower case: as it is, and with what is coded in it made plain.

    Percent-encoding (twice, too), entities, escapes, hexadecimal digits and base64, wherever it begins.
    """
    found = {text: None, normalize("NFKC", text): None}
    # What came in UTF-8 and was read as something else.
    found[text.encode("cp1252", "ignore").decode("utf-8", "ignore")] = None
    for _ in range(_MAX_READINGS):
        for one in list(found):
            found[unquote(one)] = None
            found[unescape(one)] = None
            found[_ESCAPED.sub(_escaped, one)] = None
    coded = [
        part
        for one in list(found)
        for run in _CODED.finditer(_WRAPPED.sub("", one))
        for shift in range(4)
        if (part := _decoded(run[0][shift:]))
    ]
    hexed = [
        bytes.fromhex(digits[: len(digits) // 2 * 2])
        for one in list(found)
        for run in _HEXED.finditer(one)
        if (digits := re.sub(r"[ :.,-]", "", run[0]))
    ]
    for octets in (*coded, *hexed):
        found[octets.decode("utf-8", "replace")] = None
        # Of wide characters that are letters, every other byte is none.
        found[octets.replace(b"\0", b"").decode("utf-8", "replace")] = None
        found[octets[: len(octets) // 2 * 2].decode("utf-16-le", "replace")] = None
        found[octets.hex()] = None
    return "\n".join(found).lower()


def _escaped(found: re.Match[str]) -> str:
    return chr(int(found[1] or found[2] or found[3], 16))


def _decoded(run: str) -> bytes:
    whole = run[: len(run) // 4 * 4] if len(run) % 4 == 1 else run + "=" * (-len(run) % 4)
    return urlsafe_b64decode(whole.replace("+", "-").replace("/", "_"))


@lru_cache(maxsize=4096)
def _forms(original: str, kind: str) -> frozenset[str]:
    """Return how an original, in lower case, may be written besides: with other separators, or as a number."""
    forms = {original, quote(original, safe="").lower(), quote_plus(original).lower()}
    if kind in {"mac", "serial"} and len(bare := re.sub(r"[^0-9a-z]", "", original)) >= _MIN_BARE:
        forms.add(bare)
        if kind == "mac":
            pairs = [bare[i : i + 2] for i in range(0, len(bare), 2)]
            forms |= {mark.join(pairs) for mark in ":-. _"}
            forms |= {mark.join(bare[i : i + 4] for i in range(0, len(bare), 4)) for mark in ".:-"}
            # Each without its leading zero.
            forms.add(":".join(pair.lstrip("0") or "0" for pair in pairs))
    with suppress(ValueError):
        if kind in {"ipv4", "ipv6"}:
            address = ipaddress.ip_address(original)
            forms |= {address.compressed, address.exploded, address.packed.hex()}
            if address.version == 4:
                forms |= {
                    str(int(address)),
                    "-".join(original.split(".")),
                    "_".join(original.split(".")),
                }
    return frozenset(forms)
