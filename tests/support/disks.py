"""Disks that are small or cannot be written: a file system in a mount namespace of the server's own."""

import functools
import os
import subprocess


@functools.lru_cache
def _unshare():
    """The words that give a command mounts of its own, or None where that is not allowed."""
    for words in (["unshare", "--mount"], ["unshare", "--mount", "--map-root-user"]):
        try:
            if subprocess.run([*words, "sh", "-c", "mount -t tmpfs tmpfs /mnt"], capture_output=True,
                              check=False).returncode == 0:
                return words
        except FileNotFoundError:
            return None
    return None


def available():
    return _unshare() is not None


def on_disk(mount_point, database, size="4m", read_only=False):
    """Words in front of a command: it sees a copy of `database` on a small disk at `mount_point`."""
    os.makedirs(mount_point, exist_ok=True)
    script = f'mount -t tmpfs -o size={size} tmpfs "$1" && cp "$2" "$1/"'
    if read_only:
        script += ' && mount -o remount,ro "$1"'
    return [*_unshare(), "sh", "-c", script + '; shift 2; exec "$@"', "sh", str(mount_point), str(database)]


def seen_by(pid, path):
    """The path as it is for the process."""
    return f"/proc/{pid}/root{path}"
