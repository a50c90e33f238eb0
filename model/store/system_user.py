"""The user's name as the operating system knows it, not as an environment variable claims."""

import ctypes
import sys


def name() -> str:
    """Return the name of the account that runs the program; `unknown` where there is none."""
    if sys.platform == "win32":
        text = ctypes.create_unicode_buffer(257)  # UNLEN + 1, lmcons.h
        size = ctypes.c_ulong(len(text))
        found = ctypes.windll.advapi32.GetUserNameW(text, ctypes.byref(size))
        return text.value if found else "unknown"
    import os
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"user {os.getuid()}"
