"""The key of an encrypted casebook, derived once and then given to every connection.

SQLCipher 4: PBKDF2-HMAC-SHA512 with 256,000 rounds over the passphrase and the 16 bytes of salt
at the start of the file; each page of 4,096 bytes ends in 16 bytes of initialisation vector and
64 bytes of HMAC-SHA512 (SQLCipher's design notes). The HMAC key is derived from the file key
with the salt xor 0x3a and 2 rounds.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from model.store import passphrases

ROUNDS = 256_000
SALT_SIZE = 16
PAGE_SIZE = 4096
PLAIN_HEADER = b"SQLite format 3\x00"
STARTS_OF_OTHERS = (
    *(PLAIN_HEADER, b"PK\x03\x04", b"%PDF", b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"{\\rtf"),
    *(b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"\x7fELF", b"MZ", b"7z\xbc\xaf", b"RIFF"),
)
"""First bytes of other file types. Our salts avoid them, so that no casebook is taken for one."""
_KEY_SIZE = 32
_HMAC_SIZE = 64
_HMAC_SALT_MASK = 0x3A
_HMAC_ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Key:
    """A file key with the salt it was derived from; never shown or logged."""

    secret: bytes
    salt: bytes

    def __repr__(self) -> str:
        return "Key(…)"

    @property
    def pragma(self) -> str:
        """The statement that gives this key to a connection without deriving it again."""
        return f"pragma key = \"x'{self.secret.hex()}{self.salt.hex()}'\""

    @property
    def hmac_key(self) -> bytes:
        """The key that signs pages."""
        salt = bytes(byte ^ _HMAC_SALT_MASK for byte in self.salt)
        return hashlib.pbkdf2_hmac("sha512", self.secret, salt, _HMAC_ROUNDS, _KEY_SIZE)


def derive(passphrase: str, salt: bytes) -> Key:
    """Return the key for a passphrase and a file's salt; takes about 0.3 s."""
    secret = hashlib.pbkdf2_hmac("sha512", passphrase.encode(), salt, ROUNDS, _KEY_SIZE)
    return Key(secret, salt)


def new_key(passphrase: str) -> Key:
    """Return a key for a new casebook."""
    passphrase = passphrases.composed(passphrase)
    salt = secrets.token_bytes(SALT_SIZE)
    while salt.startswith(STARTS_OF_OTHERS):
        salt = secrets.token_bytes(SALT_SIZE)
    return derive(passphrase, salt)


def key_for(path: Path, passphrase: str) -> Key:
    """Return the key for an existing casebook by its salt, whether or not it opens it."""
    with path.open("rb") as file:
        return derive(passphrase, file.read(SALT_SIZE))


def verified_key(path: Path, passphrase: str, salt: bytes | None = None) -> Key | None:
    """Return the key with which pages of a file verify, None for a wrong passphrase.

    The passphrase is tried in all its spellings, with the file's own salt or another.
    """
    for spelling in passphrases.spellings(passphrase):
        key = derive(spelling, salt) if salt else key_for(path, spelling)
        if count_verified_pages(path, key, 1):
            return key
    return None


def count_verified_pages(path: Path, key: Key, at_most: int | None = None) -> int:
    """Return how many of the file's pages were written with this key; stops after `at_most`.

    This distinguishes a wrong passphrase (none) from damage (some): SQLCipher reports both with the
    same error. Takes 4 s for each gigabyte where none verifies.
    """
    verified, hmac_key = 0, key.hmac_key
    with path.open("rb") as file:
        for number in count(1):
            page = file.read(PAGE_SIZE)
            if len(page) < PAGE_SIZE or verified == at_most:
                return verified
            verified += _verifies(page, number, hmac_key)
    return verified


def _verifies(page: bytes, number: int, hmac_key: bytes) -> bool:
    """Return whether a page of the file, numbered from 1, was signed with this key."""
    start = SALT_SIZE if number == 1 else 0
    signed = page[start:-_HMAC_SIZE] + number.to_bytes(4, "little")
    expected = hmac.new(hmac_key, signed, hashlib.sha512).digest()
    return hmac.compare_digest(expected, page[-_HMAC_SIZE:])
