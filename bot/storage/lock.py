"""One process to one data directory."""

import fcntl
import os
import socket
from contextlib import suppress
from pathlib import Path

from bot.errors import StorageBusy, StorageError


class DirectoryLock:
    """A lock on a data directory. The system frees it with the process, however that ends."""

    def __init__(self, directory: Path) -> None:
        """Take the lock.

        Raises StorageBusy, naming the process that has it; StorageError where there can be no such directory.
        """
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StorageError(f"DATA_DIR {directory} cannot be used: {error.strerror}.") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = _holder(self._file)
            self.free()
            raise StorageBusy(f"The bot is already running on {directory}: {holder}.") from error
        # A full disk may leave the note empty: the lock itself does not need it.
        with suppress(OSError):
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, f"pid {os.getpid()} on {socket.gethostname()}".encode(), 0)

    def free(self) -> None:
        """Give the directory to the next one. The file stays: removing it would let two in at once."""
        os.close(self._file)


def _holder(file: int) -> str:
    return os.pread(file, 200, 0).decode(errors="replace") or "its process is not known"
