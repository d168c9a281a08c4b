"""RTSP log-in: examples of the RFCs, and how often a password is tried."""

from dataclasses import replace

import pytest

from custom_components.niiza_cctv.lib.device.errors import CameraOperationUnsupported, CameraRefused
from custom_components.niiza_cctv.lib.device.model import Credential, DigestMemory
from custom_components.niiza_cctv.lib.footage.login import Login
from custom_components.niiza_cctv.lib.footage.rtsp import describe
from tests.lib.footage.scripted_camera import VIEWER, Request, answer, scripted_camera

online = pytest.mark.usefixtures("socket_enabled")


def viewer() -> Credential:
    """Return the viewing user of a camera of which nothing is known yet."""
    return replace(VIEWER, digests=DigestMemory())


def test_digest_without_qop_gives_the_example_of_rfc_2069() -> None:
    """RFC 2069 2.4, with the value of its erratum 749."""
    login = Login(Credential(username="Mufasa", password="CircleOfLife"))
    assert login.header("GET", "/dir/index.html") is None
    assert login.learn(
        [
            (
                'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093",'
                ' opaque="5ccc069c403ebaf9f0171e9517f40e41"'
            )
        ]
    )
    header = login.header("GET", "/dir/index.html")
    assert header is not None
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
        "custom_components.niiza_cctv.lib.footage.login.secrets.token_hex",
        lambda _: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
    )
    login = Login(Credential(username="Mufasa", password="Circle of Life"))
    assert login.learn(
        [
            (
                f'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={algorithm},'
                ' nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"'
            )
        ]
    )
    header = login.header("GET", "/dir/index.html")
    assert header is not None
    assert f'response="{response}"' in header
    assert "nc=00000001" in header
    assert "nc=00000002" in (login.header("GET", "/dir/index.html") or "")


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
        ]
    )
    assert 'nonce="2"' in (login.header("DESCRIBE", "rtsp://x/") or "")


@pytest.mark.parametrize(
    "challenges", [[], ["Negotiate"], ['Bearer realm="x"'], ['Digest nonce="1", qop="auth-int"']]
)
def test_a_scheme_nobody_knows_is_not_blamed_on_the_password(challenges: list[str]) -> None:
    """It asks for another remedy than a wrong password does."""
    with pytest.raises(CameraOperationUnsupported):
        Login(VIEWER).learn(challenges)


@pytest.mark.parametrize("challenge", ["Basic", 'Basic realm="x"', 'x=y, Basic realm="x"'])
def test_basic_is_taken_where_nothing_better_is_offered(challenge: str) -> None:
    """Some cameras leave the realm out."""
    login = Login(Credential(username="viewer", password="päss:word"))
    assert login.learn([challenge])
    assert login.header("OPTIONS", "*") == "Basic dmlld2VyOnDDpHNzOndvcmQ="


def test_a_new_nonce_is_a_reason_to_ask_again_only_if_the_old_one_had_worked() -> None:
    """Some cameras give a new nonce with every refusal, some let one run out without saying so."""
    login = Login(VIEWER)
    assert login.learn(['Digest realm="x", nonce="1"'])
    assert not login.learn(['Digest realm="x", nonce="2"'])
    login.accepted = True
    assert login.learn(['Digest realm="x", nonce="3"'])
    login.accepted = True
    assert not login.learn(['Digest realm="x", nonce="3"'])


def test_quotes_in_a_user_name_stay_inside_their_quotes() -> None:
    """A name cannot add parameters."""
    login = Login(Credential(username='a"\\b', password="c"))
    login.learn(['Digest realm="x", nonce="1"'])
    assert 'username="a\\"\\\\b", realm=' in (login.header("OPTIONS", "*") or "")


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
