"""Says in the reader's language why a file could not be read or written."""

from __future__ import annotations

import errno

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

REASONS = {
    errno.ENOENT: N_("there is no such file or folder"),
    errno.EACCES: N_("this account may not read or write it"),
    errno.EPERM: N_("this account may not read or write it"),
    errno.EISDIR: N_("this is a folder"),
    errno.ENOTDIR: N_("a part of this path is no folder"),
    errno.EEXIST: N_("this exists already"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EROFS: N_("the disk is read-only"),
    errno.ENAMETOOLONG: N_("this name is too long"),
}


def reason_of(error: OSError) -> str:
    """Returns why an operation failed, or the number of the error where it is a rare one."""
    if sentence := REASONS.get(error.errno or 0):
        return gettext(sentence)
    return gettext("it cannot be read or written (error %(number)s)") % {"number": error.errno or "?"}
