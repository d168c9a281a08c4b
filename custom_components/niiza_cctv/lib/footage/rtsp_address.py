"""Where a presentation and its streams are asked for (RFC 2326 C.1.1), whatever the camera writes of itself.

Cameras name the address of their own network, write schemes twice or leave them out. Only the host and port that were
configured are ever in what comes out of here; of what a camera writes only the path is taken.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
import re
from typing import Final

# Of one stream, the likeliest first; each costs a request.
MAX_READINGS: Final = 6

_SCHEME: Final = re.compile(r"(?i)rtsps?:/{0,2}")
_HOST: Final = re.compile(
    r"(?:[\w-]+(?:\.[\w-]+)+|[\w.-]+:\d{1,5}|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?(?=/)"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read what a camera wrote: the stream's address, and that of the presentation with it."""

    stream: str
    base: str


class Addresses:
    """The addresses of one presentation on our host."""

    def __init__(self, root: str, url: str) -> None:
        """Take the scheme, host and port to be asked, and the URL that was asked for."""
        self._root = root
        self._asked = self.here(url)
        self._bases = [self._asked]
        # Whether the camera wrote of itself what is no address.
        self.odd = False

    @property
    def asked(self) -> str:
        """Return the URL that was asked for, on our host."""
        return self._asked

    @property
    def base(self) -> str:
        """Return the likeliest base."""
        return self._bases[0]

    def described(self, content_base: str | None, content_location: str | None) -> None:
        """Take in what the answer to DESCRIBE says of its base."""
        before: list[str] = []
        behind: list[str] = []
        for text in (content_base, content_location):
            told = (text or "").strip().strip("<>\"'")
            if _SCHEME.match(told):
                self.odd |= _is_doubled(told)
                before.append(self.here(told))
            elif found := _HOST.match(told):
                self.odd = True
                behind.append(self._root + told[found.end() :])
            elif told.startswith("/"):
                behind.append(self._root + told)
            elif told:
                self.odd = True
        self._bases = list(_once([*before, self._asked, *behind]))

    def here(self, url: str) -> str:
        """Return an absolute URL with its scheme, host and port replaced by ours."""
        rest = url
        while found := _SCHEME.match(rest):
            rest = rest[found.end() :]
        return self._root + re.sub(r"\A[^/?]*", "", rest)

    def aggregate(self, control: str, base: str) -> str:
        """Return the address of the whole presentation by its control attribute."""
        return next(iter(self._resolved(control, base)))

    def readings(self, control: str) -> list[Reading]:
        """Return what a stream's control attribute may mean, the likeliest first."""
        found: dict[str, Reading] = {}
        # Every base by the usual way before any by an unusual one.
        ways = [(base, list(self._resolved(control, base))) for base in self._bases]
        for step in range(max(len(urls) for _, urls in ways)):
            for base, urls in ways:
                if step < len(urls):
                    found.setdefault(urls[step], Reading(urls[step], base))
        return list(found.values())[:MAX_READINGS]

    def _resolved(self, control: str, base: str) -> Iterator[str]:
        control = control.strip()
        self.odd |= _is_doubled(control)
        under = base.removesuffix("/")
        path, mark, query = under.partition("?")
        if control in {"", "*"}:
            yield base
        elif _SCHEME.match(control):
            yield self.here(control)
            if last := self.here(control).rpartition("/")[2]:
                yield f"{under}/{last}"
        elif control.startswith("/"):
            yield self._root + control
            yield under + control
        elif control.startswith("?"):
            yield path + control
            yield f"{under}/{control}"
        else:
            # Appended, not merged as RFC 3986 would: bases without a final slash, or with a query, are common.
            yield f"{under}/{control}"
            if mark:
                yield f"{path.removesuffix('/')}/{control}?{query}"


def _is_doubled(url: str) -> bool:
    found = _SCHEME.match(url)
    return found is not None and _SCHEME.match(url, found.end()) is not None


def _once(urls: Iterable[str]) -> Iterator[str]:
    """Give each once; a final slash makes no other."""
    seen: set[str] = set()
    for url in urls:
        if (known := url.removesuffix("/")) not in seen:
            seen.add(known)
            yield url
