"""Write config_examples/dashboard.yaml and dashboard.en.yaml, which differ in words only.

Built-in cards only. A person adapts the result by hand: the cameras' names and entity ids are the demo's.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

EXAMPLES = Path(__file__).parent.parent / "config_examples"

type Card = dict[str, Any]

SUMMARY = """\
{{%- set good = {{'problem': 'off', 'safety': 'off', 'connectivity': 'on', none: 'on'}} -%}}
{{%- set ns = namespace(bad=[], unknown=[], seen=false) -%}}
{{%- set ours = integration_entities('niiza_cctv') -%}}
{{#- Over all of them: after a restart there are none of ours yet, and what depends on none is never looked at again. -#}}
{{%- for id in states.binary_sensor | map(attribute='entity_id') | sort
     if id in ours and state_attr(id, 'device_class') in good and state_attr(id, 'check') is none -%}}
  {{%- set ns.seen = true -%}}
  {{%- if states(id) not in ('on', 'off') -%}}
    {{%- if state_attr(id, 'device_class') == 'problem' or state_attr(id, 'failed') is not none -%}}
      {{%- set ns.unknown = ns.unknown + [device_name(id)] -%}}
    {{%- endif -%}}
  {{%- elif states(id) != good[state_attr(id, 'device_class')] or state_attr(id, 'trouble') -%}}
    {{%- set ns.bad = ns.bad + [id] -%}}
  {{%- endif -%}}
{{%- endfor -%}}
{{%- if ns.bad -%}}
<ha-alert alert-type="error" title="{bad}">
{{%- for id in ns.bad %}}
{{%- set what = state_attr(id, 'friendly_name') | replace(device_name(id), '', 1) | trim %}}
{{%- set more = id | replace('binary_sensor.', 'sensor.') | replace('_problem', '_status') %}}
{{%- if state_attr(id, 'trouble') %}}{{% set shown = state_attr_translated(id, 'trouble') %}}
{{%- if state_attr(id, 'unread') %}}{{% set shown = shown ~ ': ' ~ state_attr(id, 'unread') | join(', ') %}}{{% endif %}}
{{%- elif states(more) not in ('unknown', 'unavailable') %}}{{% set shown = state_translated(more) %}}
{{%- else %}}{{% set shown = state_translated(id) %}}{{% endif %}}
{{%- set since = as_timestamp(states[id].last_changed) | timestamp_custom('{since}') %}}
<b>{{{{ device_name(id) }}}}</b>{line}<br>
{{%- endfor -%}}
</ha-alert>
{{%- elif not ns.seen -%}}
<ha-alert alert-type="warning">{none}</ha-alert>
{{%- elif not ns.unknown -%}}
<ha-alert alert-type="success">{fine}</ha-alert>
{{%- endif -%}}
{{%- if ns.unknown -%}}
<ha-alert alert-type="info">{unknown}</ha-alert>
{{%- endif %}}
"""


@dataclass(frozen=True, kw_only=True)
class Lamp:
    """An indicator of one binary sensor, always with a word: colour alone tells nobody colour-blind."""

    key: str
    good: str
    icon: str
    # The words for good, bad and unknown.
    words: tuple[str, str, str]


@dataclass(frozen=True, kw_only=True)
class Checked:
    """Something that is looked at: its name, its icon, and the names of its checks."""

    name: str
    icon: str
    checks: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Words:
    """One language."""

    file: str
    head: str
    title: str
    details: str
    cameras: dict[str, str]
    lamps: tuple[Lamp, ...]
    tiles: dict[str, str]
    # The summary: its title, one line of it, the moment, and the other outcomes.
    bad: str
    line: str
    since: str
    unknown: str
    fine: str
    none: str
    history: str
    log: str
    # Footage that is taken out: the heading, and the names of its tiles.
    cases: str
    case_tiles: dict[str, str]
    # What people look at regularly: the heading, what is checked on each object, and what the cameras send.
    checks: str
    checks_due: str
    calendar: str
    to_panel: str
    objects: dict[str, Checked]
    reports: str
    report_tiles: dict[str, str]


JA_CAMERA = {"signage": "作動中の表示", "sd_card": "SDカード", "clock_by_eye": "時計の目視"}
EN_CAMERA = {"signage": "Sign in place", "sd_card": "SD card", "clock_by_eye": "Clock by eye"}

JA = Words(
    file="dashboard.yaml",
    head="""\
# 課の画面。Home Assistantの標準カードだけで作っています（scripts/dashboard.pyが書き出します）。
# 自分の課で使うには、エンティティIDと名称を自分のカメラに合わせて書き換えてください。
# エンティティIDは「設定 → デバイスとサービス → Niiza CCTV → カメラ」で確認できます。
""",
    title="防犯カメラ",
    details="詳細",
    cameras={"kita": "北口", "minami": "南口", "kaisatsu": "改札口", "churin": "駐輪場"},
    lamps=(
        Lamp(
            key="sd_problem", good="off", icon="mdi:micro-sd", words=("SD", "SD 異常", "SD 未確認")
        ),
        Lamp(key="alive", good="on", icon="mdi:lan-connect", words=("稼働中", "途絶", "確認中")),
        Lamp(
            key="audio_disabled",
            good="on",
            icon="mdi:microphone-off",
            words=("音声なし", "音声あり", "音声 未確認"),
        ),
        Lamp(
            key="retention_problem",
            good="off",
            icon="mdi:calendar-check",
            words=("保存期間", "保存期間 異常", "保存期間 未確認"),
        ),
        Lamp(
            key="clock_problem",
            good="off",
            icon="mdi:clock-check",
            words=("時計", "時計のずれ", "時計 未確認"),
        ),
    ),
    tiles={
        "sd_status": "SD録画",
        "retained_days": "保存日数",
        "clock_offset": "時計のずれ",
        "last_read_back": "読み出し確認",
    },
    bad="異常が{{ ns.bad | count }}件あります",
    line="　{{ what }}：{{ shown }}　<small>{{ since }}から</small>",
    since="%-m月%-d日 %H:%M",
    unknown="確かめられていない項目があります：{{ ns.unknown | unique | join('、') }}",
    none="カメラの監視が動いていません。起動した直後なら、1分ほどお待ちください。",
    fine="すべて正常です。どのカメラも録画を確認できています。",
    history="SD録画の履歴（24時間）",
    log="できごと（24時間）",
    cases="映像の取出し（照会・開示請求）",
    case_tiles={
        "sensor.section_open_cases": "未了の案件",
        "sensor.section_clips_being_fetched": "取出し中",
        "binary_sensor.section_footage_at_risk": "消失のおそれ",
        "binary_sensor.section_ledger_available": "記録簿",
    },
    checks="点検",
    checks_due="期限が来ている点検",
    calendar="点検の予定",
    to_panel="点検を記録する",
    objects={
        "kita": Checked(name="北口", icon="mdi:cctv", checks=JA_CAMERA),
        "minami": Checked(name="南口", icon="mdi:cctv", checks=JA_CAMERA),
        "kaisatsu": Checked(name="改札口", icon="mdi:cctv", checks=JA_CAMERA),
        "churin": Checked(name="駐輪場", icon="mdi:cctv", checks=JA_CAMERA),
        "owada": Checked(name="大和田（旧型）", icon="mdi:cctv-off", checks=JA_CAMERA),
        "tablet": Checked(
            name="会議室のタブレット", icon="mdi:tablet", checks={"antivirus": "ウイルス対策"}
        ),
        "section": Checked(
            name="課",
            icon="mdi:office-building",
            checks={
                "viewing_password": "閲覧用パスワード",
                "settings_password_sealed": "封印したパスワード",
                "contractor": "委託業者",
                "standard": "運用基準",
            },
        ),
    },
    reports="カメラからの報告",
    report_tiles={"last_mail": "メール", "last_address_report": "アドレス"},
)

EN = Words(
    file="dashboard.en.yaml",
    head="""\
# The section's dashboard, of Home Assistant's built-in cards only (written by scripts/dashboard.py).
# For a section of your own, put in your cameras' names and entity ids; Settings → Devices & services →
# Niiza CCTV → the camera shows them.
""",
    title="Security cameras",
    details="Details",
    cameras={
        "kita": "North exit",
        "minami": "South exit",
        "kaisatsu": "Ticket gates",
        "churin": "Bicycle parking",
    },
    lamps=(
        Lamp(
            key="sd_problem",
            good="off",
            icon="mdi:micro-sd",
            words=("SD", "SD fault", "SD unproved"),
        ),
        Lamp(key="alive", good="on", icon="mdi:lan-connect", words=("Alive", "Silent", "Asking")),
        Lamp(
            key="audio_disabled",
            good="on",
            icon="mdi:microphone-off",
            words=("No audio", "Audio on", "Audio unknown"),
        ),
        Lamp(
            key="retention_problem",
            good="off",
            icon="mdi:calendar-check",
            words=("Retention", "Retention fault", "Retention unknown"),
        ),
        Lamp(
            key="clock_problem",
            good="off",
            icon="mdi:clock-check",
            words=("Clock", "Clock off", "Clock unknown"),
        ),
    ),
    tiles={
        "sd_status": "SD recording",
        "retained_days": "Retained",
        "clock_offset": "Clock offset",
        "last_read_back": "Read back",
    },
    bad="{{ ns.bad | count }} {{ 'problem' if ns.bad | count == 1 else 'problems' }}",
    line=" – {{ what }}: {{ shown }} <small>since {{ since }}</small>",
    since="%-d %b %H:%M",
    unknown="Not everything is known: {{ ns.unknown | unique | join(', ') }}",
    none="No camera is being watched. Right after a start this takes a minute.",
    fine="Everything is fine. Every camera is proved to record.",
    history="SD recording, 24 hours",
    log="Events, 24 hours",
    cases="Footage taken out (inquiries, disclosure)",
    case_tiles={
        "sensor.section_open_cases": "Open cases",
        "sensor.section_clips_being_fetched": "Being fetched",
        "binary_sensor.section_footage_at_risk": "At risk",
        "binary_sensor.section_ledger_available": "Ledger",
    },
    checks="Checks",
    checks_due="Checks that are due",
    calendar="When checks are due",
    to_panel="Record a check",
    objects={
        "kita": Checked(name="North exit", icon="mdi:cctv", checks=EN_CAMERA),
        "minami": Checked(name="South exit", icon="mdi:cctv", checks=EN_CAMERA),
        "kaisatsu": Checked(name="Ticket gates", icon="mdi:cctv", checks=EN_CAMERA),
        "churin": Checked(name="Bicycle parking", icon="mdi:cctv", checks=EN_CAMERA),
        "owada": Checked(name="Owada (old)", icon="mdi:cctv-off", checks=EN_CAMERA),
        "tablet": Checked(
            name="Meeting room tablet", icon="mdi:tablet", checks={"antivirus": "Antivirus"}
        ),
        "section": Checked(
            name="Section",
            icon="mdi:office-building",
            checks={
                "viewing_password": "Viewing password",
                "settings_password_sealed": "Sealed password",
                "contractor": "Contractor",
                "standard": "Published standard",
            },
        ),
    },
    reports="What the cameras report",
    report_tiles={"last_mail": "mail", "last_address_report": "address"},
)


def lamp(camera: str, lamp: Lamp) -> list[Card]:
    """Return the pills of one lamp, of which exactly one is seen."""
    entity = f"binary_sensor.{camera}_{lamp.key}"
    more = {"action": "more-info", "entity": entity}
    bad = "on" if lamp.good == "off" else "off"
    pill = {"type": "button", "tap_action": more}
    return [
        {
            **pill,
            "text": lamp.words[0],
            "icon": lamp.icon,
            "color": "green",
            "visibility": [{"condition": "state", "entity": entity, "state": lamp.good}],
        },
        {
            **pill,
            "text": lamp.words[1],
            "icon": "mdi:alert-circle",
            "color": "red",
            "visibility": [{"condition": "state", "entity": entity, "state": bad}],
        },
        {
            **pill,
            "text": lamp.words[2],
            "icon": "mdi:help-circle-outline",
            "color": "grey",
            "visibility": [{"condition": "state", "entity": entity, "state_not": ["on", "off"]}],
        },
    ]


def camera_section(camera: str, words: Words) -> Card:
    """Return one camera: its name, its lamps, its picture, and what the lamps rest on."""
    still = {
        "type": "picture-entity",
        "entity": f"camera.{camera}",
        "camera_image": f"camera.{camera}",
        # A still here, the live picture on tap: several live pictures choke a tablet.
        "camera_view": "auto",
        "fit_mode": "cover",
        "aspect_ratio": "16:9",
        "show_name": False,
        "show_state": False,
        "tap_action": {"action": "more-info"},
    }
    tiles = [
        {
            "type": "tile",
            "entity": f"sensor.{camera}_{key}",
            "name": name,
            "color": "blue-grey",
            # When a card was last read back says little without what came of it.
            **({"state_content": ["outcome", "state"]} if key == "last_read_back" else {}),
            "grid_options": {"columns": 6, "rows": 1},
        }
        for key, name in words.tiles.items()
    ]
    return {
        "type": "grid",
        "cards": [
            {
                "type": "heading",
                "heading": words.cameras[camera],
                "heading_style": "title",
                "icon": "mdi:cctv",
                # What matters most stands beside the name, as on the camera's own screen.
                "badges": [pill for one in words.lamps[:2] for pill in lamp(camera, one)],
            },
            still,
            {
                "type": "heading",
                "heading_style": "subtitle",
                "badges": [pill for one in words.lamps[2:] for pill in lamp(camera, one)],
            },
            *tiles,
        ],
    }


TO_CHECKS = {"action": "navigate", "navigation_path": "/niiza-cctv/checks"}


def cases_section(words: Words) -> Card:
    """Return the way to the cases and the checks, and how they stand."""
    to_cases = {"action": "navigate", "navigation_path": "/niiza-cctv/cases"}
    return {
        "type": "grid",
        "column_span": 2,
        "cards": [
            {
                "type": "heading",
                "heading": words.cases,
                "icon": "mdi:folder-lock",
                "tap_action": to_cases,
            },
            *(
                {
                    "type": "tile",
                    "entity": entity,
                    "name": name,
                    "tap_action": to_cases,
                    "grid_options": {"columns": 6, "rows": 1},
                }
                for entity, name in words.case_tiles.items()
            ),
            {
                "type": "heading",
                "heading": words.checks,
                "icon": "mdi:clipboard-check",
                "tap_action": TO_CHECKS,
            },
            {
                "type": "tile",
                "entity": "todo.section_checks",
                "name": words.checks_due,
                "tap_action": TO_CHECKS,
                "grid_options": {"columns": "full", "rows": 1},
            },
        ],
    }


def checked_section(of: str, checked: Checked) -> Card:
    """Return one object: which of its checks are due."""
    return {
        "type": "grid",
        "cards": [
            {
                "type": "heading",
                "heading": checked.name,
                "heading_style": "title",
                "icon": checked.icon,
                "tap_action": TO_CHECKS,
            },
            *(
                {
                    "type": "tile",
                    "entity": f"binary_sensor.{of}_check_{key}",
                    "name": name,
                    "tap_action": TO_CHECKS,
                    "grid_options": {"columns": 6, "rows": 1},
                }
                for key, name in checked.checks.items()
            ),
        ],
    }


def reports_section(words: Words) -> Card:
    """Return when each camera was heard of last."""
    return {
        "type": "grid",
        "cards": [
            {"type": "heading", "heading": words.reports, "icon": "mdi:message-badge"},
            *(
                {
                    "type": "tile",
                    "entity": f"sensor.{camera}_{key}",
                    "name": f"{name} {what}",
                    "color": "blue-grey",
                    "grid_options": {"columns": 6, "rows": 1},
                }
                for camera, name in words.cameras.items()
                for key, what in words.report_tiles.items()
            ),
        ],
    }


def checks_view(words: Words) -> Card:
    """Return the view that somebody opens on a telephone at the station."""
    return {
        "title": words.checks,
        "path": "checks",
        "type": "sections",
        "max_columns": 3,
        "dense_section_placement": True,
        "sections": [
            {
                "type": "grid",
                "cards": [
                    {
                        "type": "heading",
                        "heading": words.checks_due,
                        "heading_style": "title",
                        "icon": "mdi:clipboard-alert",
                    },
                    {
                        "type": "button",
                        "name": words.to_panel,
                        "icon": "mdi:clipboard-check",
                        "tap_action": TO_CHECKS,
                        "grid_options": {"columns": "full", "rows": 2},
                    },
                    {
                        "type": "todo-list",
                        "entity": "todo.section_checks",
                        # What is due follows from the section's things: nobody adds to it or sorts it.
                        "hide_create": True,
                        "hide_section_headers": True,
                        "grid_options": {"columns": "full", "rows": 6},
                    },
                ],
            },
            {
                "type": "grid",
                "cards": [
                    {"type": "heading", "heading": words.calendar, "icon": "mdi:calendar"},
                    {
                        "type": "calendar",
                        "initial_view": "listWeek",
                        "entities": ["calendar.section_checks"],
                        "grid_options": {"columns": "full", "rows": 6},
                    },
                ],
            },
            *(checked_section(of, checked) for of, checked in words.objects.items()),
            reports_section(words),
        ],
    }


def details_section(camera: str, words: Words) -> Card:
    """Return everything else that is known of a camera."""
    keys = (
        "sensor.{}_sd_status", "sensor.{}_newest_recording", "sensor.{}_oldest_recording",
        "sensor.{}_retention_status", "sensor.{}_last_read_back",
        "sensor.{}_resolution", "binary_sensor.{}_resolution_within_limit", "binary_sensor.{}_recording_now",
        "binary_sensor.{}_default_password", "sensor.{}_firmware", "button.{}_prove_recording", "sensor.{}_quirks",
    )  # fmt: skip
    quirks = f"sensor.{camera}_quirks"
    # In words, below their number; nothing where there are none.
    in_words = {
        "type": "conditional",
        "conditions": [{"condition": "numeric_state", "entity": quirks, "above": 0}],
        "row": {"type": "attribute", "entity": quirks, "attribute": "kinds", "name": ""},
    }
    return {
        "type": "grid",
        "cards": [
            {
                "type": "heading",
                "heading": words.cameras[camera],
                "heading_style": "title",
                "icon": "mdi:cctv",
            },
            {
                "type": "entities",
                "state_color": False,
                # Without the camera's name, which stands above.
                "entities": [
                    *({"entity": key.format(camera), "name": {"type": "entity"}} for key in keys),
                    in_words,
                ],
            },
        ],
    }


def dashboard(words: Words) -> Card:
    """Return the whole dashboard."""
    summary = SUMMARY.format(
        none=words.none,
        bad=words.bad,
        line=words.line,
        since=words.since,
        unknown=words.unknown,
        fine=words.fine,
    )
    faults = [f"binary_sensor.{camera}_sd_problem" for camera in words.cameras]
    return {
        "title": words.title,
        "views": [
            {
                "title": words.title,
                "path": "cameras",
                "type": "sections",
                "max_columns": 4,
                "dense_section_placement": True,
                "sections": [
                    {
                        "type": "grid",
                        "column_span": 4,
                        "cards": [
                            {
                                "type": "markdown",
                                "text_only": True,
                                "content": summary,
                                "grid_options": {"columns": "full"},
                            }
                        ],
                    },
                    *(camera_section(camera, words) for camera in words.cameras),
                    cases_section(words),
                    {
                        "type": "grid",
                        "column_span": 2,
                        "cards": [
                            {"type": "heading", "heading": words.history, "icon": "mdi:micro-sd"},
                            {
                                "type": "history-graph",
                                "hours_to_show": 24,
                                "entities": [
                                    {"entity": entity, "name": name}
                                    for entity, name in zip(
                                        faults, words.cameras.values(), strict=True
                                    )
                                ],
                                "grid_options": {"columns": "full"},
                            },
                            {
                                "type": "heading",
                                "heading": words.log,
                                "icon": "mdi:format-list-bulleted",
                            },
                            {
                                "type": "logbook",
                                "hours_to_show": 24,
                                "target": {
                                    "entity_id": [
                                        f"binary_sensor.{camera}_{one.key}"
                                        for camera in words.cameras
                                        for one in words.lamps
                                    ]
                                },
                                "grid_options": {"columns": "full", "rows": 5},
                            },
                        ],
                    },
                ],
            },
            checks_view(words),
            {
                "title": words.details,
                "path": "details",
                "type": "sections",
                "max_columns": 4,
                "sections": [details_section(camera, words) for camera in words.cameras],
            },
        ],
    }


# What fits into a line stands in one.
_WIDTH = 120


class _Dumper(yaml.SafeDumper):
    """YAML as a person would write it: what is short in one line, lists indented, texts of several lines as blocks."""

    def serialize(self, node: yaml.Node) -> None:
        """Write what is short in one line."""
        self._fold(node)
        super().serialize(node)

    def _fold(self, node: yaml.Node) -> int:
        """Return how long a node is in one line, and write it so if that is not too much."""
        if isinstance(node, yaml.ScalarNode):
            return _WIDTH if "\n" in node.value else len(node.value) + 4
        if not isinstance(node, yaml.CollectionNode):
            return _WIDTH
        if isinstance(node, yaml.MappingNode):
            length = sum(self._fold(key) + self._fold(value) for key, value in node.value)
        else:
            length = sum(self._fold(item) for item in node.value)
        node.flow_style = 0 < length < _WIDTH
        return length

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent lists below their key."""
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: object) -> bool:
        """Write everything out, so that a part can be copied."""
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """Write a text of several lines as a block."""
    return dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style="|" if "\n" in text else None
    )


_Dumper.add_representer(str, _text)


def rendered(words: Words) -> str:
    """Return the file of one language."""
    body = yaml.dump(
        dashboard(words), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000
    )
    return words.head + body


def main() -> None:
    """Write both files."""
    for words in (JA, EN):
        (EXAMPLES / words.file).write_text(rendered(words))


if __name__ == "__main__":
    main()
