"""POST /v1/batches: the body is a batch file, the answer a receipt."""

from __future__ import annotations

import threading

from flask import Blueprint, Response, request

from agent.domain.slots import Slots
from agent.errors import BadData, Unsupported
from agent.wire.receipt import MEDIA_TYPE
from central.http.gate import Gate
from central.http.problems import TooLarge
from central.metrics import Metrics
from central.opening import Central
from central.receive import TOO_MANY, Answer, take_in


def blueprint(central: Central, gate: Gate, metrics: Metrics) -> Blueprint:
    """The route for batches."""
    routes = Blueprint("batches", __name__)
    most = central.settings.server.max_batch_bytes
    crowd = Crowd(central.settings.server.batches_per_second)

    @routes.post("/v1/batches")
    def post_batch() -> Response:
        file = body(most)
        with gate.passage():
            answer = taken(central, file)
        metrics.took(answer)
        return crowd.paced(receipt(answer.status, answer.receipt), central.clock.boot_ms() // 1000)

    return routes


class Crowd:
    """Tells each kiosk when to come with its next batch, while many come at once. 0 a second: never."""

    def __init__(self, batches_per_second: int) -> None:
        self.slots = Slots(batches_per_second) if batches_per_second else None
        self._lock = threading.Lock()

    def paced(self, answer: Response, now: int) -> Response:
        """The answer, with Retry-After where its kiosk should not send more at once."""
        if self.slots is not None:
            with self._lock:
                wait = self.slots.wait_s(now)
            if wait:
                answer.headers["Retry-After"] = str(wait)
        return answer


def body(most: int) -> bytes:
    """The body of the request; raises TooLarge before it is read."""
    file = b"" if (request.content_length or 0) > most else request.get_data(cache=False)
    if max(len(file), request.content_length or 0) > most:
        raise TooLarge(f"a body may have {most} bytes here; of lines send fewer at once", most)
    return file


def taken(central: Central, file: bytes) -> Answer:
    """The take-in, in the words of HTTP: whatever is wrong with the file itself is `malformed`."""
    try:
        return take_in(central, file)
    except Unsupported:
        raise
    except BadData as fault:
        if fault.code == TOO_MANY:
            raise TooLarge(fault.sentence, central.settings.server.max_batch_bytes, field=fault.field) from fault
        raise BadData("malformed", fault.sentence, field=fault.field) from fault


def receipt(status: int, token: str) -> Response:
    """A signed receipt."""
    return Response(token, status, mimetype=MEDIA_TYPE)
