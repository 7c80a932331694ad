"""Lines to central and receipts back by object storage: a real receiver, a real office, a bucket that misbehaves."""

from __future__ import annotations

import subprocess
import sys
from contextlib import nullcontext, suppress
from datetime import timedelta

import pytest

from agent.actions.custody import books
from agent.actions.object_looks import last_look
from agent.domain.allowance import HEARTBEAT_COST
from agent.domain.sigv4 import Credentials
from agent.errors import Unreachable
from agent.jobs.objects import ObjectJob
from agent.objects import Bucket, Given, Place
from agent.store import ledger, spending
from agent.uplink import objects
from agent.uplink.courier import Courier
from agent.uplink.https import Central
from agent.uplink.object_wire import ObjectWire
from agent.uplink.purse import Purse
from agent.uplink.signing import Signer
from agent.uplink.trust import Trust
from agent.wire import names
from central import carry
from central.object_wire import ObjectWire as CentralWire
from central.store import kiosks
from central.store.models import Frame
from tests.builders import drawn
from tests.command_line import run
from tests.fake_s3 import ACCESS, SECRET, serving
from tests.fakes import DAY, HOUR, FakeClock
from tests.integration.central_desk import Kiosk
from tests.real_central import Wire
from tests.small_office import CODE, kiosk_key, small_office, small_store, take

KEY = Credentials(ACCESS, SECRET)


class Cloud:
    """An office, a receiver and a bucket between them."""

    def __init__(self, desk, home, url, bucket) -> None:
        self.desk, self.url, self.bucket = desk, url, bucket
        self.clock = FakeClock()
        self.store = small_store(home, self.clock)
        self.office = small_office(home, root=desk.root)
        trust = Trust(home, desk.root)
        self.courier = Courier(self.store, Signer(self.store, kiosk_key()), trust, Wire(desk.client), drawn())
        self.way, self.central_way = Central(url, patience=(2, 2, 2)), CentralWire(url)
        place = Place(url, "bucket", "kukar/")
        wire = ObjectWire(self.way, self.courier.load.paid)
        self.box = Bucket(place, KEY, wire.exchange, self.clock)
        self.central_box = Bucket(place, KEY, self.central_way.exchange, self.clock)
        self.taken = 0

    def visits(self, count: int) -> None:
        for _ in range(count):
            self.clock.forward(1000)
            self.taken += 1
            take(self.store, self.office, f"visit {self.taken}")

    def look(self):
        return objects.carry(self.courier, CODE, self.box, lambda *_: None)

    def central_looks(self) -> carry.Tally:
        return carry.carry(self.desk.central, self.central_box, "objects")

    def unheld(self) -> int:
        return sum(state.last - state.held for state in ledger.states(self.store))

    def batches(self) -> list[str]:
        return [name for name in self.bucket.files if name.endswith(".rekam")]

    def close(self) -> None:
        for each in (self.way, self.central_way, self.store):
            each.close()


@pytest.fixture
def database_url():
    """One kind of database is enough here."""
    return


@pytest.fixture
def cloud(desk, tmp_path):
    with serving() as (url, bucket):
        made = Cloud(desk, tmp_path / "office", url, bucket)
        yield made
        made.close()


@pytest.fixture
def paired(cloud, desk):
    desk.pair(Kiosk(key=kiosk_key()))
    return cloud


def test_two_looks_and_one_of_central_deliver_everything(paired):
    paired.visits(30)
    paired.look()
    paired.central_looks()
    paired.look()

    assert paired.unheld() == 0
    assert len(paired.desk.visits()) == 30


def test_the_hand_over_pages_of_both_ends_name_the_carrier(paired):
    paired.visits(3)
    paired.look()
    (day,) = books(paired.store, "Asia/Makassar", "enrollments")[0].days
    paired.central_looks()

    assert day.handed["objects"] == day.recorded
    assert {row["carrier"] for row in paired.desk.rows(Frame)} == {"objects"}


def test_what_is_in_custody_leaves_the_bucket_and_receipts_stay(paired):
    paired.visits(3)
    paired.look()
    paired.central_looks()

    assert paired.batches() == []
    assert any(name.endswith(".receipt") for name in paired.bucket.files)


def test_an_office_never_lists_a_bucket_nor_deletes_in_it(paired):
    paired.visits(3)
    paired.look()
    paired.look()

    asked = {(method, path.rpartition(".")[2]) for method, path in paired.bucket.asked}
    assert asked <= {("PUT", "rekam"), ("PUT", "pair"), ("GET", "receipt"), ("GET", "jws")}


def test_what_lies_there_is_not_put_again(paired):
    paired.visits(3)
    paired.look()

    assert paired.look().files == 0


def test_what_central_does_not_confirm_for_a_day_is_put_again(paired):
    paired.visits(3)
    paired.look()
    paired.bucket.files.clear()
    paired.clock.forward(DAY - HOUR)
    early = paired.look().files
    paired.clock.forward(2 * HOUR)
    late = paired.look().files
    paired.central_looks()
    paired.look()

    assert (early, late > 0, paired.unheld()) == (0, True, 0)


def test_a_kiosk_that_was_never_online_waits_in_quarantine_until_it_is_approved(cloud):
    cloud.visits(3)
    cloud.look()
    tally = cloud.central_looks()
    with cloud.desk.central.store.write() as database:
        kiosks.set_state(database, kiosk_key().thumbprint(), "approved")
    cloud.central_looks()
    cloud.clock.forward(7 * HOUR)
    for _ in range(2):
        cloud.look()
        cloud.central_looks()
    cloud.look()

    assert (tally.quarantined > 0, tally.pairing, cloud.unheld()) == (True, 1, 0)


def test_a_listing_that_is_late_delays_and_loses_nothing(paired):
    paired.visits(3)
    paired.look()
    paired.bucket.unlisted = set(paired.bucket.files)
    first = paired.central_looks().new
    paired.bucket.unlisted = set()
    paired.central_looks()
    paired.look()

    assert (first, paired.unheld()) == (0, 0)


def test_a_damaged_object_is_counted_and_put_again_after_a_day(paired):
    paired.visits(3)
    paired.look()
    for name in paired.batches():
        paired.bucket.files[name] = paired.bucket.files[name][:-2]
    tally = paired.central_looks()
    paired.clock.forward(DAY + HOUR)
    paired.look()
    paired.central_looks()
    paired.look()

    assert (tally.damaged > 0, paired.unheld()) == (True, 0)


def test_a_forged_receipt_in_the_bucket_moves_nothing(paired):
    paired.visits(3)
    state = ledger.state(paired.store, "enrollments")
    paired.box.put(names.receipt_name(state.ledger, state.name), b"e30.e30.AAAA")
    paired.look()

    assert ledger.state(paired.store, "enrollments").held == 0


def test_presigned_urls_carry_the_same_files(paired):
    paired.bucket.open = True
    url = f"{paired.url}/bucket/kukar/{{name}}?X-Amz-Signature=abc"
    paired.box = Given(url, url, paired.box.exchange)
    paired.visits(5)
    paired.look()
    paired.central_looks()
    paired.look()

    assert paired.unheld() == 0


def test_what_came_of_a_look_is_kept_for_people(paired):
    job = ObjectJob(paired.courier, CODE, lambda: nullcontext(paired.box))
    paired.visits(3)
    job.look_once()
    good = last_look(paired.store)
    paired.bucket.faults = [500] * 3
    job.look_once()

    assert (good.files > 0, good.code) == (True, "")
    assert last_look(paired.store).code == "objects-down"


def test_a_look_that_is_under_way_is_not_begun_twice(paired):
    job = ObjectJob(paired.courier, CODE, lambda: nullcontext(paired.box))
    with job._busy:
        job.look_once()

    assert last_look(paired.store) is None


def test_the_command_of_central_looks_into_a_bucket(paired, capsys):
    home = paired.desk.home
    (home / "keys/objects.key").write_text(f"{ACCESS}\n{SECRET}\n")
    settings = home / "central.toml"
    settings.write_text(f'{settings.read_text()}\n[objects]\nendpoint = "{paired.url}"\nbucket = "other"\n')
    paired.visits(2)
    paired.look()
    done = run(capsys, "central", "carry", "s3://bucket/kukar", "--config", str(settings))

    assert (done.status, paired.batches()) == (0, [])


def test_without_object_storage_nothing_of_it_is_loaded():
    unwanted = ("agent.objects", "agent.domain.sigv4", "agent.uplink.objects", "agent.uplink.object_wire", "minio")
    watch = f"import sys, agent.daemon; print([name for name in sys.modules if name in {unwanted}])"
    found = subprocess.run([sys.executable, "-c", watch], capture_output=True, text=True, check=True, cwd=".")

    assert found.stdout.strip() == "[]"


def test_the_link_does_not_wait_for_a_slow_bucket(paired):
    """Receipts by the link are judged under a lock; nothing is fetched while it is held."""
    real, held = paired.box.read, []
    paired.box.read = lambda name, most: held.append(paired.courier.hearing.locked()) or real(name, most)
    paired.look()

    assert held
    assert not any(held)


def test_outside_the_hours_for_sending_no_look_is_begun(paired):
    job = ObjectJob(paired.courier, CODE, lambda: nullcontext(paired.box), is_open=lambda: False)
    job.run()

    assert paired.bucket.asked == []


def give_daily(cloud, daily: int) -> None:
    """So many bytes a day, however they are spent."""
    cloud.courier.load.purse = Purse(cloud.store, "Asia/Makassar", daily, timedelta(minutes=15))


def test_a_budget_below_a_sign_of_life_asks_the_bucket_nothing_and_says_why(cloud):
    give_daily(cloud, 3_000)
    cloud.visits(3)
    job = ObjectJob(cloud.courier, CODE, lambda: nullcontext(cloud.box))
    for _ in range(24):
        job.look_once()

    assert (cloud.bucket.asked, last_look(cloud.store).code) == ([], "out-of-bytes")


def test_a_day_of_looks_is_paid_and_stays_within_its_bytes(cloud):
    """Reads, the request to be paired and signs of life count as lines do; only the last file may pass the mark."""
    daily = 20_000
    give_daily(cloud, daily)
    cloud.visits(3)
    for _ in range(12):
        with suppress(Unreachable):
            cloud.look()
        cloud.clock.forward(HOUR // 2)
    spent = spending.spent_on(cloud.store).count
    asked = len(cloud.bucket.asked)
    with pytest.raises(Unreachable, match="bytes of this day are spent"):
        cloud.look()

    assert daily - HEARTBEAT_COST < spent <= daily
    assert len(cloud.bucket.asked) == asked


def test_the_next_day_looks_again(paired):
    give_daily(paired, 20_000)
    paired.courier.load.purse.spend(20_000)
    paired.clock.forward(DAY)
    paired.visits(1)

    assert paired.look().files > 0
