"""Log-in over HTTP and RTSP: examples of the RFCs, what cameras make of them, and how often a password is tried."""

from dataclasses import replace
import hashlib
import re
import time

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.niiza_cctv.lib.device.errors import (
    CameraAsksForBasic,
    CameraOperationUnsupported,
    CameraRefused,
)
from custom_components.niiza_cctv.lib.device.login import Login, challenges_in
from custom_components.niiza_cctv.lib.device.model import Credential, DigestMemory
from custom_components.niiza_cctv.lib.device.quirks import Quirks
from custom_components.niiza_cctv.lib.footage.rtsp import describe
from tests.lib.footage.scripted_camera import VIEWER, Request, answer, scripted_camera

online = pytest.mark.usefixtures("socket_enabled")


def viewer() -> Credential:
    """Return the viewing user of a camera of which nothing is known yet."""
    return replace(VIEWER, digests=DigestMemory())


def shown(login: Login, method: str = "DESCRIBE", uri: str = "rtsp://x/") -> str:
    """Return the header that the next request gets."""
    signature = login.sign(method, uri)
    assert signature is not None
    return signature.header


def fields(header: str) -> dict[str, str]:
    """Return the parameters of a digest, values as they are written."""
    return dict(re.findall(r'([\w-]+)=("(?:[^"\\]|\\.)*"|[^,]+)', header.partition(" ")[2]))


def proved(
    header: str,
    realm: str,
    *,
    password: str = VIEWER.password,
    body: bytes = b"",
    method: str = "POST",
) -> bool:
    """Return whether a digest is the right one, by RFC 7616 3.4 and written out here; the realm as the camera means it."""
    given = {name: value.strip('"') for name, value in fields(header).items()}
    names = {"SHA-256": "sha256", "SHA-512-256": "sha512_256"}
    kind = names.get(given.get("algorithm", "MD5").upper().removesuffix("-SESS"), "md5")

    def digest(*parts: str | bytes) -> str:
        octets = (
            p if isinstance(p, bytes) else p.encode("utf-8", "surrogateescape") for p in parts
        )
        return hashlib.new(kind, b":".join(octets), usedforsecurity=False).hexdigest()

    one = digest(VIEWER.username, realm, password)
    if given.get("algorithm", "").upper().endswith("-SESS"):
        one = digest(one, given["nonce"], given["cnonce"])
    asked: list[str | bytes] = [method, given["uri"]]
    if given.get("qop") == "auth-int":
        asked.append(digest(body))
    middle = [given[name] for name in ("nc", "cnonce", "qop")] if "qop" in given else []
    wanted: str = given["response"]
    return wanted == digest(one, given["nonce"], *middle, digest(*asked))


def test_digest_without_qop_gives_the_example_of_rfc_2069() -> None:
    """RFC 2069 2.4, with the value of its erratum 749."""
    login = Login(Credential(username="Mufasa", password="CircleOfLife"))
    assert login.sign("GET", "/dir/index.html") is None
    assert login.learn(
        [
            (
                'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093",'
                ' opaque="5ccc069c403ebaf9f0171e9517f40e41"'
            )
        ],
        None,
    )
    header = shown(login, "GET", "/dir/index.html")
    assert 'response="1949323746fe6a43ef61f9606e7febea"' in header
    assert 'opaque="5ccc069c403ebaf9f0171e9517f40e41"' in header


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_digest_with_qop_gives_the_example_of_rfc_7616(
    algorithm: str, response: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RFC 7616 3.9.1; only our own nonce is fixed to that of the example."""
    monkeypatch.setattr(
        "custom_components.niiza_cctv.lib.device.login.secrets.token_hex",
        lambda _: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
    )
    login = Login(Credential(username="Mufasa", password="Circle of Life"))
    assert login.learn(
        [
            (
                f'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={algorithm},'
                ' nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"'
            )
        ],
        None,
    )
    header = shown(login, "GET", "/dir/index.html")
    assert f'response="{response}"' in header
    assert "nc=00000001" in header
    assert "nc=00000002" in shown(login, "GET", "/dir/index.html")


def test_the_strongest_scheme_offered_is_taken() -> None:
    """One header may carry several challenges, in any order."""
    login = Login(VIEWER)
    login.learn(
        [
            (
                'Basic realm="a, Digest b=c", Digest realm="x", nonce="1", qop="auth",'
                ' Digest realm="x", nonce="2", algorithm=SHA-256'
            ),
            'Digest realm="x", nonce="3", algorithm=SHA-512-256',
            'Digest realm="x", nonce="4", algorithm=SHA-256, qop="auth-int"',
        ],
        None,
    )
    assert 'nonce="2"' in shown(login)


@pytest.mark.parametrize(
    "challenges",
    [
        [],
        ["Negotiate"],
        ['Bearer realm="x"'],
        ['Digest nonce="1", qop="auth-conf"'],
        ['Digest realm="x", nonce="1", algorithm=SHA3-512'],
        ['Digest realm="x"'],
        ["x" * 5000],
    ],
)
def test_a_scheme_nobody_knows_is_not_blamed_on_the_password(challenges: list[str]) -> None:
    """It asks for another remedy than a wrong password does."""
    with pytest.raises(CameraOperationUnsupported):
        Login(viewer()).learn(challenges, None)


@pytest.mark.parametrize("challenge", ["Basic", 'Basic realm="x"', 'x=y, Basic realm="x"', "BASIC"])
def test_basic_is_taken_where_nothing_better_is_offered(challenge: str) -> None:
    """Some cameras leave the realm out."""
    login = Login(Credential(username="viewer", password="päss:word"))
    assert login.learn([challenge], None)
    assert shown(login) == "Basic dmlld2VyOnDDpHNzOndvcmQ="


D = 'realm="server", nonce="4f3b"'


@pytest.mark.parametrize(
    "headers",
    [
        [f"Digest {D}", 'Basic realm="server"'],
        ['Basic realm="server"', f"Digest {D}"],
        [f'Basic realm="server", Digest {D}'],
        [f'Basic realm="server" Digest {D}'],
        [f"Basic Digest {D}"],
        [f"Negotiate, Digest {D}"],
        ["Negotiate", "NTLM", f"digest {D}"],
        [f"X-Maker-Token key=abc==, DIGEST {D}"],
        [f"Digest\t{D}"],
        [f"  Digest   {D}  ,"],
        ['Digest realm="server" nonce="4f3b"'],
        ['Digest realm="server"nonce="4f3b"'],
        ["Digest realm=server,nonce=4f3b"],
        ["Digest realm=server nonce=4f3b"],
        ['Digest realm = "server" ; nonce = "4f3b"'],
        ['Digest, realm="server", nonce="4f3b"'],
        [f"Digest {D}, stale=FALSE, qop="],
        [f'Digest {D}, qop="auth,auth-int"'],
        [f'Digest {D}, qop="AUTH-INT, AUTH"'],
        ["Digest realm=server, qop=auth,auth-int, nonce=4f3b"],
        ['Digest realm="server", qop="auth auth-int", nonce="4f3b"'],
        [f'Digest {D}, domain="/ rtsp://192.0.2.1/", charset=UTF-8, userhash=false'],
        [f"Digest {D}, algorithm=md5"],
        [f'Digest {D}, algorithm="MD5"'],
        [f"Digest {D}, algorithm=MD5-sess, qop=auth"],
        [f'Digest {D}, algorithm="SHA-256-SESS", qop="auth"'],
        [f"Digest {D}, algorithm=sha-256"],
        [f"Digest {D}, algorithm=SHA-512-256, qop=auth"],
        [f'Digest {D}, algorithm=SHA-512-256, qop="auth"', f"Digest {D}, algorithm=MD5"],
        [f"Digest {D}, algorithm=TOKEN", f"Digest {D}"],
        [f'Digest {D}, qop="auth-conf"', f"Digest {D}"],
        [f"Digest {D}, nonce=second"],
    ],
)
def test_a_right_password_is_proved_however_the_camera_asks(headers: list[str]) -> None:
    """Several challenges in any order, unknown schemes and algorithms, tabs, commas and quotes that are missing."""
    quirks = Quirks()
    login = Login(viewer(), quirks=quirks)
    assert login.learn(headers, None)
    signature = login.sign("POST", "/onvif/device_service", b"<body/>")
    assert signature is not None
    assert fields(signature.header)["nonce"] == '"4f3b"'
    assert proved(signature.header, "server", body=b"<body/>")
    assert ("algorithm" in signature.header) is ("algorithm" in headers[-1])


def test_the_body_is_signed_where_nothing_less_is_taken() -> None:
    """RFC 7616 3.4.3; over RTSP the body is empty."""
    login = Login(viewer())
    assert login.learn([f'Digest {D}, qop="auth-int"'], None)
    signature = login.sign("POST", "/x", b"<a/>")
    assert signature is not None
    assert fields(signature.header)["qop"] == "auth-int"
    assert proved(signature.header, "server", body=b"<a/>")
    assert not proved(signature.header, "server", body=b"<b/>")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"Camera \"Front\"", 'Camera "Front"'),
        ('Camera "Front"', 'Camera "Front"'),
        (r"DOMAIN\cam", r"DOMAIN\cam"),
        (r"a\\b", r"a\b"),
        ("新座市 駅前", "新座市 駅前"),
        # GBK, as it arrives.
        (
            b"\xc9\xe3\xcf\xf1".decode("utf-8", "surrogateescape"),
            b"\xc9\xe3\xcf\xf1".decode("utf-8", "surrogateescape"),
        ),
        ("a, Digest b=c", "a, Digest b=c"),
        ("", ""),
    ],
)
def test_a_realm_is_given_back_as_it_was_written_and_hashed_as_it_is_meant(
    written: str, meant: str
) -> None:
    """Quotes, escapes, and bytes that are no UTF-8."""
    login = Login(viewer())
    assert login.learn([f'Digest realm="{written}", nonce="n"'], None)
    header = shown(login)
    assert f'realm="{written}", nonce="n"' in header
    assert proved(header, meant, method="DESCRIBE")


def test_a_realm_of_several_words_without_quotes_is_one() -> None:
    """What else could they be."""
    login = Login(viewer())
    assert login.learn(["Digest realm=IP Camera, nonce=n"], None)
    assert proved(shown(login), "IP Camera", method="DESCRIBE")


def test_what_was_signed_by_the_challenge_that_was_just_given_is_tried_once() -> None:
    """Some cameras give a new nonce with every refusal: that is no reason to lock the account."""
    login = Login(viewer())
    assert login.learn(['Digest realm="x", nonce="1"'], None)
    first = login.sign("DESCRIBE", "x")
    assert not login.learn(['Digest realm="x", nonce="2"'], first)
    again = login.sign("DESCRIBE", "x")
    assert login.learn(['Digest realm="x", nonce="3", stale=TRUE'], again)


def test_a_nonce_that_ran_out_without_a_word_is_replaced() -> None:
    """Of a later request it may have; of the same digest once more nothing can come."""
    login = Login(viewer())
    assert login.learn(['Digest realm="x", nonce="1"'], None)
    login.passed(login.sign("DESCRIBE", "x"), successful=True)
    later = login.sign("SETUP", "x")
    assert not login.learn(['Digest realm="x", nonce="1"'], later)
    login.sign("SETUP", "x")
    assert login.learn(['Digest realm="x", nonce="2"'], login.sign("SETUP", "x"))
    # Where requests are counted, another count is another digest.
    assert login.learn(['Digest realm="x", nonce="2", qop="auth"'], None)
    login.sign("SETUP", "x")
    assert login.learn(['Digest realm="x", nonce="2", qop="auth"'], login.sign("PLAY", "x"))


def test_requests_under_way_at_once_do_not_make_each_other_wrong() -> None:
    """Two that were signed with an old nonce are both signed anew."""
    login = Login(viewer())
    assert login.learn(['Digest realm="x", nonce="1"'], None)
    login.sign("POST", "/a")
    first, second = login.sign("POST", "/a"), login.sign("POST", "/b")
    assert login.learn(['Digest realm="x", nonce="2"'], first)
    assert login.sign("POST", "/a") is not None
    assert login.learn(['Digest realm="x", nonce="3"'], second)


def test_the_next_nonce_is_taken_where_the_camera_names_it() -> None:
    """RFC 7616 3.5; one that it then does not take is no wrong password."""
    login = Login(viewer())
    assert login.learn(['Digest realm="x", nonce="1", qop="auth"'], None)
    login.passed(login.sign("GET", "/"), successful=True, info='nextnonce="2", qop=auth')
    header = login.sign("GET", "/")
    assert header is not None
    assert (fields(header.header)["nonce"], fields(header.header)["nc"]) == ('"2"', "00000001")
    assert login.learn(['Digest realm="x", nonce="3", qop="auth"'], header)


def test_a_digest_is_followed_by_nothing_weaker() -> None:
    """Whoever refuses it and then asks for the readable password does not get it."""
    login = Login(viewer())
    assert login.learn(['Digest realm="x", nonce="1"'], None)
    assert not login.learn(['Basic realm="x"'], login.sign("DESCRIBE", "x"))
    credential = viewer()
    credential.digests.note()
    with pytest.raises(CameraAsksForBasic):
        Login(credential).learn(['Basic realm="x"'], None)
    with pytest.raises(CameraOperationUnsupported):
        Login(viewer(), basic=False).learn(['Basic realm="x"'], None)


def test_quotes_in_a_user_name_stay_inside_their_quotes() -> None:
    """A name cannot add parameters."""
    login = Login(Credential(username='a"\\b', password="c"))
    login.learn(['Digest realm="x", nonce="1"'], None)
    assert 'username="a\\"\\\\b", realm=' in shown(login)


@settings(max_examples=300, deadline=None)
@given(
    header=st.one_of(
        st.text(max_size=200),
        st.lists(
            st.sampled_from(
                [
                    "Digest",
                    "Basic",
                    " ",
                    "\t",
                    ",",
                    '"',
                    "\\",
                    "realm",
                    "nonce=",
                    "=",
                    "qop=",
                    "auth",
                    "x",
                    ";",
                ]
            ),
            max_size=40,
        ).map("".join),
    )
)
def test_any_challenge_is_read_or_refused(header: str) -> None:
    """Nothing else ever leaves the reader, and what it signs is one line."""
    login = Login(viewer())
    try:
        login.learn([header], None)
    except CameraOperationUnsupported:
        return
    assert shown(login)


@pytest.mark.parametrize("text", ['a="', '"', "a=", "a ", "Digest a=\\", 'a=" b', "=,", "\\"])
def test_long_challenges_take_no_time(text: str) -> None:
    """Whatever they repeat."""
    before = time.process_time()
    for _ in range(5):
        list(challenges_in([text * (4096 // len(text))]))
    assert time.process_time() - before < 1.0


@online
@pytest.mark.parametrize(
    "schemes", [("basic",), ("md5",), ("sha256",), ("md5-noqop",), ("basic", "md5", "sha256")]
)
async def test_every_scheme_opens_the_camera(schemes: tuple[str, ...]) -> None:
    """The password goes over the line in clear only where nothing better is offered."""
    async with scripted_camera() as camera:
        camera.schemes = schemes
        assert [item.kind for item in await describe(camera.url, viewer())] == [
            "audio",
            "video",
            "application",
        ]
        given = [r.headers.get("authorization", "-").split()[0] for r in camera.requests]
    assert given == ["-", "Basic" if schemes == ("basic",) else "Digest"]


@online
@pytest.mark.parametrize("schemes", [("basic",), ("md5",), ("sha256",)])
async def test_a_wrong_password_is_tried_once(schemes: tuple[str, ...]) -> None:
    """More tries would lock the account; the message carries neither user nor password."""
    async with scripted_camera() as camera:
        camera.schemes = schemes
        camera.password = "changed"
        with pytest.raises(CameraRefused) as caught:
            await describe(camera.url, viewer())
        assert sum("authorization" in request.headers for request in camera.requests) == 1
    assert "viewer" not in str(caught.value)
    assert "127.0.0.1" not in str(caught.value)


@online
async def test_a_camera_that_calls_every_nonce_stale_is_given_up() -> None:
    """Endless new nonces end as a refusal, not as a loop."""
    async with scripted_camera() as camera:

        async def stale(request: Request, _writer: object) -> bytes:
            fresh = f'WWW-Authenticate: Digest realm="x", nonce="{request.sequence}", stale=TRUE'
            return answer(request, "401 Unauthorized", [fresh])

        camera.steps["DESCRIBE"] = stale
        with pytest.raises(CameraRefused):
            await describe(camera.url, viewer())
        assert len(camera.requests) == 3
