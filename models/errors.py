"""What a person caused or can mend: the only errors that are answered with their own words.

Where Mien meets people (HTTP, the live socket, named endpoints, the command line, a training run's reason) these are
shown as they stand, so each message says what happened and what to do. Everything else is a bug of Mien's: it is logged
with its traceback, and the person hears only that it failed.
"""

from __future__ import annotations

import errno
import os
from typing import ClassVar


class MienError(Exception):
    """Something that a person caused or can mend. `status` is the HTTP status it is answered with."""

    status: ClassVar[int] = 422


class NotFound(MienError):
    """What was asked for is not there, or not any more."""

    status = 404


class Conflict(MienError):
    """It cannot be done now, because of something else that is under way or in use."""

    status = 409


class TooLarge(MienError):
    """More bytes came in than are taken."""

    status = 413


class DiskError(MienError):
    """A disk or a folder does not take or give a file: it is full, read-only, or somebody else's."""

    status = 507


MENDABLE = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR),
    *(errno.EEXIST, errno.EISDIR, errno.EIO, errno.ENAMETOOLONG, errno.EFBIG, errno.ELOOP, errno.EBUSY),
}
"""Faults of the operating system that lie in a disk, a folder or its rights, and so with the person."""


def disk_error(error: OSError, doing: str) -> DiskError | OSError:
    """`error` as a sentence, "DOING: what the system says.", if a person can mend it; else `error` itself, a bug.

    raise disk_error(error, f"{path} cannot be written") from error
    """
    if error.errno not in MENDABLE:
        return error
    return DiskError(f"{doing}: {error.strerror or os.strerror(error.errno)}.")
