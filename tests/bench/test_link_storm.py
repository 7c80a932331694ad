"""The reconnect storm beside the policies of others, in one run."""

from __future__ import annotations

from tests.storm import OURS, PEERS, storm


def test_our_storm_beside_those_of_others(capsys) -> None:
    found = {"ours": storm(OURS)} | {name: storm(policy) for name, policy in PEERS.items()}
    with capsys.disabled():
        print()
        for name, outcome in found.items():
            print(
                f"{name:38} peak {outcome.peak:6}/s  {outcome.refusals:8.3f} refusals a batch"
                f"  drained in {outcome.drained_s / outcome.ideal_s:.2f} x {outcome.ideal_s:.0f} s"
                f"  dropped {outcome.dropped}"
            )

    assert all(found["ours"].refusals < found[name].refusals for name in PEERS)
