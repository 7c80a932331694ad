"""The alert rules by Prometheus' own simulator: of each story one alert fires, and no other beside it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from central.metrics import Metrics
from tests.prometheus import promtool

RULES = Path(__file__).parents[2] / "config" / "alerts.yml"
SEVERITY = dict(re.findall(r"alert: (\w+)\n(?:.*\n)*? +labels: {severity: (\w+)}", RULES.read_text()))
BATCHES = 'rekam_central_batches_total{status="201"}'


def of_office(code: str) -> str:
    return f'rekam_warning{{code="{code}",instance="a"}}'


# Series in steps of five minutes, when it is asked, and which alert fires then. The simulator's clock begins on
# Thursday 1970-01-01, 00:00 UTC, which is 7, 8 and 9 in the morning in Indonesia.
STORIES = {
    "a warning": ({of_office("no-network"): "1x8"}, "20m", "RekamWarning", {"code": "no-network"}),
    "an urgent one": ({of_office("disk-full"): "1x8"}, "20m", "RekamUrgent", {"code": "disk-full"}),
    "the agent has stopped": (
        {of_office("agent-stopped"): "_x3 1x40", 'rekam_last_reading_timestamp_seconds{instance="a"}': "600x43"},
        "2h", "RekamUrgent", {"code": "agent-stopped"},
    ),
    "no network for four days": (
        {of_office("no-network"): "1x1200", 'rekam_oldest_unsent_seconds{instance="a"}': "0+300x1200"},
        "96h", "RekamWarning", {"code": "no-network"},
    ),
    "a job keeps failing": (
        {of_office("job-failing"): "1x40", 'rekam_job_failed{instance="a",task="prune"}': "1x40"},
        "2h", "RekamWarning", {"code": "job-failing"},
    ),
    "a probe is silent": (
        {'rekam_probe_state{instance="a",probe="power",state="unknown"}': "1x40"},
        "2h", "RekamProbeUnknown", {"probe": "power", "state": "unknown"},
    ),
    "keys end": ({"rekam_central_seal_left_seconds": "86400x8"}, "20m", "RekamKeysEnd", {}),
    "nobody ever reached central": ({BATCHES: "0x60"}, "4h", "RekamBatchesStopped", {}),
    "batches come": ({BATCHES: "0+5x80"}, "6h", None, {}),
    "central stops on a working morning": ({BATCHES: "0+5x24 120x60"}, "5h", "RekamBatchesStopped", {}),
    "the offices are off in the evening": ({BATCHES: "0+5x100 500x180"}, "20h", None, {}),
    "they are on again in the morning": ({BATCHES: "0+5x100 500x200 500+5x80"}, "27h", None, {}),
    "a weekend": ({BATCHES: "0+5x100 500x1000"}, "53h", None, {}),
}  # fmt: skip


@pytest.fixture(scope="module")
def rules(tmp_path_factory) -> Path:
    """The rules without their words, which the simulator would compare."""
    file = tmp_path_factory.mktemp("rules") / "alerts.yml"
    file.write_text(re.sub(r"(?m)^ +annotations:\n( {10}.*\n)+", "", RULES.read_text()))
    return file


def story(name: str) -> dict:
    """As the simulator reads it: what is expected of every alert there is."""
    series, at, fires, labels = STORIES[name]
    own = {"instance": "a"} if labels else {}
    firing = [{"exp_labels": {**own, **labels, "severity": SEVERITY.get(fires)}}]
    asked = [
        {"eval_time": at, "alertname": alert, "exp_alerts": firing if alert == fires else []} for alert in SEVERITY
    ]
    given = [{"series": each, "values": values} for each, values in series.items()]
    return {"name": name, "interval": "5m", "input_series": given, "alert_rule_test": asked}


@pytest.mark.needs("promtool")
def test_of_each_story_one_alert_fires_and_no_other(rules, tmp_path):
    file = tmp_path / "stories.yml"
    file.write_text(
        json.dumps(
            {"rule_files": [str(rules)], "evaluation_interval": "5m", "tests": [story(name) for name in STORIES]}
        )
    )
    tested = promtool("test", "rules", str(file))

    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_every_alert_has_a_story():
    assert len(SEVERITY) == RULES.read_text().count("alert: ")
    assert {fires for _, _, fires, _ in STORIES.values()} == {*SEVERITY, None}


@pytest.mark.needs("promtool")
def test_promtool_accepts_the_alert_rules():
    checked = promtool("check", "rules", str(RULES))

    assert (checked.returncode, checked.stderr) == (0, "")


def test_central_counts_from_its_start():
    text, _ = Metrics().text(300, {})

    assert b'rekam_central_batches_total{status="201"} 0.0' in text
