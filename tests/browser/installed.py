"""A browser for the tests: one that is there, else Playwright's own, else Debian's. `make browser` gets it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
DOWNLOAD = (sys.executable, "-m", "playwright", "install", "--no-shell", "chromium")
# A download without the libraries that it needs would not start.
NEEDED = (sys.executable, "-m", "playwright", "install-deps", "chromium")
DEBIAN = ("apt-get", "install", "--yes", "--no-install-recommends", "chromium", "fonts-dejavu-core")
PATIENCE = 600.0
ADVICE = "\n".join(
    [
        "No browser can be found or fetched for the tests in tests/browser. Get one in one of these ways:",
        "    make browser",
        f"    {' '.join(DOWNLOAD)}",
        f"    sudo apt-get update && sudo {' '.join(DEBIAN)}",
    ]
)


def found() -> Path | None:
    """The browser to use, if there is one: from the PATH, else what Playwright has downloaded."""
    return next((path for path in _candidates() if _runs(path)), None)


def get() -> Path | None:
    """The browser to use, fetched when there is none; None when it cannot be had."""
    return found() or _by_download() or _by_debian()


def _candidates() -> Iterator[Path]:
    yield from (Path(path) for name in NAMES if (path := shutil.which(name)))
    # Imported late: with a browser on the PATH, nothing of Playwright has to start.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    if own.exists():
        yield own


def _runs(path: Path) -> bool:
    """Whether it starts at all: some systems put a note in place of the browser."""
    return subprocess.run([path, "--version"], capture_output=True, check=False, timeout=60).returncode == 0


def _by_download() -> Path | None:
    print("Getting a browser for the tests (once) ...", flush=True)
    if _done(*DOWNLOAD) and (browser := found()):
        return browser
    return found() if _root() and _done(*NEEDED) else None


def _by_debian() -> Path | None:
    there = _root() and shutil.which("apt-get") is not None
    return found() if there and _done("apt-get", "update") and _done(*DEBIAN) else None


def _root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _done(*command: str) -> bool:
    try:
        return subprocess.run(command, check=False, timeout=PATIENCE, stdin=subprocess.DEVNULL).returncode == 0
    except (OSError, subprocess.TimeoutExpired) as error:
        print(error, file=sys.stderr)
        return False


def main() -> None:
    """Get one. Without one this is no error yet: most tests need none, and those that do say the same."""
    if get() is None:
        print(ADVICE, file=sys.stderr)


if __name__ == "__main__":
    main()
