"""What a citizen's page says aloud, as sound."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request

from kiosk_ui import speech
from kiosk_ui.aloud import aloud, is_ours, spelled
from kiosk_ui.kiosk import kiosk

sound = Blueprint("sound", __name__)
sound.add_app_template_global(aloud)
sound.add_app_template_global(spelled)
sound.add_app_template_global(speech.has_voice)


@sound.get("/suara/<voice>/<mark>")
def say(voice: str, mark: str) -> Response:
    """A text as WAV; nothing where the voice is missing: then it is only read."""
    text = request.args.get("kata", "")
    if not is_ours(voice, text, mark):
        abort(404)
    said = speech.spoken(kiosk().store.home, text, voice)
    return Response(said, mimetype="audio/wav") if said else Response(status=204)
