"""Write the pages that say who may do what by every way in, docs/rights.md and docs/rights.ja.md.

`.venv/bin/python -m scripts.rights_page` writes them; with `--check` it only says whether the committed ones are current.
What each cell says is asked of the rules themselves (`lib/access/`); `tests/test_rights.py` makes the call of each cell,
and holds the rows against what Home Assistant was told of.
"""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
import sys

from custom_components.niiza_cctv.lib.access.errors import NotAllowed
from custom_components.niiza_cctv.lib.access.model import Actor, Role
from custom_components.niiza_cctv.lib.access.permissions import Permission, check_person, may
from custom_components.niiza_cctv.lib.ledger.model import Person

DOCS = Path(__file__).parent.parent / "docs"
_ROLES = frozenset({Role.VIEWER, Role.EXPORTER, Role.APPROVER})


def _somebody(
    name: str,
    *roles: Role,
    unconfirmed: frozenset[Role] = frozenset(),
    owner: bool = False,
    human: bool = True,
    active: bool = True,
    direct: bool = True,
) -> Actor:
    return Actor(
        person=Person(id=name, name=name),
        roles=frozenset(roles),
        unconfirmed=unconfirmed,
        owner=owner,
        human=human,
        active=active,
        direct=direct,
    )


# Who calls, in the order of the columns.
CALLERS: Mapping[str, Actor] = {
    "automation": Actor(person=None),
    "administrator": _somebody("administrator"),
    "owner": _somebody("owner", owner=True),
    "viewer": _somebody("viewer", Role.VIEWER),
    "exporter": _somebody("exporter", Role.EXPORTER),
    "approver": _somebody("approver", Role.APPROVER),
    "named": _somebody("named", unconfirmed=frozenset({Role.EXPORTER, Role.APPROVER})),
    "tablet": _somebody("tablet", *_ROLES, Role.TABLET),
    "script": _somebody("script", *_ROLES, direct=False),
    "inactive": _somebody("inactive", *_ROLES, active=False),
    "system": _somebody("system", *_ROLES, human=False),
}

# What a call comes to: allowed, or the key of the message; and what is no message of ours.
ALLOWED = ""
IMPOSSIBLE = "impossible"
LOG_IN = "log_in"
ADMIN = "admin"
OWN_LINK = "own_link"

type Rule = Callable[[str, Actor], str]


def _outcome(actor: Actor, permission: Permission) -> str:
    try:
        check_person(actor, permission)
    except NotAllowed as err:
        return err.key
    return ALLOWED


def _needs(permission: Permission) -> Rule:
    """Let through whom the table of permissions lets through."""
    return lambda _name, actor: _outcome(actor, permission)


def _automations_too(permission: Permission) -> Rule:
    """Let automations through, and of people those whom the table lets through."""
    return lambda _name, actor: ALLOWED if actor.person is None else _outcome(actor, permission)


def _automations_only(_name: str, actor: Actor) -> str:
    return ALLOWED if actor.person is None else "mail_report_by_person"


def _anybody(_name: str, _actor: Actor) -> str:
    return ALLOWED


def _panel(_name: str, actor: Actor) -> str:
    """Let through for whom a page is there; the owner while somebody waits to be confirmed."""
    if Role.TABLET in actor.roles and may(actor, Permission.SEE_CHECKS):
        return ALLOWED
    if actor.owner and not may(actor, Permission.SEE_CASES):
        return _outcome(actor, Permission.SEE_APPOINTMENTS)
    return _outcome(actor, Permission.SEE_CASES)


def _own_request(_name: str, _actor: Actor) -> str:
    return OWN_LINK


def _administrators(name: str, _actor: Actor) -> str:
    if name == "script":
        return IMPOSSIBLE
    if name in {"automation", "inactive"}:
        return LOG_IN
    return ALLOWED if name in {"administrator", "owner"} else ADMIN


def _by_hand(rule: Rule) -> Rule:
    """Of a door at which only somebody who is logged in can stand, by their own hand."""

    def outcome(name: str, actor: Actor) -> str:
        return IMPOSSIBLE if name in {"automation", "script"} else rule(name, actor)

    return outcome


def _logged_in(rule: Rule) -> Rule:
    """Of Home Assistant's server, which asks for a log-in first."""

    def outcome(name: str, actor: Actor) -> str:
        if name == "script":
            return IMPOSSIBLE
        return LOG_IN if name in {"automation", "inactive"} else rule(name, actor)

    return outcome


_ACTIONS: Mapping[str, Rule] = {
    "find_recordings": _needs(Permission.SEARCH),
    "create_case": _needs(Permission.CREATE),
    "export_clip": _needs(Permission.REQUEST_CLIPS),
    "register_footage": _needs(Permission.REGISTER_FOOTAGE),
    "cancel_clip": _needs(Permission.CANCEL_CLIP),
    "seal_early": _needs(Permission.SEAL_EARLY),
    "cut_clip": _needs(Permission.CUT_CLIP),
    "render_masked_clip": _needs(Permission.MASK_CLIP),
    "preview_mask": _needs(Permission.SEE_CASES),
    "propose_track": _needs(Permission.MASK_CLIP),
    "choose_for_release": _needs(Permission.CHOOSE_FOR_RELEASE),
    "propose_decision": _needs(Permission.PROPOSE_DECISION),
    "withdraw_clip": _needs(Permission.WITHDRAW_CLIP),
    "approve_case": _needs(Permission.APPROVE),
    "reject_case": _needs(Permission.REJECT),
    "release_case": _needs(Permission.RELEASE),
    "hand_over": _needs(Permission.HAND_OVER),
    "conclude_case": _needs(Permission.CONCLUDE),
    "keep_open": _needs(Permission.KEEP_OPEN),
    "purge_case": _needs(Permission.PURGE),
    "restore_case": _needs(Permission.RESTORE),
    "list_cases": _needs(Permission.SEE_CASES),
    "get_case": _needs(Permission.SEE_CASES),
    "export_ledger": _needs(Permission.EXPORT_LEDGER),
    "verify_ledger": _needs(Permission.SEE_CASES),
    "confirm_clock": _needs(Permission.CONFIRM_CLOCK),
    "remove_folder": _needs(Permission.REMOVE_FOLDER),
    "confirm_appointment": _needs(Permission.CONFIRM_APPOINTMENT),
    "decline_appointment": _needs(Permission.DECLINE_APPOINTMENT),
    "switch_audio_off": _needs(Permission.CHANGE_SETTING),
    "set_resolution": _needs(Permission.CHANGE_SETTING),
    "set_clock": _needs(Permission.CHANGE_SETTING),
    "record_check": _needs(Permission.RECORD_CHECK),
    "list_checks": _anybody,
    "notify": _automations_too(Permission.NOTIFY),
    "clear_notice": _automations_too(Permission.NOTIFY),
    "get_summary": _automations_too(Permission.GET_SUMMARY),
    "report_mail": _automations_only,
}
_COMMANDS: Mapping[str, Rule] = {
    "info": _panel,
    "subscribe": _panel,
    "ledger": _needs(Permission.SEE_CASES),
    "people": _needs(Permission.SEE_APPOINTMENTS),
    "checks": _needs(Permission.SEE_CHECKS),
    "check_history": _needs(Permission.SEE_CHECKS),
    "camera_settings": _needs(Permission.SEE_CASES),
    "settings_request": _own_request,
    "playback": _needs(Permission.WATCH),
    "watch_clip": _needs(Permission.SEE_CASES),
    "open_counter": _needs(Permission.SHOW_AT_COUNTER),
    "end_counter": _anybody,
    "watched": _needs(Permission.SEE_CASES),
    "save_draft": _needs(Permission.CREATE),
    "mask_track": _needs(Permission.SEE_CASES),
    "mask_view": _needs(Permission.SEE_CASES),
    "save_mask_track": _needs(Permission.MASK_CLIP),
    "discard_draft": _anybody,
    "dismiss_notice": _panel,
}
_VIEWS: Mapping[str, Rule] = {
    "download": _own_request,
    "playback": _own_request,
    "still": _own_request,
    "mask_still": _own_request,
    "check_photo": _logged_in(_needs(Permission.SEE_CHECK_PHOTO)),
    "alert_picture": _logged_in(_needs(Permission.WATCH)),
    "settings": _logged_in(_own_request),
    "address_report": _own_request,
}
_MEDIA: Mapping[str, Rule] = {
    "browse": _needs(Permission.WATCH),
    "resolve": _needs(Permission.WATCH),
}
_ENTITIES: Mapping[str, Rule] = {
    "button_confirm": _needs(Permission.RECORD_CHECK),
    "button_refresh": _anybody,
    "button_prove": _anybody,
    "todo_update": _needs(Permission.RECORD_CHECK),
}
_FORMS: Mapping[str, Rule] = {
    "section": _administrators,
    "options": _administrators,
    "camera": _administrators,
    "offline_camera": _administrators,
    "tablet": _administrators,
    "repairs": _administrators,
}
DOORS: Mapping[str, Mapping[str, Rule]] = {
    "action": _ACTIONS,
    "websocket": {name: _by_hand(rule) for name, rule in _COMMANDS.items()},
    "view": _VIEWS,
    "media": {name: _by_hand(rule) for name, rule in _MEDIA.items()},
    "entity": _ENTITIES,
    "form": _FORMS,
}


def rows(door: str) -> dict[str, dict[str, str]]:
    """Return what each way in by a door comes to, by its name and who calls."""
    return {
        name: {caller: rule(caller, actor) for caller, actor in CALLERS.items()}
        for name, rule in DOORS[door].items()
    }


# --- The pages ----------------------------------------------------------------------------------------------------

# What stands in a cell, by the message with which it is refused.
_LETTERS: Mapping[str, str] = {
    ALLOWED: "✓",
    IMPOSSIBLE: "–",
    OWN_LINK: "L",
    LOG_IN: "P",
    ADMIN: "A",
    "mail_report_by_person": "M",
    "not_allowed_nobody": "N",
    "not_allowed_not_human": "S",
    "not_allowed_inactive": "X",
    "not_allowed_tablet": "T",
    "not_allowed_photo_tablet": "T",
    "not_allowed_unconfirmed": "C",
    "not_by_own_hand": "H",
    "setting_not_by_own_hand": "H",
    "check_not_by_own_hand": "H",
    "not_allowed_needs_viewer": "R",
    "not_allowed_needs_exporter": "R",
    "not_allowed_needs_approver": "R",
    "not_allowed_needs_deciding": "R",
    "not_allowed_needs_role": "R",
    "not_allowed_see_checks": "R",
}


@dataclass(frozen=True, kw_only=True)
class _Words:
    head: str
    legend_head: tuple[str, str]
    legend: Mapping[str, str]
    callers: Mapping[str, str]
    doors: Mapping[str, str]
    names: Mapping[str, str]
    way: str


_ENGLISH = _Words(
    head="""# Who may do what

[日本語](rights.ja.md)

Every way in, and what it comes to for whom. Written by `scripts/rights_page.py` from the rules; `tests/test_rights.py` makes each of these calls, and fails for a way in
that has no row. A step of a case needs more than the right to it: [cases](cases.md) says in which state, and that two people do it; [who may takes two people](setup.md#who-may-takes-two-people) how one gets a role.

The callers: an **automation** has no person. The **administrator** and Home Assistant's **owner** hold no role. **Viewer**, **exporter** and **approver** hold that one. **Named**: named exporter and approver, confirmed by nobody. The **tablet**, the **script** (run by somebody who might do
it by hand), the **inactive** and the **system** user hold all three roles.
""",
    legend_head=("in a cell", "meaning"),
    legend={
        "✓": "allowed",
        "R": "refused: the role is missing",
        "C": "refused: named, and confirmed by nobody",
        "H": "refused: not by the person's own hand",
        "T": "refused: a tablet decides and saves nothing",
        "N": "refused: nobody is known to have asked",
        "X": "refused: deactivated",
        "S": "refused: no person",
        "M": "refused: for automations only",
        "L": "only with a link of one's own, which is given to who may and dies with their right; without it refused",
        "P": "Home Assistant asks for a log-in",
        "A": "Home Assistant's administrators only",
        "–": "cannot happen",
    },
    callers={
        "automation": "automation, nobody",
        "administrator": "administrator",
        "owner": "owner",
        "viewer": "viewer",
        "exporter": "exporter",
        "approver": "approver",
        "named": "named",
        "tablet": "tablet",
        "script": "script",
        "inactive": "inactive",
        "system": "system",
    },
    doors={
        "action": "Actions",
        "websocket": "What the panel asks (websocket)",
        "view": "Addresses of Home Assistant's server",
        "media": "Media browser",
        "entity": "Entities",
        "form": "Forms of the settings",
    },
    names={
        "info": "`info`; the owner while somebody waits to be confirmed",
        "subscribe": "`subscribe`; the owner likewise",
        "save_draft": "`save_draft`; each step as its action, here that of `create_case`",
        "discard_draft": "`discard_draft`; only one's own",
        "end_counter": "`end_counter`; only one's own",
        "dismiss_notice": "`dismiss_notice`; only one's own; the owner likewise",
        "download": "`/api/niiza_cctv/download/…`: by `release_case`, `export_ledger`",
        "view playback": "`/api/niiza_cctv/playback/…`: by `playback`, `watch_clip`, `open_counter`, media browser",
        "still": "`/api/niiza_cctv/still/…`: by the media browser",
        "mask_still": "`/api/niiza_cctv/mask_still/…`: by `mask_view`, `preview_mask`",
        "check_photo": "`/api/niiza_cctv/check_photo/…`",
        "alert_picture": "`/api/niiza_cctv/alert_picture/…`",
        "settings": "`/api/niiza_cctv/settings/…`: by `switch_audio_off`, `set_resolution`, `set_clock`",
        "address_report": "`/nic/update`: a camera's own id and password",
        "browse": "browse",
        "resolve": "play",
        "button_confirm": "button *Confirm …* of a check; a tablet only of those that it may confirm",
        "button_refresh": "button *Ask now*",
        "button_prove": "button *Prove the recording*",
        "todo_update": "ticking in the to-do list; a tablet only what it may confirm",
        "section": "the section",
        "options": "its options",
        "camera": "a camera",
        "offline_camera": "a camera without a network",
        "tablet": "a tablet",
        "repairs": "repairs",
    },
    way="way in",
)
_JAPANESE = _Words(
    head="""# だれに何ができるか

[English](rights.md)

すべての入口と、だれが呼ぶとどうなるかの一覧です。`scripts/rights_page.py`が規則から書き出し、`tests/test_rights.py`が一つ一つ実際に呼び出します。行のない入口があると、このテストは失敗します。
案件の手順には権限のほかにも条件があります。どの状態でできるか、2人で行うことは[案件](cases.ja.md)に、役割に就く方法は[役割には2人が必要](setup.ja.md#役割には2人が必要)にあります。

**自動化**には人がいません。**管理者**とHome Assistantの**所有者**は役割を持ちません。**見る人**・**切り出す人**・**承認する人**は、その一つだけを持ちます。**指名だけ**は、切り出しと承認に指名され、だれも確認していない人です。**タブレット**、**スクリプト**（自分でなら
できる人が動かしたもの）、**停止**された利用者、**システム**の利用者は、3つの役割をすべて持っています。
""",
    legend_head=("記号", "意味"),
    legend={
        "✓": "できる",
        "R": "拒否：役割がない",
        "C": "拒否：指名されたが、だれも確認していない",
        "H": "拒否：本人が自分で操作していない",
        "T": "拒否：タブレットは何も決めず、保存しない",
        "N": "拒否：だれの操作か分からない",
        "X": "拒否：停止されている",
        "S": "拒否：人ではない",
        "M": "拒否：自動化だけができる",
        "L": "本人に渡されたリンクがあるときだけ。リンクは、できる人に渡され、その権利とともに無効になる。なければ拒否",
        "P": "Home Assistantがログインを求める",
        "A": "Home Assistantの管理者だけ",
        "–": "起こらない",
    },
    callers={
        "automation": "自動化・不明",
        "administrator": "管理者",
        "owner": "所有者",
        "viewer": "見る人",
        "exporter": "切り出す人",
        "approver": "承認する人",
        "named": "指名だけ",
        "tablet": "タブレット",
        "script": "スクリプト",
        "inactive": "停止",
        "system": "システム",
    },
    doors={
        "action": "アクション",
        "websocket": "パネルの問い合わせ（WebSocket）",
        "view": "Home Assistantのサーバーのアドレス",
        "media": "メディアブラウザー",
        "entity": "エンティティ",
        "form": "設定のフォーム",
    },
    names={
        "info": "`info`（所有者は、確認を待つ人がいる間）",
        "subscribe": "`subscribe`（所有者は同じ）",
        "save_draft": "`save_draft`。段階ごとにそのアクションと同じ。ここは `create_case` の分",
        "discard_draft": "`discard_draft`。自分の分だけ",
        "end_counter": "`end_counter`：自分が始めたものだけ",
        "dismiss_notice": "`dismiss_notice`。自分の分だけ（所有者は同じ）",
        "download": "`/api/niiza_cctv/download/…`：`release_case`、`export_ledger`が渡す",
        "view playback": "`/api/niiza_cctv/playback/…`：`playback`、メディアブラウザーが渡す",
        "still": "`/api/niiza_cctv/still/…`：メディアブラウザーが渡す",
        "mask_still": "`/api/niiza_cctv/mask_still/…`：`mask_view`、`preview_mask`が渡す",
        "check_photo": "`/api/niiza_cctv/check_photo/…`",
        "alert_picture": "`/api/niiza_cctv/alert_picture/…`",
        "settings": "`/api/niiza_cctv/settings/…`：`switch_audio_off`、`set_resolution`、`set_clock`が渡す",
        "address_report": "`/nic/update`：カメラ自身のIDとパスワード",
        "browse": "一覧",
        "resolve": "再生",
        "button_confirm": "点検の「確認」ボタン（タブレットは、確認できる点検だけ）",
        "button_refresh": "「今すぐ問い合わせる」ボタン",
        "button_prove": "「録画を読み出して確認」ボタン",
        "todo_update": "ToDoリストのチェック（タブレットは、確認できる点検だけ）",
        "section": "課",
        "options": "日々の設定",
        "camera": "カメラ",
        "offline_camera": "通信機能のないカメラ",
        "tablet": "タブレット",
        "repairs": "修復",
    },
    way="入口",
)
PAGES: Mapping[str, _Words] = {"rights.md": _ENGLISH, "rights.ja.md": _JAPANESE}


def page(words: _Words) -> str:
    """Return a page."""
    lines = [words.head, "| {} | {} |".format(*words.legend_head), "|---|---|"]
    lines += [f"| {letter} | {meaning} |" for letter, meaning in words.legend.items()]
    for door, title in words.doors.items():
        lines += ["", f"## {title}", ""]
        lines.append(f"| {words.way} | {' | '.join(words.callers.values())} |")
        lines.append(f"|---|{'---|' * len(words.callers)}")
        for name, outcomes in rows(door).items():
            shown = words.names.get(f"{door} {name}") or (
                f"`{name}`" if door == "action" else words.names.get(name, f"`{name}`")
            )
            cells = " | ".join(_LETTERS[outcomes[caller]] for caller in words.callers)
            lines.append(f"| {shown} | {cells} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the pages, or say which is not current."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = [name for name, words in PAGES.items() if not _is_current(name, words)]
    if check:
        for name in stale:
            sys.stderr.write(f"docs/{name} is not what the rules say; run scripts.rights_page\n")
        return 1 if stale else 0
    for name in stale:
        (DOCS / name).write_text(page(PAGES[name]))
    return 0


def _is_current(name: str, words: _Words) -> bool:
    path = DOCS / name
    return path.is_file() and path.read_text() == page(words)


if __name__ == "__main__":
    sys.exit(main())
