"""Look at object storage, where it is set up: on a thread of its own, lest a slow link hold up other jobs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from agent.actions.object_looks import Look, remember
from agent.errors import RekamError
from agent.guard import guarded

if TYPE_CHECKING:
    from agent.folder import Box
    from agent.uplink.courier import Courier
    from agent.uplink.stick import Carried


class ObjectJob:
    """Carries by object storage whenever it is called, one look at a time; `box` opens the carrier anew each time."""

    def __init__(
        self,
        courier: Courier,
        office: str,
        box: Callable[[], AbstractContextManager[Box]],
        is_open: Callable[[], bool] = lambda: True,
    ) -> None:
        self.courier = courier
        self.office = office
        self.box = box
        self.is_open = is_open
        self._busy = threading.Lock()

    def run(self) -> None:
        """Begin a look, unless the last one is still under way or this is no hour for sending."""
        if not self.is_open():
            return
        threading.Thread(target=self.look_once, name="objects", daemon=True).start()

    def look_once(self) -> None:
        """Look, and keep what came of it; a second look at the same time is none."""
        if not self._busy.acquire(blocking=False):
            return
        try:
            guarded("objects", self.look)
        finally:
            self._busy.release()
            self.courier.store.database.close()  # this thread's reading connection

    def look(self) -> None:
        """Carry both ways; an error that somebody can act on is kept, not raised."""
        from agent.uplink import objects

        now = self.courier.store.clock.wall_ms()
        try:
            with self.box() as box:
                came: Carried = objects.carry(self.courier, self.office, box, lambda *_: None)
            remember(self.courier.store, Look(now, came.files, came.lines))
        except RekamError as fault:
            remember(self.courier.store, Look(now, code=fault.code, sentence=fault.sentence))
