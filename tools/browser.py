"""Find a Chromium for the browser tests, or install Debian's as root, or say what to install."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PACKAGES = ("chromium", "fonts-noto-cjk")
ADVICE = f"""No Chromium was found, and the browser tests need one.
  Debian, Ubuntu: sudo apt-get install --no-install-recommends {" ".join(PACKAGES)}
  Fedora:         sudo dnf install chromium google-noto-sans-cjk-fonts
  macOS:          brew install --cask chromium
or set RENHAO_TEST_BROWSER to the program of a Chromium you have."""


def found() -> str | None:
    """Name the browser's program, if there is one."""
    given = os.environ.get("RENHAO_TEST_BROWSER")
    return given or next(filter(None, map(shutil.which, NAMES)), None)


def main() -> int:
    """Make sure that there is a browser; a machine without one fails only where CI says so."""
    if found() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _install()
    browser = found()
    print(ADVICE if browser is None else f"Browser tests use {browser}")
    return int(browser is None and os.environ.get("CI") == "true")


def _install() -> None:
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (
        ("update", "--quiet"),
        ("install", "--quiet", "--no-install-recommends", "-y", *PACKAGES),
    ):
        subprocess.run(("apt-get", *arguments), env=quiet, check=False)


if __name__ == "__main__":
    sys.exit(main())
