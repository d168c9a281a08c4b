"""Which files a cut has, and which of them is meant; `clip_files` has that of clips."""

from .clip_files import FileRole, Purpose, RoleFile
from .cut import SealedCut


def cut_files(cut: SealedCut, codec: str, purpose: Purpose) -> tuple[RoleFile, ...]:
    """Return the files of a cut that are meant; for viewing it is one. `codec` is that of its clip."""
    if cut.cut.encoded_anew:
        return (RoleFile(role=FileRole.VIEWING_COPY, file=cut.cut.file, codec="h264"),)
    files = [RoleFile(role=FileRole.CUT, file=cut.cut.file, codec=codec)]
    if cut.viewing_copy is not None:
        copy = RoleFile(role=FileRole.VIEWING_COPY, file=cut.viewing_copy, codec="h264")
        files.append(copy)
    return tuple(files[-1:] if purpose is Purpose.VIEWING else files)
