"""Calls are heard without a network, and their absence holds up nothing."""

from __future__ import annotations

import io
import stat
import threading
import wave

import pytest

from kiosk_ui import speech
from tests.patience import PATIENCE, wait_until

CALL = ("A-012", 3)


def clip(folder, name, frames=100, rate=8000):
    folder.mkdir(exist_ok=True)
    with wave.open(str(folder / f"{name}.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"\x01\x00" * frames)


def record(home, **odd):
    for number, name in enumerate(speech.clips(*CALL)):
        clip(home / "clips", name, 100 + number, **(odd if number == 1 else {}))


def seconds(sound):
    with wave.open(io.BytesIO(sound)) as file:
        return file.getnframes() / file.getframerate()


@pytest.fixture
def no_voice(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")


def voice(tmp_path, monkeypatch, script):
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "espeak-ng"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


@pytest.mark.needs("espeak")
def test_the_voice_says_a_call_in_some_seconds(tmp_path):
    assert 3 < seconds(speech.call_sound(tmp_path, *CALL)) < 9


@pytest.mark.needs("espeak")
def test_a_sound_is_made_once(tmp_path, monkeypatch):
    first = speech.call_sound(tmp_path, *CALL)
    monkeypatch.setenv("PATH", "/nowhere")

    assert speech.call_sound(tmp_path, *CALL) == first
    assert speech.call_sound(tmp_path, "A-013", 1) is None


@pytest.mark.needs("espeak")
def test_where_sounds_cannot_be_kept_they_are_still_made(tmp_path):
    (tmp_path / "run").write_text("not a directory")

    assert speech.call_sound(tmp_path, *CALL) is not None


def test_without_voice_and_clips_there_is_no_sound(tmp_path, no_voice):
    assert speech.call_sound(tmp_path, *CALL) is None


@pytest.mark.parametrize("script", ["exit 1", "echo no sound", "true"])
def test_a_voice_that_fails_is_no_sound(tmp_path, monkeypatch, script):
    voice(tmp_path, monkeypatch, script)

    assert speech.call_sound(tmp_path, *CALL) is None
    assert not list(tmp_path.glob("run/speech/*"))


def test_a_voice_that_hangs_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(speech, "LONGEST_S", 0.3)
    voice(tmp_path, monkeypatch, "exec sleep 60")

    assert speech.call_sound(tmp_path, *CALL) is None


def test_voices_that_hang_hold_two_threads_and_no_third(tmp_path, monkeypatch):
    voice(tmp_path, monkeypatch, f"echo >> {tmp_path}/begun; exec sleep 60")
    monkeypatch.setattr(speech, "LONGEST_S", 3.0)
    asking = [threading.Thread(target=speech.call_sound, args=(tmp_path, "A-001", each)) for each in (1, 2)]
    for each in asking:
        each.start()
    wait_until(lambda: (tmp_path / "begun").exists() and len((tmp_path / "begun").read_text()) == 2, "both speak")

    assert speech.call_sound(tmp_path, "A-001", 3) is None
    assert [each.is_alive() for each in asking] == [True, True]
    for each in asking:
        each.join(PATIENCE)
    assert len((tmp_path / "begun").read_text()) == 2


def test_recorded_clips_are_joined_without_a_gap(tmp_path, no_voice):
    record(tmp_path)
    sound = speech.call_sound(tmp_path, *CALL)

    assert seconds(sound) == sum(100 + number for number in range(7)) / 8000


def test_a_missing_clip_leaves_the_call_to_the_voice(tmp_path, no_voice):
    record(tmp_path)
    (tmp_path / "clips/dua.wav").unlink()

    assert speech.call_sound(tmp_path, *CALL) is None


def test_clips_of_two_formats_are_not_joined(tmp_path, no_voice):
    record(tmp_path, rate=16_000)

    assert speech.call_sound(tmp_path, *CALL) is None


def test_a_clip_that_is_no_sound_leaves_the_call_to_the_voice(tmp_path, no_voice):
    record(tmp_path)
    (tmp_path / "clips/a.wav").write_bytes(b"RIFF")

    assert speech.call_sound(tmp_path, *CALL) is None


def test_the_cache_keeps_the_newest_only(tmp_path, monkeypatch):
    monkeypatch.setattr(speech, "MOST_CACHED", 3)
    for number in range(6):
        speech.keep(tmp_path / f"run/speech/{number}.wav", b"sound")

    assert len(list(tmp_path.glob("run/speech/*.wav"))) <= 4
