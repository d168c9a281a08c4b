"""The strict reader's process: answers on standard input, on standard output which of them break ONVIF's schemas.

A program that stands alone: it knows nothing of the library, and zeep is loaded nowhere else. No address is ever asked:
what reads schemas reads the package's own files, and whatever else zeep wanted to fetch raises.
"""

from base64 import b64decode
from importlib.util import find_spec
import json
import os
from pathlib import Path
import resource
import sys
from typing import Any, BinaryIO, Final, Never, override

from lxml import etree
from zeep import Settings
from zeep.transports import Transport
from zeep.wsdl import Document

_WSDL: Final = {
    "device": "devicemgmt.wsdl",
    "media": "media.wsdl",
    "events": "events.wsdl",
    "recording": "recording.wsdl",
    "search": "search.wsdl",
    "replay": "replay.wsdl",
}
_SOAP: Final = (
    "http://www.w3.org/2003/05/soap-envelope",
    "http://schemas.xmlsoap.org/soap/envelope/",
)
_MAX_SAID: Final = 300
_RESERVE: Final = 512 * 2**20


class Silent(Transport):
    """Reads the schemas that lie beside the package, and asks nobody."""

    @override
    def __init__(self, folder: Path) -> None:
        """Read from this folder alone; no session is made."""
        self.cache = None
        self.load_timeout = 0
        self._close_session = False
        self._folder = folder.resolve()

    @override
    def load(self, url: str) -> bytes:
        """Return a schema of the package."""
        path = Path(url).resolve()
        if not path.is_relative_to(self._folder):
            self._refuse()
        return path.read_bytes()

    @override
    def get(self, *_args: object) -> Never:
        """Ask nobody."""
        self._refuse()

    @override
    def post(self, *_args: object) -> Never:
        """Ask nobody."""
        self._refuse()

    @override
    def post_xml(self, *_args: object) -> Never:
        """Ask nobody."""
        self._refuse()

    def _refuse(self) -> Never:
        raise PermissionError("the strict reader asks nobody")


class Reader:
    """Knows each service's operations once it was asked for one."""

    def __init__(self) -> None:
        """Load nothing yet."""
        spec = find_spec("onvif")
        if spec is None or spec.origin is None:
            raise FileNotFoundError("the schemas are not installed")
        self._folder = Path(spec.origin).parent / "wsdl"
        # zeep says nothing of its types.
        self._operations: dict[str, dict[str, Any]] = {}

    def operation(self, service: str, name: str) -> Any | None:
        """Return an operation, None where the schemas have none of the name."""
        if service not in self._operations:
            transport: Any = Silent(self._folder)
            document: Any = Document(
                str(self._folder / _WSDL[service]),
                transport,
                settings=Settings(strict=True, xml_huge_tree=False),
            )
            self._operations[service] = {
                each: operation
                for binding in document.bindings.values()
                for each, operation in binding.all().items()
            }
        return self._operations[service].get(name)

    def breaks(self, operation: Any, body: bytes) -> str | None:
        """Return how an answer breaks the schema; None: it does not."""
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            huge_tree=False,
            # They are no part of an answer, and no elements.
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root: Any = etree.fromstring(body, parser)
        except (etree.XMLSyntaxError, ValueError) as err:
            return f"not XML: {err}"
        if root.getroottree().docinfo.doctype:
            return "a document type"
        space = etree.QName(root).namespace
        if etree.QName(root).localname != "Envelope" or space not in _SOAP:
            return "no SOAP envelope"
        answer = root.find(f"{{{space}}}Body")
        if answer is None or not len(answer):
            return "no SOAP body"
        if etree.QName(answer[0]).localname == "Fault":
            return None
        wanted = operation.output.body.qname
        if answer[0].tag != wanted:
            return f"{answer[0].tag} where {wanted} was due"
        try:
            operation.process_reply(root)
        # Whatever a strict reader of others' making raises is its opinion.
        except Exception as err:  # noqa: BLE001 - see above
            return f"{type(err).__name__}: {err}"
        return None


def main(orders: BinaryIO, answers: BinaryIO) -> None:
    """Judge what was given."""
    order = json.loads(orders.read())
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_DATA, (order["memory"] + _RESERVE, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    reader = Reader()
    checked = 0
    broken: list[tuple[str, str]] = []
    unknown: list[str] = []
    for one in order["answers"]:
        operation = reader.operation(one["service"], one["operation"])
        if operation is None:
            unknown.append(one["operation"])
            continue
        checked += 1
        if (words := reader.breaks(operation, b64decode(one["body"]))) is not None:
            broken.append((one["operation"], " ".join(words.split())[:_MAX_SAID]))
    said = {"checked": checked, "broken": broken, "unknown": unknown}
    answers.write(json.dumps(said).encode())
    answers.flush()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
