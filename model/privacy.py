"""What keeps the files and the memory of the program to the user."""

import os
import sys

_PRIVATE = 0o077


def keep_private() -> None:
    """Let new files be readable by the user alone, and let no crash write the memory to the disk.

    For the start of the program. On Windows files take the permissions of their folder.
    """
    os.umask(_PRIVATE)
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
