"""Faults at single system calls: whatever a process does to the files of one folder is counted, named, and may fail or kill.

The kernel asks us before each call that changes something there (seccomp_unotify(2)), whoever makes it: Python, SQLite,
FFmpeg. So steps are enumerated from what the code really does, and a new way to write a file is a new step by itself.
Written by hand: no library does this, and a seam in Python would miss what C libraries write. Linux 5.6 or newer.
"""

from collections.abc import Iterator
import ctypes
import errno
import fcntl
import os
from pathlib import Path
import platform
import re
import socket
from struct import Struct
from typing import Final, NamedTuple

# Numbers of system calls by machine (asm/unistd.h); calls that a machine lacks are left out.
_NUMBERS: Final[dict[str, dict[str, int]]] = {
    "x86_64": {
        "write": 1,
        "open": 2,
        "pwrite64": 18,
        "writev": 20,
        "sendfile": 40,
        "fsync": 74,
        "fdatasync": 75,
        "truncate": 76,
        "ftruncate": 77,
        "rename": 82,
        "mkdir": 83,
        "rmdir": 84,
        "link": 86,
        "unlink": 87,
        "openat": 257,
        "mkdirat": 258,
        "unlinkat": 263,
        "renameat": 264,
        "linkat": 265,
        "fallocate": 285,
        "pwritev": 296,
        "renameat2": 316,
        "copy_file_range": 326,
    },
    "aarch64": {
        "mkdirat": 34,
        "unlinkat": 35,
        "linkat": 37,
        "renameat": 38,
        "truncate": 45,
        "ftruncate": 46,
        "fallocate": 47,
        "openat": 56,
        "write": 64,
        "writev": 66,
        "pwrite64": 68,
        "pwritev": 70,
        "sendfile": 71,
        "fsync": 82,
        "fdatasync": 83,
        "renameat2": 276,
        "copy_file_range": 285,
    },
}
_SECCOMP: Final = {"x86_64": 317, "aarch64": 277}
_PIDFD_GETFD: Final = 438
_AUDIT_ARCH: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# Which argument is a path, after the one that is its folder (None: the working directory's).
_PATHS: Final[dict[str, tuple[int | None, int]]] = {
    "open": (None, 0),
    "truncate": (None, 0),
    "rename": (None, 0),
    "mkdir": (None, 0),
    "rmdir": (None, 0),
    "link": (None, 1),
    "unlink": (None, 0),
    "openat": (0, 1),
    "mkdirat": (0, 1),
    "unlinkat": (0, 1),
    "renameat": (0, 1),
    "renameat2": (0, 1),
    "linkat": (2, 3),
}
# Which argument is the descriptor that is written to; of all others it is the first.
_DESCRIPTORS: Final = {"copy_file_range": 2}
_OPENS: Final = {"open": 1, "openat": 2}
# Calls with data, of which a part may get to the disk: descriptor, address, length (and place).
TORN: Final = frozenset({"write", "pwrite64"})
# What needs room on a disk.
GROWING: Final = frozenset(
    {"write", "writev", "pwrite64", "pwritev", "sendfile", "copy_file_range", "fallocate"}
    | {"open", "openat", "mkdir", "mkdirat", "link", "linkat"}
)
_SHORT: Final = {
    "pwrite64": "pwrite",
    "openat": "create",
    "open": "create",
    "unlinkat": "unlink",
    "rmdir": "unlink",
    "renameat": "rename",
    "renameat2": "rename",
    "mkdirat": "mkdir",
    "linkat": "link",
    "fdatasync": "fsync",
}

_PR_SET_NO_NEW_PRIVS, _SET_MODE_FILTER, _NEW_LISTENER = 38, 1, 8
_RET_ALLOW, _RET_USER_NOTIF = 0x7FFF0000, 0x7FC00000
_RECV, _SEND, _CONTINUE = 0xC0502100, 0xC0182101, 1
_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
# struct seccomp_notif: id, pid, flags, nr, arch, instruction pointer, arguments.
_NOTIF: Final = Struct("=QIIiIQ6Q")
_REPLY: Final = Struct("=QqiI")
_AT_FDCWD: Final = 0xFFFFFF9C
_MAX_PATH: Final = 4096

_VARIABLE: Final = (
    (re.compile(r"\d{4}-\d{4,}-\d{2,}"), "CLIP"),
    (re.compile(r"\d{4}-\d{4,}"), "CASE"),
    (re.compile(r"\.[0-9a-f]{8,}\b"), ".#"),
    (re.compile(r"\btmp[a-z0-9_]{8}\b"), "tmp#"),
)


class _Filter(ctypes.Structure):
    """struct sock_filter."""

    _fields_ = [
        ("code", ctypes.c_uint16),
        ("jt", ctypes.c_uint8),
        ("jf", ctypes.c_uint8),
        ("k", ctypes.c_uint32),
    ]


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


class Call(NamedTuple):
    """A system call that waits for our answer."""

    id: int
    pid: int
    name: str
    args: tuple[int, ...]


class Operation(NamedTuple):
    """What a call does: its short name, and the file without what differs from case to case."""

    call: str
    file: str

    @property
    def kind(self) -> str:
        """Name it, alike in every case."""
        return f"{_SHORT.get(self.call, self.call)} {self.file}"


def install(channel: socket.socket) -> None:
    """Have every changing call of this process, and of the threads that it will start, asked of the other end of `channel`.

    To be called while there is one thread. Raises OSError where the kernel does not do this.
    """
    machine = platform.machine()
    if machine not in _NUMBERS:
        raise OSError(errno.ENOSYS, f"The system calls of {machine} are not known here")
    libc = ctypes.CDLL(None, use_errno=True)
    instructions = _program(machine)
    program = _Program(len(instructions), ctypes.addressof(instructions))
    _checked(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    listener = _checked(
        libc.syscall(_SECCOMP[machine], _SET_MODE_FILTER, _NEW_LISTENER, ctypes.byref(program))
    )
    socket.send_fds(channel, [b"."], [listener])
    os.close(listener)


def _program(machine: str) -> ctypes.Array[_Filter]:
    """Return the filter: our calls are asked about, `open` only where it may make a file."""
    calls = _NUMBERS[machine]
    lines = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 1, 0, _AUDIT_ARCH[machine]),
        (_RETURN, 0, 0, _RET_ALLOW),
        (_LOAD, 0, 0, 0),
    ]
    for name, number in calls.items():
        if (flags := _OPENS.get(name)) is None:
            lines += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _RET_USER_NOTIF)]
            continue
        lines += [
            (_EQUAL, 0, 4, number),
            (_LOAD, 0, 0, 16 + 8 * flags),
            (_ANY_BIT, 0, 1, os.O_CREAT),
            (_RETURN, 0, 0, _RET_USER_NOTIF),
            (_RETURN, 0, 0, _RET_ALLOW),
        ]
    lines.append((_RETURN, 0, 0, _RET_ALLOW))
    return (_Filter * len(lines))(*(_Filter(*line) for line in lines))


def _checked(result: int) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


class Gate:
    """The other end: reads what a process is about to do in a folder, and answers."""

    def __init__(self, channel: socket.socket, pid: int, folder: Path) -> None:
        """Take over the process's calls; `folder` is an absolute path without links."""
        _, (self.listener,), _, _ = socket.recv_fds(channel, 1, 1)
        self._folder = f"{folder}/"
        self._pid = pid
        self._memory = os.open(f"/proc/{pid}/mem", os.O_RDONLY | os.O_CLOEXEC)
        self._names = {number: name for name, number in _NUMBERS[platform.machine()].items()}

    def close(self) -> None:
        """Let go; calls that still wait fail in the process."""
        os.close(self.listener)
        os.close(self._memory)

    def calls(self) -> Iterator[Call]:
        """Yield the call that waits; none when the process is gone."""
        notification = bytearray(_NOTIF.size)
        try:
            fcntl.ioctl(self.listener, _RECV, notification)
        except OSError as err:
            # Killed, or interrupted: then it comes again.
            if err.errno not in {errno.ENOENT, errno.EINTR}:
                raise
            return
        number, pid, _flags, which, _arch, _pointer, *args = _NOTIF.unpack(notification)
        yield Call(number, pid, self._names[which], tuple(args))

    def operation(self, call: Call) -> Operation | None:
        """Return what a call does in the folder; None for a call elsewhere, as on a socket."""
        try:
            path = self._path(call)
        except OSError:
            return None
        if not path.startswith(self._folder):
            return None
        name = path.removeprefix(self._folder).removesuffix(" (deleted)")
        for pattern, instead in _VARIABLE:
            name = pattern.sub(instead, name)
        return Operation(call=call.name, file=name)

    def exists(self, call: Call) -> bool:
        """Return whether the file that a call is about is there already."""
        return Path(self._path(call)).exists()

    def go_on(self, call: Call) -> None:
        """Let a call happen."""
        self._answer(call, 0, 0, _CONTINUE)

    def fail(self, call: Call, code: int) -> None:
        """Let a call fail with this error number."""
        self._answer(call, 0, -code, 0)

    def tear(self, call: Call, share: float) -> None:
        """Let a call of TORN write only its first part, and say so to the process."""
        self._answer(call, self.write_part(call, share), 0, 0)

    def write_part(self, call: Call, share: float) -> int:
        """Write the first part of what a call of TORN wants to write, without an answer; return how much it was."""
        descriptor, address, length, place = call.args[:4]
        data = os.pread(self._memory, max(1, int(length * share)), address)
        ours = self._descriptor(descriptor)
        try:
            if call.name == "write":
                return os.write(ours, data)
            return os.pwrite(ours, data, place)
        finally:
            os.close(ours)

    def _answer(self, call: Call, value: int, code: int, flags: int) -> None:
        try:
            fcntl.ioctl(self.listener, _SEND, _REPLY.pack(call.id, value, code, flags))
        except OSError as err:
            # It was interrupted meanwhile, or is gone.
            if err.errno != errno.ENOENT:
                raise

    def _descriptor(self, number: int) -> int:
        """Return a descriptor of ours for an open file of the process."""
        libc = ctypes.CDLL(None, use_errno=True)
        process = os.pidfd_open(self._pid)
        try:
            return _checked(libc.syscall(_PIDFD_GETFD, process, number, 0))
        finally:
            os.close(process)

    def _path(self, call: Call) -> str:
        """Return the absolute path that a call is about; raises OSError."""
        if (where := _PATHS.get(call.name)) is None:
            return self._path_of(call.args[_DESCRIPTORS.get(call.name, 0)])
        folder, argument = where
        path = self._text(call.args[argument])
        if path.startswith("/"):
            return path
        start = _AT_FDCWD if folder is None else call.args[folder] & 0xFFFFFFFF
        if start == _AT_FDCWD:
            return f"{Path(f'/proc/{self._pid}/cwd').readlink()}/{path}"
        return f"{self._path_of(start)}/{path}"

    def _path_of(self, descriptor: int) -> str:
        return str(Path(f"/proc/{self._pid}/fd/{descriptor & 0xFFFFFFFF}").readlink())

    def _text(self, address: int) -> str:
        """Read a path of the process; a page at a time, for the next one may not be there."""
        found = b""
        while len(found) < _MAX_PATH:
            at = address + len(found)
            found += os.pread(self._memory, _MAX_PATH - at % _MAX_PATH, at)
            if (end := found.find(b"\0")) >= 0:
                return os.fsdecode(found[:end])
        raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG))
