"""/metrics by Prometheus' own checker; dashboard and alert rules name only what is there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from agent import metrics
from agent.jobs import sample_health
from central.metrics import Metrics
from kiosk_ui.app import create_app
from tests.fakes import MINUTE, FakeClock
from tests.prometheus import promtool
from tests.rounds import of_machine
from tests.small_office import small_office, small_store

CONFIG = Path(__file__).parents[2] / "config"
WORD = re.compile(r"\brekam_[a-z_]+")
FOUND_ON_ANY_MACHINE = {"rekam_cpu_busy_ratio", "rekam_disk_free_bytes", "rekam_memory_available_bytes"}


@pytest.fixture
def client(tmp_path):
    """A browser at the staff's listener of an office whose printer is off."""
    clock = FakeClock()
    store, office = small_store(tmp_path, clock), small_office(tmp_path)
    for _ in range(3):
        sample_health.run(store, office, of_machine(store))
        clock.forward(MINUTE)
    app = create_app(store, office, "staff", secret=b"s" * 32, api_token="t", random_bytes=bytes, nudge=bool)
    yield app.test_client()
    store.close()


def exposition(client) -> str:
    return client.get("/metrics", base_url="http://localhost").text


def known() -> set[str]:
    """Every metric name that kiosk and central can tell."""
    own = {name for name, _, _ in metrics.READINGS.values()} | set(WORD.findall(Path(metrics.__file__).read_text()))
    central = {name for family in Metrics().registry.collect() for name in (family.name, f"{family.name}_total")}
    return own | central


@pytest.mark.needs("promtool")
def test_promtool_finds_nothing_wrong_with_the_office_s_metrics(client):
    checked = promtool("check", "metrics", text=exposition(client))

    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


@pytest.mark.needs("promtool")
def test_promtool_finds_nothing_wrong_with_central_s_metrics():
    text, _ = Metrics().text(300, {"active": 1})
    checked = promtool("check", "metrics", text=text.decode())

    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


@pytest.mark.needs("promtool")
def test_every_question_of_the_dashboard_is_one_that_prometheus_understands(tmp_path):
    panels = json.loads((CONFIG / "grafana-dashboard.json").read_text())["panels"]
    asked = [target["expr"].replace("$office", ".*") for panel in panels for target in panel["targets"]]
    rules = [{"record": f"asked:{number}", "expr": question} for number, question in enumerate(asked)]
    file = tmp_path / "rules.yml"
    file.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))  # YAML understands JSON

    assert promtool("check", "rules", str(file)).returncode == 0


@pytest.mark.needs("promtool")
def test_the_dashboard_counts_an_office_that_is_switched_off_and_one_whose_agent_stands(tmp_path):
    (panel, *_) = json.loads((CONFIG / "grafana-dashboard.json").read_text())["panels"]
    reading = 'rekam_last_reading_timestamp_seconds{{instance="{}"}}'
    values = {"well": "0+60x60", "off": "0+60x3 _x57", "stands": "0+60x3 180x57"}
    asked = {
        "expr": panel["targets"][0]["expr"].replace("$office", ".*"),
        "eval_time": "30m",
        "exp_samples": [{"labels": "{}", "value": 2}],
    }
    given = [{"series": reading.format(office), "values": each} for office, each in values.items()]
    file = tmp_path / "story.yml"
    file.write_text(json.dumps({"tests": [{"interval": "1m", "input_series": given, "promql_expr_test": [asked]}]}))
    tested = promtool("test", "rules", str(file))

    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_the_metrics_are_for_machines_and_need_no_sign_in(client):
    answer = client.get("/metrics", base_url="http://localhost")

    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain")


def test_what_any_machine_has_is_told(client):
    assert set(WORD.findall(exposition(client))) >= FOUND_ON_ANY_MACHINE


def test_the_names_of_the_design_are_there_with_their_labels(client):
    text = exposition(client)

    assert 'rekam_unsent_lines{stream="enrollments"}' in text
    assert "rekam_oldest_unsent_seconds " in text
    assert 'rekam_link_state{state="good"}' in text
    assert 'rekam_probe_state{probe="disk",state="ok"}' in text
    assert "# TYPE rekam_warning gauge" in text


def test_no_label_is_one_that_prometheus_gives_what_it_scrapes(client, tmp_path):
    job_states = ({"name": "prune", "last": 0, "next": 0, "error": None},)
    (tmp_path / "run" / "jobs.json").write_text(json.dumps(job_states))
    text = exposition(client)

    assert 'rekam_job_failed{task="prune"}' in text
    assert re.findall(r"[{,](job|instance)=", text) == []


@pytest.mark.parametrize("name", ["grafana-dashboard.json", "alerts.yml"])
def test_dashboard_and_alerts_name_only_metrics_that_are_told(name):
    named = set(WORD.findall((CONFIG / name).read_text()))

    assert named
    assert named - known() == set()


def test_the_dashboard_has_panels_that_do_not_overlap():
    panels = json.loads((CONFIG / "grafana-dashboard.json").read_text())["panels"]
    cells = [
        (x, y)
        for place in (panel["gridPos"] for panel in panels)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]

    assert len(set(cells)) == len(cells)
    assert len({panel["id"] for panel in panels}) == len(panels)
