"""How the server is set up: what may be tuned, and what may not."""

import os
from pathlib import Path

from renhao.storage.embedded.layout import PORT, Layout

MEGABYTE = 1024 * 1024
CGROUP_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
SHARED_BUFFERS_MEGABYTES = (64, 1024)
HEADER = """\
# Written once by renhao, then left alone: tune memory and logging here.
# Safety (fsync, socket, no TCP, log folder) is given when the server starts and wins over this.
"""
HBA = """\
# Written once by renhao. Every login needs a password; there is no network line at all.
local all all scram-sha-256
local replication all scram-sha-256
"""


def fixed_arguments(layout: Layout, *, socket_folder: Path) -> list[str]:
    """Give the part that no file may change, as arguments of `postgres`."""
    fixed = {
        "listen_addresses": "",
        "unix_socket_directories": str(socket_folder),
        "unix_socket_permissions": "0700",
        "port": str(PORT),
        # A restored backup is ready when it can be written, not before.
        "hot_standby": "off",
        "fsync": "on",
        "full_page_writes": "on",
        "password_encryption": "scram-sha-256",
        "logging_collector": "on",
        "log_directory": str(layout.logs),
        "log_file_mode": "0600",
        # DETAIL lines and statements can hold personal values; the log must not.
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "log_parameter_max_length_on_error": "0",
    }
    arguments = ["-D", str(layout.cluster)]
    for name, value in fixed.items():
        arguments += ["-c", f"{name}={value}"]
    return arguments


def tunable_file(*, memory_bytes: int) -> str:
    """Write the settings file for a machine with so much memory."""
    lines = (f"{name} = '{value}'" for name, value in _tunable(memory_bytes).items())
    return HEADER + "\n".join(lines) + "\n"


def machine_memory_bytes() -> int:
    """Give the memory this process may use: the container's limit or the machine's."""
    limits = [limit for limit in map(_limit, CGROUP_LIMITS) if limit is not None]
    return min([*limits, _total_memory()])


def _tunable(memory_bytes: int) -> dict[str, str]:
    memory = memory_bytes // MEGABYTE
    least, most = SHARED_BUFFERS_MEGABYTES
    return {
        "cluster_name": "renhao",
        "max_connections": "100",
        "shared_buffers": f"{max(least, min(most, memory // 8))}MB",
        "effective_cache_size": f"{max(128, memory // 2)}MB",
        "work_mem": "8MB",
        "maintenance_work_mem": f"{max(32, min(256, memory // 16))}MB",
        "max_wal_size": "2GB",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_filename": "postgresql-%a.log",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_truncate_on_rotation": "on",
        "log_line_prefix": "%m [%p] %q%u@%d ",
        "log_startup_progress_interval": "1s",
        "lc_messages": "C",
    }


def _limit(path: str) -> int | None:
    try:
        return int(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _total_memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
