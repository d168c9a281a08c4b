"""Mails that announce a failing card: what counts as such, and that no pattern can hang the reader."""

from hypothesis import given, strategies as st
import pytest

from custom_components.niiza_cctv.lib.inbound.patterns import (
    MAX_PATTERN_LENGTH,
    MAX_PATTERNS,
    CardNews,
    CardPatterns,
    PatternInvalid,
    check_pattern,
)

ERROR, RECOVERY = CardNews.ERROR, CardNews.RECOVERY


@pytest.mark.parametrize(
    ("text", "news"),
    [
        # Errors.
        ("SDメモリーカードの異常を検出しました", ERROR),
        ("ＳＤカードｴﾗｰ", ERROR),
        ("【北口】SDカードが認識できません。", ERROR),
        ("SDカードへの書き込みに失敗しました", ERROR),
        ("SDカードの修復に失敗しました", ERROR),
        ("SDカードに正常に書き込めません", ERROR),
        ("録画エラーが発生しました", ERROR),
        ("EVENT TYPE: HDD Error", ERROR),
        ("Alarm Event: Storage Not Exist", ERROR),
        ("Alarm Event: No SD Card", ERROR),
        ("sd card FAILURE on camera 3", ERROR),
        ("SD recovery failed", ERROR),
        ("SD card status: Abnormal", ERROR),
        ("Storage disruption detected", ERROR),
        ("北口カメラ\n時刻 10:00\nSDカード: エラー", ERROR),
        # An error in one line is not taken back by what another line says of something else.
        ("SDカードエラー\nSDカード温度 正常", ERROR),
        # Recoveries.
        ("SDカードの異常から復旧しました", RECOVERY),
        ("SDカード異常 → 復旧", RECOVERY),
        ("SD card error recovered", RECOVERY),
        ("SD card recovered from error", RECOVERY),
        ("Storage error cleared", RECOVERY),
        # What cameras write into every mail when all is well.
        ("SDカード: 正常", RECOVERY),
        ("SDカード異常なし", RECOVERY),
        ("SDカードにエラーはありません", RECOVERY),
        ("SD card status: Normal", RECOVERY),
        ("No SD card error", RECOVERY),
        # Nothing about a card.
        ("定期メール 北口カメラは動作しています", None),
        ("Motion detected at 10:00", None),
        ("動体検知エラー", None),
        ("SDカード\nネットワークエラー", None),
        ("", None),
    ],
)
def test_reads_what_a_mail_says_of_the_card(text: str, news: CardNews | None) -> None:
    """The words of Japanese and English cameras are understood, denials are no errors."""
    assert CardPatterns().read(text) is news


def test_takes_the_sections_own_words() -> None:
    """A section's patterns replace ours, `*` stays within a line, nothing else is special."""
    patterns = CardPatterns(["記憶媒体*(NG)", "C.RD"], ["記憶媒体*(OK)"])
    assert patterns.read("記憶媒体の状態 (NG)") is ERROR
    assert patterns.read("記憶媒体の状態 (OK)") is RECOVERY
    assert patterns.read("記憶媒体の状態\n(NG)") is None
    assert patterns.read("card") is None
    assert patterns.read("SDカードエラー") is None


@pytest.mark.parametrize(
    "text",
    ["", "  ", "*", "a", "*a*", "エ*", "SD\nerror", "SD\x00error", "x" * (MAX_PATTERN_LENGTH + 1)],
)
def test_refuses_what_can_be_no_pattern(text: str) -> None:
    """What would match every mail, or no line, is refused."""
    with pytest.raises(PatternInvalid):
        check_pattern(text)


def test_keeps_a_pattern_as_it_was_written() -> None:
    """What a person wrote comes back, but for blanks around it."""
    assert check_pattern("  ＳＤ*Error ") == "ＳＤ*Error"


def test_refuses_more_patterns_than_the_bound() -> None:
    """The number of patterns is bounded."""
    with pytest.raises(PatternInvalid):
        CardPatterns([f"SD {number}" for number in range(MAX_PATTERNS + 1)])


@pytest.mark.parametrize("pattern", ["(a+)+b", "a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b"])
def test_no_pattern_hangs(pattern: str) -> None:
    """What ruins a regular expression, or a naive glob, is done in one pass; a hang would end this test's run."""
    patterns = CardPatterns([pattern] * MAX_PATTERNS, [])
    assert patterns.read("\n".join(["a" * 999] * 64)) is None


def test_reads_behind_empty_lines_but_not_without_end() -> None:
    """HTML without its tags is full of empty lines; a mail of nothing but lines keeps nobody busy."""
    patterns = CardPatterns()
    assert patterns.read("\n \n" * 5000 + "SDカード エラー") is ERROR
    assert patterns.read("S\n" * 999 + "SDカード エラー") is ERROR
    assert patterns.read("S\n" * 1000 + "SDカード エラー") is None


@given(st.text(max_size=300))
def test_takes_every_text(text: str) -> None:
    """No text makes the reader fail."""
    assert CardPatterns().read(text) in {ERROR, RECOVERY, None}
