"""What of an evidence package people read: the letter to the recipient and the receipt (docs/evidence-package.md)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from ..device.clock_history import ClockKnown
from .clip_files import FileRole, Purpose, files_for
from .clip_model import ClipClock, SealedClip, Withheld, WithheldReason
from .cut_files import cut_files
from .media_signing.chain import Trust
from .media_signing.report import Signing, Span
from .media_signing.verifier import Source, State, Verdict
from .package_model import (
    DECIDED,
    FIELDS,
    KINDS,
    WAYS,
    CameraFacts,
    PackageCase,
    PackedCut,
    TakenByHand,
    plain_text,
)
from .paper_dates import PaperDates

# More gaps than these are listed in the manifest only.
_MAX_GAPS = 20
_MAX_CLOCKS = 10

# --- Letter -----------------------------------------------------------------------------------------------


def letter(
    case: PackageCase,
    clips: Sequence[tuple[CameraFacts, SealedClip]],
    by_hand: Sequence[TakenByHand],
    cuts: Sequence[PackedCut] = (),
) -> bytes:
    """Return the letter to the recipient, as Windows' Notepad shows it: byte order mark, CRLF."""
    japanese, english = (
        words.template.format(
            case=plain_text(case.id),
            section=plain_text(case.section),
            decision="".join(f"{line}\n" for line in _decision(words, case)),
            footage="\n".join(
                (
                    *_clips(words, clips, dates),
                    *_cuts(words, cuts, len(clips) + 1, dates),
                )
            ),
            by_hand="".join(
                f"{line}\n" for line in _by_hand(words, by_hand, len(clips) + len(cuts) + 1, dates)
            ),
        )
        for words, dates in (
            (_JAPANESE, PaperDates(zone=case.time_zone, japanese_era=case.japanese_era)),
            (_ENGLISH, PaperDates(zone=case.time_zone)),
        )
    )
    text = f"{japanese}\n{'-' * 72}\n\n{english}"
    return text.replace("\n", "\r\n").encode("utf-8-sig")


@dataclass(frozen=True, kw_only=True)
class _Language:
    """The letter in one language."""

    template: str
    # How the request was answered, which of two labels is this language's, and what the rest is not disclosed by.
    decision: str
    label: int
    grounds: str
    # What stands behind the name of a derived file.
    roles: Mapping[FileRole, str]
    granted: str
    lead_in: str
    # Of a cut: what it was cut from, and what else is in its file.
    cut_from: str
    hidden: str
    nothing_hidden: str
    encoded_anew: str
    masked: str
    read_on: str
    clock: str
    # How the offset of a stretch is known, with the measurements that it rests on.
    known: Mapping[ClockKnown, str]
    twice: str
    more_clocks: str
    # What the camera's own signatures prove, until when; of stretches; and whose they are (name, fingerprint).
    signing: Mapping[State, str]
    nothing_proved: str
    verdicts: Mapping[Verdict, str]
    more_signing: str
    trust: Mapping[Trust, str]
    # The certificate is not among the pictures.
    asked_for: str
    damaged: str
    gap: str
    # What stands behind a gap that the camera lists as footage.
    reasons: Mapping[WithheldReason, str]
    more_gaps: str
    by_hand: str
    medium: str
    no_sum: str
    clock_by_eye: str


def _decision(words: _Language, case: PackageCase) -> Iterator[str]:
    """Give how a request for disclosure was answered, with a line before it."""
    if (decision := case.decision) is None:
        return
    labels = (DECIDED[decision.outcome], WAYS[decision.way])
    yield ""
    yield words.decision.format(*(label[words.label] for label in labels))
    if decision.grounds:
        yield words.grounds.format("、".join(plain_text(one) for one in decision.grounds))


def _clips(
    words: _Language, clips: Sequence[tuple[CameraFacts, SealedClip]], dates: PaperDates
) -> Iterator[str]:
    for number, (camera, clip) in enumerate(clips, 1):
        yield f"({number}) {plain_text(camera.name)}  {dates.span(clip.requested_start, clip.requested_end)}"
        for one in files_for(clip, Purpose.HANDOVER):
            yield f"    {one.file.name} {words.roles.get(one.role, '')}".rstrip()
        yield "    " + words.granted.format(dates.span(clip.first_picture, clip.last_picture))
        if clip.lead_in:
            yield "    " + words.lead_in.format(f"{clip.lead_in.total_seconds():.1f}")
        if clip.read_on:
            yield "    " + words.read_on.format(clip.read_on)
        yield "    " + words.clock.format(f"{clip.clock_offset / 1e6:+.1f}")
        yield from _clocks(words, clip, dates)
        yield from _signing(words, clip, dates)
        if clip.damaged:
            yield "    " + words.damaged.format(clip.damaged, clip.pictures)
        for gap in clip.gaps[:_MAX_GAPS]:
            yield f"    {words.gap} {dates.span(*gap)}{_why(words, clip.known_of(gap), dates)}"
        if len(clip.gaps) > _MAX_GAPS:
            yield "    " + words.more_gaps.format(len(clip.gaps) - _MAX_GAPS)


def _why(words: _Language, withheld: Withheld | None, dates: PaperDates) -> str:
    """Give what is known of a gap besides that there is one."""
    if withheld is None:
        return ""
    until = "" if withheld.decided_at is None else dates.at(withheld.decided_at)
    return words.reasons[withheld.reason].format(until)


def _cuts(
    words: _Language, cuts: Sequence[PackedCut], first: int, dates: PaperDates
) -> Iterator[str]:
    """Give the parts of clips: what was asked for beside what is shown, and what is in the file besides."""
    for number, packed in enumerate(cuts, first):
        cut = packed.cut.cut
        yield f"({number}) {plain_text(packed.camera.name)}  {dates.span(cut.start, cut.end)}"
        for one in cut_files(packed.cut, packed.clip.codec, Purpose.HANDOVER):
            role = words.roles.get(one.role, "") if not cut.encoded_anew else ""
            yield f"    {one.file.name} {role}".rstrip()
        yield "    " + words.granted.format(dates.span(cut.first_picture, cut.last_picture))
        yield "    " + words.cut_from.format(packed.clip_id, cut.source_sha256)
        if packed.masked_by is not None:
            yield "    " + words.masked
        elif cut.encoded_anew:
            yield "    " + words.encoded_anew
        elif cut.hidden:
            yield "    " + words.hidden.format(cut.hidden)
        else:
            yield "    " + words.nothing_hidden
        yield "    " + words.clock.format(f"{packed.clip.clock_offset / 1e6:+.1f}")
        if packed.cut.signing is not None:
            yield from _signed(words, packed.cut.signing, packed.cut.signing.spans, dates)


def _signing(words: _Language, clip: SealedClip, dates: PaperDates) -> Iterator[str]:
    """Give what the camera's own signatures prove; nothing where there are none."""
    if clip.signing is not None:
        yield from _signed(words, clip.signing, clip.signed_spans, dates)


def _signed(
    words: _Language, signing: Signing, spans: Sequence[Span], dates: PaperDates
) -> Iterator[str]:
    if signing.state is State.NOT_SIGNED:
        return
    until = words.nothing_proved if signing.until is None else dates.at(signing.until)
    yield "    " + words.signing[signing.state].format(until)
    for span in spans[:_MAX_CLOCKS]:
        yield f"      {dates.span(span.start, span.end)} : {words.verdicts[span.verdict]}"
    more = len(spans) + signing.more_spans - _MAX_CLOCKS
    if more > 0:
        yield "      " + words.more_signing.format(more)
    for one in signing.signers:
        name = plain_text(one.subject)
        yield "      " + words.trust[one.trust].format(name, one.fingerprint)
    if signing.source is Source.CAMERA:
        yield "      " + words.asked_for


def _clocks(words: _Language, clip: SealedClip, dates: PaperDates) -> Iterator[str]:
    """Give by what clock each stretch was placed; one that needs no remark has none."""
    told = [clock for clock in clip.clocks if len(clip.clocks) > 1 or is_remarkable(clock)]
    for clock in told[:_MAX_CLOCKS]:
        measured = [dates.at(at) for at in clock.measured or ()]
        how = words.known[clock.known].format(*measured, doubt=f"{clock.doubt / 1e6:.0f}")
        twice = f" {words.twice}" if clock.twice else ""
        ahead = f"{clock.ahead / 1e6:+.1f}"
        yield f"      {dates.span(clock.start, clock.end)} : {ahead} s. {how}{twice}"
    if len(told) > _MAX_CLOCKS:
        yield "      " + words.more_clocks.format(len(told) - _MAX_CLOCKS)


def is_remarkable(clock: ClipClock) -> bool:
    """Return whether somebody who reads true times has to know more than that they are corrected."""
    return clock.known is not ClockKnown.MEASURED or clock.twice


def _by_hand(
    words: _Language, by_hand: Sequence[TakenByHand], first: int, dates: PaperDates
) -> Iterator[str]:
    if by_hand:
        yield ""
        yield words.by_hand
    for number, footage in enumerate(by_hand, first):
        yield f"({number}) {plain_text(footage.camera.name)}  {dates.span(footage.start, footage.end)}"
        yield "    " + words.medium.format(plain_text(footage.medium), plain_text(footage.serial))
        yield f"    SHA-256 : {footage.sha256 or words.no_sum}"
        if footage.clock_offset is not None:
            yield "    " + words.clock_by_eye.format(f"{footage.clock_offset:+}")


_JAPANESE = _Language(
    template="""\
防犯カメラ映像（案件番号 {case}）
{section}
{decision}
1. 映像
{footage}
映像がない区間は詰めて再生されます。再生位置と時刻の対応は manifest.json の segments にあります。
音声は含まれません。映像はカメラが記録したデータそのもので、再エンコードしていません（閲覧用を除く）。
{by_hand}
2. 再生のしかた
mp4 ファイルをダブルクリックします。再生できないときは、閲覧用のファイルがあればそれを、なければ VLC などの再生ソフトを使ってください。
ZIP の中から直接開かず、先に「すべて展開」してください。

3. 改ざんされていないことの確かめ方
展開したフォルダーで次のとおり確かめます。SHA256SUMS に載っていないファイルは、この課が渡したものではありません。
(1) 各ファイルのハッシュ値（SHA256SUMS の値と一致すること）
    Windows : certutil -hashfile ファイル名 SHA256
    Linux   : sha256sum -c SHA256SUMS
    macOS   : shasum -a 256 -c SHA256SUMS
(2) 署名（「Verified OK」と表示されること）
    openssl x509 -in section-certificate.pem -noout -pubkey -out section-key.pem
    openssl dgst -sha256 -verify section-key.pem -signature SHA256SUMS.sig SHA256SUMS
(3) 証明書の指紋（受領書の紙面、または課に電話で確かめた値と一致すること）
    openssl x509 -in section-certificate.pem -noout -fingerprint -sha256
    Windows : certutil -dump section-certificate.pem （Cert Hash(sha256)）
証明書はこの課が自ら作ったものです。指紋を別の方法で照合してはじめて、この課が渡したものと分かります。
""",
    decision="決定：{}（{}）",
    label=0,
    grounds="開示しない部分の根拠：{}",
    roles={
        FileRole.VIEWING_COPY: "（閲覧用。H.264に再エンコードしたもの。証拠となるのは上の原本です）"
    },
    granted="収めた時間：{}（最初と最後の画像）",
    cut_from="映像 {0}（SHA-256 {1}）から切り出した部分です。元の映像は課が保全しています。",
    hidden="このファイルには、再生されない前後の画像が {} 枚入っています（復号に必要なため）。編集リストに対応しない再生ソフトでは表示されます。",
    nothing_hidden="このファイルに、再生されない画像は入っていません。",
    encoded_anew="閲覧用です。再エンコードしたもので、カメラが記録したデータそのものではありません。再生されない画像は入っていません。",
    masked="本人と確認した範囲のほかをすべて隠し、再エンコードしたものです。カメラが記録したデータそのものではありません。音声や再生されない画像は入っていません。",
    read_on="請求された終了時刻より後の映像を {} 枚含みます（直前までの映像に対するカメラの署名が入っているために必要な部分です）。",
    lead_in="請求された開始時刻より前の映像を {} 秒含みます（圧縮された映像を復号するために必要な部分です）。",
    clock="カメラの時計－正しい時刻：{} 秒（時刻は正しい時刻に直してあります。画面に焼き込まれた時刻はカメラの時計です）",
    known={
        ClockKnown.MEASURED: "測定した値（{0} から {1} まで一致）",
        ClockKnown.BETWEEN: "{0} と {1} の測定の間に変わった。時刻は最大 {doubt} 秒違うことがある",
        ClockKnown.BEFORE: "最初の測定（{0}）より前。当時のずれは分からず、最初に測った値を使った",
        ClockKnown.NEVER: "時計を測れなかった。ずれはないものとした",
    },
    twice="カメラの時計が同じ時刻を2度示したため、別の時の映像のことがある",
    more_clocks="ほかに {} 区間（manifest.json の clock.stretches を参照）",
    signing={
        State.AUTHENTIC: "カメラの電子署名：{} まで、カメラが署名したままの映像です。",
        State.PICTURES_MISSING: "カメラの電子署名：{} まで、カメラが署名したままの映像です。署名された画像または署名の一部が欠けています。",
        State.NOT_AUTHENTIC: "カメラの電子署名：署名と一致しない部分があります。そこまで（{}）は署名したままの映像です。",
        State.NOT_CHECKED: "カメラの電子署名：ありますが、確認できませんでした。",
    },
    nothing_proved="なし",
    verdicts={
        Verdict.PICTURES_MISSING: "残る画像は署名のとおり。欠けた画像がある",
        Verdict.NOT_AUTHENTIC: "署名と一致しない",
        Verdict.NOT_CHECKED: "署名がない、または確認できない",
    },
    more_signing="ほかに {} 区間（manifest.json の camera_signature を参照）",
    trust={
        Trust.TRUSTED: "署名した鍵：{0}（信頼するルート証明書で確認。証明書の指紋 {1}）",
        Trust.UNKNOWN_ROOT: "署名した鍵：だれのものか分からない鍵（名乗り：{0}、証明書の指紋 {1}）",
        Trust.OUT_OF_DATE: "署名した鍵：証明書は撮影の時に有効でなかった（名乗り：{0}、証明書の指紋 {1}）",
        Trust.BROKEN: "署名した鍵：証明書のつながりが正しくない（名乗り：{0}、証明書の指紋 {1}）",
        Trust.NO_TIME: "署名した鍵：撮影の時刻が分からず、証明書を確かめられない（名乗り：{0}、証明書の指紋 {1}）",
    },
    asked_for="証明書は映像に含まれておらず、カメラから別に取得しました（manifest.json の camera_signature.certificates）。",
    damaged="画像 {1} 枚のうち {0} 枚は、カメラのカード上で損傷しており正しく表示できません。",
    gap="映像なし：",
    reasons={
        WithheldReason.CAMERA_FAILS: "（カメラには映像がありますが、ここで毎回故障し、取り出せませんでした）",
        WithheldReason.LISTED_NOT_GIVEN: "（カメラは映像があると答えますが、何度求めても出しませんでした）",
        WithheldReason.NOT_READ: "（記録の数や符号化方式の変更が多すぎるため、読み取っていません。映像が無いという意味ではありません）",
        WithheldReason.SEALED_EARLY: "（{} までカメラが渡さなかったため、切り出す人の判断で、取得できた分だけを保全しました。映像が無いという意味ではありません）",
    },
    more_gaps="ほかに {} か所（manifest.json を参照）",
    by_hand="職員がカメラの設置場所で複製した映像（別の媒体で渡します。この ZIP に入っておらず、上と下の説明は当てはまりません）",
    medium="媒体 : {}（製造番号 {}）",
    no_sum="計算していません",
    clock_by_eye="カメラの時計－正しい時刻：{} 秒（目で確かめた値。上の時刻は正しい時刻に直してあります）",
)
_ENGLISH = _Language(
    template="""\
Security camera footage (case {case})
{section}
{decision}
1. Footage
{footage}
Playback skips what is missing; segments in manifest.json say which position shows which time.
There is no sound. The footage is the data that the camera recorded, not re-encoded (except copies for viewing).
{by_hand}
2. Playing
Double-click an mp4 file. If it does not play, take the file for viewing if there is one, or a player such as VLC.
Extract the ZIP file first; do not open files inside it.

3. Making sure that nothing was changed
In the extracted folder. A file that SHA256SUMS does not name was not handed over by this section.
(1) The checksum of each file is the one in SHA256SUMS
    Windows : certutil -hashfile FILE SHA256
    Linux   : sha256sum -c SHA256SUMS
    macOS   : shasum -a 256 -c SHA256SUMS
(2) The signature ("Verified OK")
    openssl x509 -in section-certificate.pem -noout -pubkey -out section-key.pem
    openssl dgst -sha256 -verify section-key.pem -signature SHA256SUMS.sig SHA256SUMS
(3) The certificate's fingerprint is the one on the paper receipt, or the one that the section tells by telephone
    openssl x509 -in section-certificate.pem -noout -fingerprint -sha256
    Windows : certutil -dump section-certificate.pem (Cert Hash(sha256))
The section made its certificate itself: only a fingerprint compared by another way shows whose it is.
""",
    decision="Decision: {}, {}",
    label=1,
    grounds="The rest is not disclosed by: {}",
    roles={
        FileRole.VIEWING_COPY: "(for viewing: re-encoded in H.264; the evidence is the file above)"
    },
    granted="Shows: {} (first and last picture)",
    cut_from="Cut from clip {0} (SHA-256 {1}), which the section keeps.",
    hidden="The file holds {} more pictures before or behind, needed for decoding and not shown; players that know no edit lists show them.",
    nothing_hidden="The file holds no picture that is not shown.",
    encoded_anew="For viewing: re-encoded, not the data that the camera recorded. It holds no picture that is not shown.",
    masked="All but what was approved to be seen is hidden; re-encoded, not the data that the camera recorded. It holds no sound, and no picture that is not shown.",
    read_on="Pictures from after the time requested: {}. They hold the camera's signature of those before.",
    lead_in="Begins {} s before the time requested: those pictures are needed to decode what follows.",
    clock="Camera's clock minus true time: {} s (times here are true times; a time burnt into the picture is the camera's)",
    known={
        ClockKnown.MEASURED: "As measured (alike from {0} to {1}).",
        ClockKnown.BETWEEN: "It changed between the measurements of {0} and {1}; the times may be off by up to {doubt} s.",
        ClockKnown.BEFORE: "From before the first measurement ({0}): what it was is not known, that of the first is taken.",
        ClockKnown.NEVER: "The clock could not be measured; it is taken to be right.",
    },
    twice="The clock showed these times twice; the pictures may be of the other moment.",
    more_clocks="{} more stretches, see clock.stretches in manifest.json",
    signing={
        State.AUTHENTIC: "Camera's own signature: authentic until {}.",
        State.PICTURES_MISSING: "Camera's own signature: authentic until {}; signed pictures, or signatures, are missing.",
        State.NOT_AUTHENTIC: "Camera's own signature: not authentic in part; authentic until {}.",
        State.NOT_CHECKED: "Camera's own signature: there, and could not be checked.",
    },
    nothing_proved="-",
    verdicts={
        Verdict.PICTURES_MISSING: "what is there is as signed; pictures are missing",
        Verdict.NOT_AUTHENTIC: "not as signed",
        Verdict.NOT_CHECKED: "no signature, or it could not be checked",
    },
    more_signing="{} more stretches, see camera_signature in manifest.json",
    trust={
        Trust.TRUSTED: "Key: {0} (vouched for by a trusted root; certificate's fingerprint {1})",
        Trust.UNKNOWN_ROOT: "Key: unknown (calls itself {0}; certificate's fingerprint {1})",
        Trust.OUT_OF_DATE: "Key: its certificate was not valid when this was recorded (calls itself {0}; fingerprint {1})",
        Trust.BROKEN: "Key: its certificates do not hold together (calls itself {0}; fingerprint {1})",
        Trust.NO_TIME: "Key: without a time of recording its certificate cannot be judged (calls itself {0}; fingerprint {1})",
    },
    asked_for="The certificate is not among the pictures; the camera gave it when asked (camera_signature.certificates in manifest.json).",
    damaged="{} of {} pictures are damaged on the camera's card and cannot be shown properly.",
    gap="No footage:",
    reasons={
        WithheldReason.CAMERA_FAILS: " (on the camera, which failed here each time it was asked)",
        WithheldReason.LISTED_NOT_GIVEN: " (listed by the camera, which gave none however often it was asked)",
        WithheldReason.NOT_READ: " (not read: the card holds more recordings, or changes of codec, than are taken in; it does not mean that nothing was recorded)",
        WithheldReason.SEALED_EARLY: " (not given by the camera until {}; an exporter of the section decided to seal what had come. It does not mean that nothing was recorded)",
    },
    more_gaps="{} more, see manifest.json",
    by_hand="Footage that staff copied at the camera (on a medium of its own, not in this ZIP file; what stands above and below does not hold for it)",
    medium="Medium : {} (serial number {})",
    no_sum="not computed",
    clock_by_eye="Camera's clock minus true time: {} s, as seen by eye (times above are true times)",
)

# --- Receipt ----------------------------------------------------------------------------------------------


def receipt(
    case: PackageCase,
    clips: Sequence[tuple[CameraFacts, SealedClip]],
    by_hand: Sequence[TakenByHand],
    fingerprint: str,
    cuts: Sequence[PackedCut] = (),
) -> bytes:
    """Return the receipt (受領書) to be printed and signed; every text is escaped, and no script or picture runs.

    `fingerprint` is that of the section's certificate.
    """
    dates = PaperDates(zone=case.time_zone, japanese_era=case.japanese_era)
    taken = "".join(_footage_by_hand(one, dates) for one in by_hand)
    return _RECEIPT.format(
        style=_STYLE,
        case=_html(case.id),
        section=_html(case.section),
        facts="".join(_facts(case, dates)),
        footage="".join(
            (
                *(_footage(camera, clip, dates) for camera, clip in clips),
                *(_footage_cut(cut, dates) for cut in cuts),
            )
        ),
        by_hand=_BY_HAND.format(footage=taken) if taken else "",
        fingerprint=_html(fingerprint),
        blanks="".join(_row(*labels, "") for labels in _BLANKS),
    ).encode()


def _html(value: str) -> str:
    return escape(plain_text(value))


def _row(japanese: str, english: str, value: str) -> str:
    return f"<tr><th>{japanese}<br><small>{english}</small></th><td>{value}</td></tr>"


def _facts(case: PackageCase, dates: PaperDates) -> Iterator[str]:
    yield _row("案件番号", "Case", _html(case.id))
    kind = KINDS.get(case.kind, (case.kind, ""))
    yield _row("種類", "Kind", " / ".join(_html(word) for word in kind if word))
    for name, labels in FIELDS.items():
        if value := case.request.get(name):
            yield _row(*labels, _html(dates.typed(value) if name == "document_date" else value))
    if (decision := case.decision) is not None:
        words = (*DECIDED[decision.outcome], *WAYS[decision.way])
        told = "{0}（{2}） <small>{1}, {3}</small>".format(*(_html(word) for word in words))
        yield _row("決定", "Decision", told)
        if decision.grounds:
            grounds = "<br>".join(_html(one) for one in decision.grounds)
            yield _row("開示しない部分の根拠", "Not disclosed by", grounds)


def _footage(camera: CameraFacts, clip: SealedClip, dates: PaperDates) -> str:
    files = "".join(
        f"<br>{_html(one.file.name)} ({one.file.size:,} B)<br>{_sum(one.file.sha256)}"
        for one in files_for(clip, Purpose.HANDOVER)
    )
    span = dates.span(clip.requested_start, clip.requested_end, "–")
    return _row(_html(camera.name), _html(camera.serial), span + files)


def _footage_cut(packed: PackedCut, dates: PaperDates) -> str:
    cut = packed.cut.cut
    files = "".join(
        f"<br>{_html(one.file.name)} ({one.file.size:,} B)<br>{_sum(one.file.sha256)}"
        for one in cut_files(packed.cut, packed.clip.codec, Purpose.HANDOVER)
    )
    kind = (
        "本人以外を隠した映像（再エンコード） <small>all but what was approved is hidden; re-encoded</small>"
        if packed.masked_by is not None
        else "閲覧用（再エンコード） <small>for viewing, re-encoded</small>"
        if cut.encoded_anew
        else f"再生されない画像 {cut.hidden} 枚 <small>pictures in the file that are not shown</small>"
    )
    span = dates.span(cut.start, cut.end, "–")
    granted = dates.span(cut.first_picture, cut.last_picture, "–")
    source = (
        f"{_html(packed.clip_id)} から切り出し <small>cut from</small> {_sum(cut.source_sha256)}"
    )
    return _row(
        _html(packed.camera.name),
        _html(packed.camera.serial),
        f"{span}<br>収めた時間 <small>shows</small> {granted}<br>{source}<br>{kind}{files}",
    )


def _footage_by_hand(footage: TakenByHand, dates: PaperDates) -> str:
    medium = f"<br>{_html(footage.medium)} ({_html(footage.serial)})"
    digest = f"<br>{_sum(footage.sha256)}" if footage.sha256 else ""
    return _row(
        _html(footage.camera.name),
        _html(footage.camera.serial),
        dates.span(footage.start, footage.end, "–") + medium + digest,
    )


def _sum(sha256: str) -> str:
    return f'<span class="sum">SHA-256 {_html(sha256)}</span>'


_BLANKS = (
    ("受領年月日", "Date"),
    ("所属", "Organisation"),
    ("職・氏名", "Name"),
    ("署名・押印", "Signature"),
    ("媒体の種類・製造番号", "Medium, serial number"),
    ("引渡者 職・氏名", "Handed over by"),
    ("立会者 職・氏名", "In the presence of"),
)
_STYLE = """
@page { size: A4; margin: 16mm; }
body { font: 10.5pt/1.5 "Yu Gothic", "Hiragino Sans", "Noto Sans CJK JP", sans-serif; color: #000; background: #fff; }
h1 { font-size: 18pt; text-align: center; letter-spacing: .5em; margin: 0 0 6mm; }
h2 { font-size: 11pt; margin: 5mm 0 1mm; }
table { border-collapse: collapse; width: 100%; }
th, td { border: .3mm solid #000; padding: 1mm 2mm; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { width: 34mm; font-weight: normal; background: #eee; }
tr { break-inside: avoid; }
small, .sum { font-size: 8pt; }
.sum { font-family: Consolas, Menlo, monospace; }
.blank td { height: 9mm; }
"""
_BY_HAND = """\
<h2>設置場所で複製した映像 <small>Copied at the camera, on a medium of its own</small></h2>
<table>{footage}</table>
"""
_RECEIPT = """\
<!DOCTYPE html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>受領書 {case}</title>
<style>{style}</style>
</head>
<body>
<h1>受領書</h1>
<p>{section} 宛て<br>下記の防犯カメラ映像を受領しました。<br><small>I have received the security camera footage below.</small></p>
<table>{facts}</table>
<h2>映像 <small>Footage</small></h2>
<table>{footage}</table>
{by_hand}<h2>署名用証明書の指紋（SHA-256） <small>Fingerprint of the section's certificate: compare it with that of section-certificate.pem</small></h2>
<p class="sum">{fingerprint}</p>
<h2>受領者・引渡者 <small>To be filled in by hand</small></h2>
<table class="blank">{blanks}</table>
</body>
</html>
"""
