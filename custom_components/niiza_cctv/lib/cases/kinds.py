"""The table that dictates what a case of each kind needs; docs/cases.md shows it to people.

The wording of the laws follows e-Gov; 個人情報保護法 is 個人情報の保護に関する法律.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from .model import Case, CaseKind, Ground, Outcome


class Form(StrEnum):
    """How a field is filled in."""

    LINE = "line"
    TEXT = "text"
    # ISO 8601, not in the future.
    DATE = "date"
    # Digits.
    NUMBER = "number"


@dataclass(frozen=True, kw_only=True)
class FieldRule:
    """One field of a request: its Japanese name, and how it is filled in."""

    label: str
    form: Form = Form.LINE
    # Characters.
    max_length: int = 200


FIELDS: Mapping[str, FieldRule] = MappingProxyType(
    {
        "legal_basis": FieldRule(label="法的根拠"),
        "document_number": FieldRule(label="文書番号", max_length=100),
        "document_date": FieldRule(label="文書の日付", form=Form.DATE),
        "organisation": FieldRule(label="請求者の所属"),
        "requester": FieldRule(label="請求者の氏名"),
        "contact": FieldRule(label="連絡先"),
        "purpose": FieldRule(label="目的", form=Form.TEXT, max_length=1000),
        "identity_checked": FieldRule(label="本人確認・原本確認の方法"),
        "event_time": FieldRule(label="請求者が示した日時"),
        "event_place": FieldRule(label="請求者が示した場所"),
        "note": FieldRule(label="備考", form=Form.TEXT, max_length=1000),
    }
)

# What later steps are told.
STEP_FIELDS: Mapping[str, FieldRule] = MappingProxyType(
    {
        "note": FieldRule(label="備考", form=Form.TEXT, max_length=1000),
        "reason": FieldRule(label="理由", form=Form.TEXT, max_length=1000),
        "reasons": FieldRule(label="理由", form=Form.TEXT, max_length=1000),
        "recipient": FieldRule(label="受領者"),
        "medium": FieldRule(label="媒体"),
        "serial": FieldRule(label="媒体の製造番号", max_length=100),
        "present": FieldRule(label="立ち会った人", form=Form.TEXT, max_length=300),
        "card_number": FieldRule(label="SDカードの番号", max_length=100),
        "spare_cards": FieldRule(label="予備カードの枚数", form=Form.NUMBER, max_length=4),
    }
)


@dataclass(frozen=True, kw_only=True)
class KindRule:
    """What a case of one kind needs, and what may come of it."""

    label: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    # What `legal_basis` may say, in the words of the law; a single one is filled in by itself.
    legal_bases: tuple[str, ...]
    # By what the section may give the footage away.
    provision: str
    # Whether footage may ever leave unmasked.
    may_release_unmasked: bool
    # Whether outcome, part, way and reasons are proposed first, and it is that proposal which another person approves.
    decided_by_proposal: bool = False
    # Within how many days of the request the law wants the decision; None: it names none.
    decide_within: int | None = None
    # Whether somebody outside asks by a law's right: such a case never ends by silence, only by a person's decision.
    by_law: bool
    # How it may end without a hand-over.
    outcomes: frozenset[Outcome]


_BY_LAW = "個人情報保護法第69条第1項(法令に基づく場合)"
_DOCUMENT = ("legal_basis", "document_number", "document_date")
_REQUESTER = ("organisation", "requester", "contact", "purpose")
# Whoever may be handed footage is refused by rejecting the case.
_SEEN_OR_NOTHING = frozenset({Outcome.SHOWN_IN_PERSON, Outcome.NOTHING_FOUND})

KINDS: Mapping[CaseKind, KindRule] = MappingProxyType(
    {
        CaseKind.POLICE_INQUIRY: KindRule(
            label="捜査関係事項照会",
            required=(*_DOCUMENT, *_REQUESTER),
            optional=("identity_checked", "event_time", "event_place", "note"),
            legal_bases=("刑事訴訟法第197条第2項",),
            provision=_BY_LAW,
            may_release_unmasked=True,
            by_law=True,
            outcomes=_SEEN_OR_NOTHING,
        ),
        CaseKind.DISCLOSURE_REQUEST: KindRule(
            label="開示請求",
            # The law lets nobody ask why somebody wants to see their own data: no purpose here.
            required=(
                *_DOCUMENT,
                "requester",
                "contact",
                "identity_checked",
                "event_time",
                "event_place",
            ),
            # A person who acts for the requester names whom they stand for.
            optional=("organisation", "note"),
            legal_bases=("個人情報保護法第76条第1項",),
            provision="個人情報保護法第78条第1項・第79条第1項(本人以外を除いた開示)",
            may_release_unmasked=False,
            decided_by_proposal=True,
            decide_within=30,
            by_law=True,
            # What is given in part is handed over, and what is shown in part was shown.
            outcomes=_SEEN_OR_NOTHING | {Outcome.REFUSED},
        ),
        CaseKind.BAR_INQUIRY: KindRule(
            label="弁護士会照会",
            required=(*_DOCUMENT, *_REQUESTER),
            optional=("identity_checked", "event_time", "event_place", "note"),
            legal_bases=("弁護士法第23条の2第2項",),
            provision=_BY_LAW,
            may_release_unmasked=True,
            by_law=True,
            outcomes=_SEEN_OR_NOTHING,
        ),
        CaseKind.COURT_COMMISSION: KindRule(
            label="文書送付嘱託・調査嘱託",
            required=(*_DOCUMENT, *_REQUESTER),
            optional=("identity_checked", "event_time", "event_place", "note"),
            legal_bases=("民事訴訟法第226条(文書送付嘱託)", "民事訴訟法第186条(調査嘱託)"),
            provision=_BY_LAW,
            may_release_unmasked=True,
            by_law=True,
            outcomes=_SEEN_OR_NOTHING,
        ),
        CaseKind.INTERNAL_INSPECTION: KindRule(
            label="内部点検",
            # Nobody outside asks: the person who opens it is the one who answers for it.
            required=("legal_basis", "purpose"),
            optional=("document_number", "document_date", "event_time", "event_place", "note"),
            legal_bases=("設置及び運用に関する基準(利用目的の範囲内の点検)",),
            provision="個人情報保護法第69条第1項(利用目的の範囲内の利用)",
            may_release_unmasked=True,
            by_law=False,
            outcomes=_SEEN_OR_NOTHING,
        ),
    }
)

# All that `conclude_case` may be told.
OUTCOMES = frozenset(outcome for rule in KINDS.values() for outcome in rule.outcomes)

# What a refusal rests on, in the words of the law. Of 第78条第1項 the numbers 4 and 5 are missing: only organs of the state
# and of prefectures may invoke them.
GROUNDS: Mapping[Ground, str] = MappingProxyType(
    {
        Ground.REQUESTERS_OWN_HARM: "個人情報保護法第78条第1項第1号(開示請求者の生命、健康、生活又は財産を害するおそれがある情報)",
        Ground.OTHER_PEOPLE: "個人情報保護法第78条第1項第2号(開示請求者以外の個人に関する情報)",
        Ground.CORPORATIONS: "個人情報保護法第78条第1項第3号(法人その他の団体に関する情報)",
        Ground.DELIBERATION: "個人情報保護法第78条第1項第6号(審議、検討又は協議に関する情報)",
        Ground.ADMINISTRATION: "個人情報保護法第78条第1項第7号(事務又は事業に関する情報)",
        Ground.EXISTENCE: "個人情報保護法第81条(保有個人情報の存否に関する情報)",
    }
)


def decide_by(case: Case) -> date | None:
    """Return the last day on which the law lets a request be decided; None where it names none.

    Counted from the day of the document, the day itself left out.
    """
    days, asked = KINDS[case.kind].decide_within, case.request.get("document_date")
    if days is None or asked is None:
        return None
    return date.fromisoformat(asked) + timedelta(days=days)
