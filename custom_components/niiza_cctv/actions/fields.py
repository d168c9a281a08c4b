"""What the data of an action may be: identifiers, times, numbers and choices, and never a text that somebody wrote.

Home Assistant puts the data of a call on its bus once the schema let them pass, and from there into its recorder, into
traces and logs. So a text is refused here, before it is anywhere; it belongs into a draft (`lib/cases/drafts.py`).
"""

from collections.abc import Callable, Iterable, Mapping
import re
from typing import Any, Final, NoReturn

from homeassistant.core import HomeAssistant, async_get_hass, callback, valid_entity_id
from homeassistant.helpers.typing import VolDictType
import probatio

from ..const import ROLES
from ..errors import invalid
from ..lib.access.permissions import Permission
from ..lib.cases.drafts import DRAFTED
from ..lib.checks.kinds import KINDS, OWN
from ..lib.checks.model import AssetKind
from ..people import tablet_users
from ..runtime import NiizaConfigEntry, loaded_entry, needed_entry

# A field of an action that is neither of these is refused by a gate: tests/test_gates_texts.py.
type Field = Callable[[Any], Any]


def _refuse() -> NoReturn:
    """Refuse a value, without a word of it."""
    raise probatio.Invalid("not such an identifier")


def _identifier(pattern: str) -> Field:
    """Take what has the form of an identifier."""
    form = re.compile(pattern, re.ASCII)

    def take(value: Any) -> str:
        if isinstance(value, str) and form.fullmatch(value):
            return value
        _refuse()

    return take


def _known(form: Field, known: Callable[[NiizaConfigEntry], Iterable[str]]) -> Field:
    """Take what has the form of an identifier, or is one that the section knows: of cameras, makers choose some."""

    def take(value: Any) -> str:
        entry = loaded_entry(async_get_hass())
        if isinstance(value, str) and entry is not None and value in known(entry):
            return value
        taken: str = form(value)
        return taken

    return take


def _entity(value: Any) -> str:
    """Take the id of an entity."""
    if isinstance(value, str) and value.isascii() and valid_entity_id(value):
        return value
    _refuse()


def _assets(entry: NiizaConfigEntry) -> set[str]:
    """Return the ids of everything that the section looks at."""
    return {asset.id for asset in entry.runtime_data.cameras.assets()}


def _checks(entry: NiizaConfigEntry) -> Iterable[str]:
    """Return every check there may be."""
    return (
        f"{kind.key}:{asset.kind}:{asset.id}"
        for kind in entry.runtime_data.evidence.check_kinds()
        for asset in entry.runtime_data.cameras.assets()
    )


def _people(entry: NiizaConfigEntry) -> set[str]:
    """Return the ids of everybody whom the section knows."""
    return {
        *tablet_users(entry, entry.runtime_data.record.held),
        *(user_id for role in ROLES for user_id in entry.data[role]),
    }


# What Home Assistant gives devices, users and uploads.
_HEX: Final = _identifier(r"[0-9a-f]{32}")
_DEVICE_OR_ENTITY: Final = probatio.Any(_HEX, _entity)

CASE: Final = _identifier(r"\d{4}-\d{4,9}")
CLIP: Final = _identifier(r"\d{4}-\d{4,9}-\d{2,4}")
CUT: Final = _identifier(r"\d{4}-\d{4,9}-\d{2,4}-c\d{2,4}")
MASK: Final = _identifier(r"\d{4}-\d{4,9}-\d{2,4}-m\d{2,4}")
# A clip or a part of one: what is released, approved and withdrawn.
ITEM: Final = probatio.Any(CLIP, CUT, MASK)
# As many as a case can have clips and parts that somebody reads.
MAX_ITEMS: Final = 500
# Of a case that the ledger does not know.
FOLDER: Final = _identifier(r"\d{4}-\d{4,9}(\.\d{1,9})?")
SHA256: Final = _identifier(r"[0-9a-f]{64}")
DRAFT: Final = _HEX
UPLOAD: Final = _HEX
CAMERA: Final = _known(_DEVICE_OR_ENTITY, _assets)
PERSON: Final = _known(_DEVICE_OR_ENTITY, _people)
CHECK: Final = _known(
    _identifier(rf"[a-z0-9_]{{1,60}}:({'|'.join(AssetKind)}):[a-z0-9][a-z0-9._-]{{0,99}}"), _checks
)
# A shipped one, or by the id that the options gave to one of the section's own.
CHECK_KIND: Final = probatio.Any(probatio.In([*KINDS]), _identifier(rf"{OWN}[a-z0-9_]{{1,60}}"))
TAG: Final = _identifier(r"[\w\-:.]{1,100}")


class DataSchema:
    """What an action takes; what it does not take is refused in words, none of which are the caller's."""

    def __init__(self, hass: HomeAssistant, schema: VolDictType, step: Permission | None) -> None:
        """Make it, for the data of an action of which `step` is what a draft may be written for."""
        self._hass = hass
        self._schema = probatio.Schema(schema)
        self._names = {str(key) for key in schema}
        self._texts = () if step is None else tuple(DRAFTED[step])

    @callback
    def __call__(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return the data as the action has them; raises ServiceValidationError.

        An error of the schema's own would be logged by Home Assistant together with the data.
        """
        # First: identifiers are known to a section that is loaded.
        needed_entry(self._hass)
        if texts := [name for name in self._texts if name in data.keys() - self._names]:
            raise invalid("text_outside_draft", fields=", ".join(texts))
        if data.keys() - self._names:
            raise invalid("action_field_unknown", fields=", ".join(sorted(self._names)))
        try:
            taken: dict[str, Any] = self._schema(data)
        except probatio.Invalid as err:
            # Of what is not right, the first; below its name may stand what somebody wrote.
            name = str(err.path[0]) if err.path else ""
            if name in self._names and name not in data:
                raise invalid("action_field_missing", field=name) from None
            raise invalid("action_field_invalid", field=name) from None
        return taken
