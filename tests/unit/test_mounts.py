"""What the kernel says of mounts is read as it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.mounts import Mount, mounts

STICK = "62 28 8:17 / /media/rekam rw,relatime shared:33 - vfat /dev/sdb1 rw,fmask=0007"


def test_a_stick_is_its_device_and_its_place():
    assert mounts(STICK) == [Mount("8:17", "/media/rekam", read_only=False)]


@pytest.mark.parametrize("line", [STICK.replace("rw,rel", "ro,rel"), STICK.replace("rw,fmask", "ro,fmask")])
def test_write_protection_may_stand_in_either_place(line):
    assert mounts(line)[0].read_only


def test_a_space_in_a_name_is_escaped_by_the_kernel():
    assert mounts(STICK.replace("rekam", r"STIK\040BARU"))[0].place == "/media/STIK BARU"


def test_a_mount_without_optional_fields_is_one_too():
    assert mounts(STICK.replace(" shared:33", ""))[0].device == "8:17"


def test_a_folder_bound_elsewhere_is_no_stick():
    assert mounts(STICK.replace("8:17 / ", "8:17 /data ")) == []


@given(st.text())
def test_no_text_is_too_strange(text):
    assert isinstance(mounts(text), list)
