"""Write config_examples/dashboard.yaml and dashboard.en.yaml, which differ in words only.

Of built-in cards only. Its templates find the cameras by themselves; only pictures and lists name their entities, which
are the demo's.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path
from string import Template
import sys

EXAMPLES = Path(__file__).parent.parent / "config_examples"

# YAML in which each $name is a word.
LAYOUT = Template("""\
$head
title: $title
views:
  - title: $title
    path: cameras
    type: sections
    max_columns: 4
    sections:
      - type: grid
        column_span: 4
        cards:
          - type: markdown
            text_only: true
            grid_options: {columns: full}
            content: |
              {%- set good = {'problem': 'off', 'safety': 'off', 'connectivity': 'on', none: 'on'} -%}
              {%- set ns = namespace(bad=[], unknown=[], seen=false) -%}
              {%- set ours = integration_entities('niiza_cctv') -%}
              {#- $over_all -#}
              {%- for id in states.binary_sensor | map(attribute='entity_id') | sort
                   if id in ours and state_attr(id, 'device_class') in good and state_attr(id, 'check') is none -%}
                {%- set ns.seen = true -%}
                {%- if states(id) not in ('on', 'off') -%}
                  {%- if state_attr(id, 'device_class') == 'problem' or state_attr(id, 'failed') is not none -%}
                    {%- set ns.unknown = ns.unknown + [device_name(id)] -%}
                  {%- endif -%}
                {%- elif states(id) != good[state_attr(id, 'device_class')] or state_attr(id, 'trouble') -%}
                  {%- set ns.bad = ns.bad + [id] -%}
                {%- endif -%}
              {%- endfor -%}
              {%- if ns.bad -%}
              <ha-alert alert-type="error" title="$bad">
              {%- for id in ns.bad %}
              {%- set what = state_attr(id, 'friendly_name') | replace(device_name(id), '', 1) | trim %}
              {%- set more = id | replace('binary_sensor.', 'sensor.') | replace('_problem', '_status') %}
              {%- if state_attr(id, 'trouble') %}{% set shown = state_attr_translated(id, 'trouble') %}
              {%- if state_attr(id, 'unread') %}{% set shown = shown ~ ': ' ~ state_attr(id, 'unread') | join(', ') %}{% endif %}
              {%- elif states(more) not in ('unknown', 'unavailable') %}{% set shown = state_translated(more) %}
              {%- else %}{% set shown = state_translated(id) %}{% endif %}
              {%- set since = as_timestamp(states[id].last_changed) | timestamp_custom('$since') %}
              <b>{{ device_name(id) }}</b>$line<br>
              {%- endfor -%}
              </ha-alert>
              {%- elif not ns.seen -%}
              <ha-alert alert-type="warning">$none</ha-alert>
              {%- elif not ns.unknown -%}
              <ha-alert alert-type="success">$fine</ha-alert>
              {%- endif -%}
              {%- if ns.unknown -%}
              <ha-alert alert-type="info">$unknown</ha-alert>
              {%- endif %}
          - type: markdown
            title: $cameras
            grid_options: {columns: full}
            content: |
              {%- set ours = integration_entities('niiza_cctv') %}
              {%- for alive in states.binary_sensor | map(attribute='entity_id') | sort
                   if alive in ours and state_attr(alive, 'failed') is not none and state_attr(alive, 'check') is none %}
              - **{{ device_name(alive) }}**$colon{{ state_translated(alive) if has_value(alive) else '$not_known' }}
              {%- for id in device_entities(device_id(alive)) if state_attr(id, 'device_class') == 'enum' -%}
              $comma{{ state_attr(id, 'friendly_name') | replace(device_name(alive), '', 1) | trim }} {{ state_translated(id) if has_value(id) else '$not_known' }}
              {%- endfor %}
              {%- endfor %}
      - type: grid
        column_span: 4
        cards:
          # $one_line_each
          - {type: picture-entity, entity: camera.kita, camera_view: auto, show_state: false, tap_action: {action: navigate, navigation_path: /niiza-cctv}}
          - {type: picture-entity, entity: camera.minami, camera_view: auto, show_state: false, tap_action: {action: navigate, navigation_path: /niiza-cctv}}
          - {type: picture-entity, entity: camera.kaisatsu, camera_view: auto, show_state: false, tap_action: {action: navigate, navigation_path: /niiza-cctv}}
          - {type: picture-entity, entity: camera.churin, camera_view: auto, show_state: false, tap_action: {action: navigate, navigation_path: /niiza-cctv}}
  - title: $work
    path: work
    type: sections
    max_columns: 2
    sections:
      - type: grid
        cards:
          - type: button
            name: $to_cases
            icon: mdi:folder-lock
            tap_action: {action: navigate, navigation_path: /niiza-cctv/cases}
          - type: button
            name: $to_checks
            icon: mdi:clipboard-check
            tap_action: {action: navigate, navigation_path: /niiza-cctv/checks}
          # $only_due
          - {type: todo-list, entity: todo.section_checks, hide_create: true, grid_options: {columns: full}}
      - type: grid
        cards:
          - {type: calendar, initial_view: listWeek, entities: [calendar.section_checks], grid_options: {columns: full}}
          - type: entities
            title: $cases
            entities:
              - sensor.section_open_cases
              - sensor.section_clips_being_fetched
              - binary_sensor.section_footage_at_risk
              - binary_sensor.section_ledger
""")

JA: Mapping[str, str] = {
    "head": """\
# 課の画面を、Home Assistantの標準カードだけで作ったもの（scripts/dashboard.pyが書き出します）。
# ふつうはstrategy.yaml（自動で作られる画面）を使います。こちらは、標準カードだけで作りたいときの例です。
# 変えるところ：camera.…の行を自分のカメラに（1台1行）、「section」を課の名称に合わせたエンティティIDに。
# 異常と一覧はカメラを自分で見つけるので、書き換えません。
# 使い方：「設定 → ダッシュボード → ダッシュボードを追加」で空の画面を作り、「コードエディター」にこの内容を貼ります。""",
    "over_all": "すべてを調べる：再起動の直後は私たちのものがまだなく、ないものに頼る文は二度と見直されない。",
    "title": "防犯カメラ",
    "cameras": "カメラ",
    "colon": "：",
    "comma": "、",
    "not_known": "未確認",
    "bad": "異常が{{ ns.bad | count }}件あります",
    "line": "　{{ what }}：{{ shown }}　<small>{{ since }}から</small>",
    "since": "%-m月%-d日 %H:%M",
    "unknown": "確かめられていない項目があります：{{ ns.unknown | unique | join('、') }}",
    "none": "カメラの監視が動いていません。起動した直後なら、1分ほどお待ちください。",
    "fine": "すべて正常です。どのカメラも録画を確認できています。",
    "one_line_each": "1台1行",
    "work": "点検・案件",
    "to_cases": "案件を開く",
    "to_checks": "点検を記録する",
    "only_due": "点検は課のものから決まるので、足すことはありません",
    "cases": "映像の取出し（照会・開示請求）",
}
EN: Mapping[str, str] = {
    "head": """\
# The section's dashboard, of Home Assistant's built-in cards only (written by scripts/dashboard.py).
# Mostly you want strategy.yaml, which builds itself; this is an example for whoever wants built-in cards alone.
# To change: the lines with camera.… to your own cameras (a line each), and "section" to the entity ids of your section.
# Faults and the list find the cameras by themselves and stay as they are.
# Paste it into the raw configuration editor of a new dashboard.""",
    "over_all": "Over all of them: after a restart there are none of ours yet, and what depends on none is never looked at again.",
    "title": "Security cameras",
    "cameras": "Cameras",
    "colon": ": ",
    "comma": ", ",
    "not_known": "not known",
    "bad": "{{ ns.bad | count }} {{ 'problem' if ns.bad | count == 1 else 'problems' }}",
    "line": " – {{ what }}: {{ shown }} <small>since {{ since }}</small>",
    "since": "%-d %b %H:%M",
    "unknown": "Not everything is known: {{ ns.unknown | unique | join(', ') }}",
    "none": "No camera is being watched. Right after a start this takes a minute.",
    "fine": "Everything is fine. Every camera is proved to record.",
    "one_line_each": "a line for each camera",
    "work": "Checks and cases",
    "to_cases": "Open the cases",
    "to_checks": "Record a check",
    "only_due": "what is checked follows from the section's things: nobody adds to it",
    "cases": "Footage taken out (inquiries, disclosure)",
}
FILES: Mapping[str, Mapping[str, str]] = {"dashboard.yaml": JA, "dashboard.en.yaml": EN}


def rendered(words: Mapping[str, str]) -> str:
    """Return the file of one language."""
    return LAYOUT.substitute(words)


def main() -> int:
    """Write both files, or say which is not current."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = [
        name for name, words in FILES.items() if (EXAMPLES / name).read_text() != rendered(words)
    ]
    for name in stale:
        if check:
            sys.stderr.write(f"config_examples/{name} is not current; run scripts.dashboard\n")
        else:
            (EXAMPLES / name).write_text(rendered(FILES[name]))
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
