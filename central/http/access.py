"""Who may look at the pages: whoever has the admin token, in a header or in a cookie made from it."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

COOKIE: Final = "rekam_central"
HOURS: Final = 12
_HOUR_MS: Final = 3_600_000


def is_token(offered: str, admin_token: str) -> bool:
    """Whether it is the admin token; takes the same time for every wrong one."""
    return hmac.compare_digest(offered.strip().encode("utf-8"), admin_token.encode("utf-8"))


def cookie(admin_token: str, now_ms: int) -> str:
    """A signed cookie that says when somebody signed in; another admin token ends it."""
    return f"{now_ms}.{_mark(admin_token, str(now_ms))}"


def is_cookie(offered: str, admin_token: str, now_ms: int) -> bool:
    """Whether the cookie is ours and not older than twelve hours."""
    when, _, mark = offered.partition(".")
    if not hmac.compare_digest(mark.encode("utf-8"), _mark(admin_token, when).encode("utf-8")):
        return False
    return 0 <= now_ms - int(when) < HOURS * _HOUR_MS


def _mark(admin_token: str, when: str) -> str:
    text = f"rekam central sign-in {when}"
    return hmac.new(admin_token.encode("utf-8"), text.encode("utf-8"), hashlib.sha256).hexdigest()
