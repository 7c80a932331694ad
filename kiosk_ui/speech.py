"""Calls as sound without any network: recorded clips of the office, else espeak-ng's Indonesian voice."""

from __future__ import annotations

import io
import shutil
import subprocess
import wave
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final

from agent.domain.speech_text import call_text, clips, for_voice

CLIPS: Final = "clips"
CACHE: Final = "run/speech"
VOICE: Final = ("espeak-ng", "-s", "140", "--stdout", "--stdin")
INDONESIAN: Final = "id"
LONGEST_S: Final = 10.0
AT_WORK: Final = BoundedSemaphore(2)  # a voice that hangs must leave threads that answer; citizens have four
MOST_CACHED: Final = 120  # some 200 kB each, on a RAM disk


def call_sound(home: Path, ticket: str, counter: int, again: int = 0) -> bytes | None:
    """A call as WAV; None where there are neither clips nor a voice: then it is only seen."""
    return joined(home / CLIPS, clips(ticket, counter)) or spoken(home, call_text(ticket, counter, again))


def has_voice() -> bool:
    """Whether this machine can say anything."""
    return shutil.which(VOICE[0]) is not None


def spoken(home: Path, text: str, voice: str = INDONESIAN) -> bytes | None:
    """Any text as WAV by an espeak-ng voice, made once and kept until the reboot; None without that voice."""
    wanted = for_voice(text) if voice == INDONESIAN else text
    file = home / CACHE / f"{sha256(f'{voice} {wanted}'.encode()).hexdigest()[:32]}.wav"
    with suppress(OSError):
        return file.read_bytes()
    sound = voiced(wanted, voice)
    if sound is not None:
        keep(file, sound)
    return sound


def voiced(text: str, voice: str = INDONESIAN) -> bytes | None:
    """The voice's WAV; None where espeak-ng or the voice is missing, fails, hangs, or is at work twice already."""
    if not has_voice() or not AT_WORK.acquire(blocking=False):
        return None
    command = [*VOICE, "-v", voice]
    try:
        said = subprocess.run(command, input=text.encode(), capture_output=True, timeout=LONGEST_S, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    finally:
        AT_WORK.release()
    return with_true_length(said.stdout)


def with_true_length(sound: bytes) -> bytes | None:
    """A WAV from a pipe, whose header cannot know its length, with the length it has; None if it is none."""
    at = sound.find(b"data", 12)
    if sound[:4] != b"RIFF" or at < 0 or len(sound) <= at + 8:
        return None
    size, rest = (len(sound) - 8).to_bytes(4, "little"), len(sound) - at - 8
    return sound[:4] + size + sound[8 : at + 4] + rest.to_bytes(4, "little") + sound[at + 8 :]


def keep(file: Path, sound: bytes) -> None:
    """Keep a sound for the next time; where there is no room it is made again."""
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        for old in sorted(file.parent.glob("*.wav"), key=lambda each: each.stat().st_mtime)[:-MOST_CACHED]:
            old.unlink()
        draft = file.with_suffix(".new")
        draft.write_bytes(sound)
        draft.replace(file)


def joined(folder: Path, names: Sequence[str]) -> bytes | None:
    """Clips of one format after each other as one WAV; None when one is missing, or of another format."""
    out = io.BytesIO()
    try:
        with wave.open(out, "wb") as whole:
            shape = None
            for name in names:
                with wave.open(str(folder / f"{name}.wav"), "rb") as clip:
                    if shape is None:
                        shape = clip.getparams()[:3]
                        whole.setparams(clip.getparams())
                    if clip.getparams()[:3] != shape:
                        return None
                    whole.writeframes(clip.readframes(clip.getnframes()))
    except (OSError, EOFError, wave.Error):
        return None
    return out.getvalue()
