"""The child that prints one ticket: a job on stdin, exit status 0, or 1 with the reason on stderr."""

from __future__ import annotations

import sys

import msgspec

from agent.errors import Unreachable
from agent.printing.job import PrintJob


def main() -> int:
    """Print the job on stdin."""
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=PrintJob)
    try:
        from agent.printing import paper
    except ImportError as fault:
        return fail(f"{fault}; install the extra: pip install 'rekam[paper]'")
    try:
        paper.print_job(job, paper.opened(job))
    except Unreachable as fault:
        return fail(fault.sentence)
    return 0


def fail(reason: str) -> int:
    """Say why, on the line that the agent reads."""
    sys.stderr.write(f"{reason}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
