"""Passwords of cameras: kept as salted hashes, compared in constant time, bounded in cost."""

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.niiza_cctv.lib.inbound.passwords import (
    MAX_PASSWORD_LENGTH,
    ScryptCost,
    hash_password,
    verify_password,
)

# What a password costs is one test's business only.
CHEAP = ScryptCost(log_n=4, p=1)


def test_takes_the_password_and_no_other() -> None:
    """The password is right, anything else is wrong."""
    hashed = hash_password("かめら-1番", CHEAP)
    assert verify_password("かめら-1番", hashed)
    for other in ("", "かめら-1", "かめら-1番 ", "カメラ-1番", hashed):
        assert not verify_password(other, hashed)


def test_keeps_nothing_of_the_password_and_salts_each() -> None:
    """Equal passwords have unequal hashes, and none contains the password."""
    first, second = hash_password("niiza-2026"), hash_password("niiza-2026")
    assert first != second
    assert "niiza" not in first
    assert first.startswith("$scrypt$ln=14,r=8,p=5$")
    assert verify_password("niiza-2026", first)
    assert not verify_password("niiza-2025", first)


def test_takes_composed_and_decomposed_letters_for_the_same() -> None:
    """A keyboard that sends が as か and a mark locks nobody out."""
    assert verify_password("\u304b\u3099", hash_password("\u304c", CHEAP))


@pytest.mark.parametrize("text", ["", "x" * (MAX_PASSWORD_LENGTH + 1)])
def test_hashes_no_empty_or_endless_password(text: str) -> None:
    """There is no password that is empty or without end."""
    with pytest.raises(ValueError, match="characters"):
        hash_password(text)


def test_takes_no_longer_text_that_begins_with_the_password() -> None:
    """What lies behind the greatest length counts."""
    hashed = hash_password("x" * MAX_PASSWORD_LENGTH, CHEAP)
    assert verify_password("x" * MAX_PASSWORD_LENGTH, hashed)
    assert not verify_password("x" * (MAX_PASSWORD_LENGTH + 1), hashed)


@pytest.mark.parametrize(
    "hashed",
    [
        "",
        "niiza-2026",
        "$scrypt$",
        # Costs that somebody wrote in to exhaust the memory.
        "$scrypt$ln=31,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$" + "A" * 43,
        "$scrypt$ln=14,r=99,p=1$AAAAAAAAAAAAAAAAAAAAAA$" + "A" * 43,
        "$scrypt$ln=0,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$" + "A" * 43,
        "$scrypt$ln=14,r=8,p=5$short$" + "A" * 43,
    ],
)
def test_takes_no_password_where_no_hash_is_kept(hashed: str) -> None:
    """Without a readable hash every password is wrong; nothing raises."""
    assert not verify_password("", hashed)
    assert not verify_password("niiza-2026", hashed)


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=()), min_size=1, max_size=20))
def test_takes_every_text_there_is(text: str) -> None:
    """Controls, surrogates and emoji are letters of a password like others."""
    assert verify_password(text, hash_password(text, CHEAP))
