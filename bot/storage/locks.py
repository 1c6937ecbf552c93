"""How what is locked is locked: AES-GCM, each time with a number of its own in front, and bound to where it belongs."""

import hmac
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12  # bytes, as AES-GCM has them
KEY = 32  # bytes


def new_key() -> bytes:
    """256 bits that nobody can guess."""
    return secrets.token_bytes(KEY)


def lock(key: bytes) -> "AESGCM":
    """What locks and opens with this key of 16, 24 or 32 bytes."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


def lock_of(master: str) -> "AESGCM":
    """The lock of keys, from a master key of any length: HKDF with SHA-256 (RFC 5869), one block of it."""
    drawn = hmac.digest(b"imagine-bot", master.encode(), "sha256")
    return lock(hmac.digest(drawn, b"keys of people\x01", "sha256"))


def locked(lock: "AESGCM", data: bytes, bound: bytes) -> bytes:
    """Only the same lock opens it, and only where it is said to belong to `bound`."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + lock.encrypt(nonce, data, bound)


def opened(lock: "AESGCM", data: bytes, bound: bytes) -> bytes | None:
    """What was locked; None where the lock, the place or one bit of it is another."""
    from cryptography.exceptions import InvalidTag

    try:
        return lock.decrypt(data[:NONCE], data[NONCE:], bound)
    except (InvalidTag, ValueError):
        return None
