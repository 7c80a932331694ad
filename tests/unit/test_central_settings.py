from __future__ import annotations

import pytest

from agent.errors import SettingsError
from central.settings import load_central


def test_central_s_defaults_are_enough(tmp_path):
    (tmp_path / "central.toml").write_text("")
    settings = load_central(tmp_path / "central.toml")

    assert str(settings.server.listen) == "127.0.0.1:8090"
    assert settings.database == f"sqlite:///{tmp_path}/data/central.db"
    assert settings.url == "http://127.0.0.1:8090"


def test_a_database_elsewhere_stays_as_it_is_written(tmp_path):
    file = tmp_path / "central.toml"
    file.write_text('[store]\ndatabase_url = "postgresql://rekam@db.example:5432/rekam"\n')
    assert load_central(file).database == "postgresql://rekam@db.example:5432/rekam"
    file.write_text('[store]\ndatabase_url = "sqlite:////srv/central.db"\n')

    assert load_central(file).database == "sqlite:////srv/central.db"


@pytest.mark.parametrize(
    "url", ["mysql://a/b", "sqlite://", "postgresql://:secret@db", "postgresql://[:secret@db/x", ""]
)
def test_a_bad_database_url_is_refused_without_repeating_a_password(tmp_path, url):
    file = tmp_path / "central.toml"
    file.write_text(f'[store]\ndatabase_url = "{url}"\n')

    with pytest.raises(SettingsError) as caught:
        load_central(file)

    assert caught.value.field == "store.database_url"
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(("size", "good"), [(65_535, False), (65_536, True)])
def test_central_takes_batches_of_64_kb_whatever_is_set(tmp_path, size, good):
    file = tmp_path / "central.toml"
    file.write_text(f"[server]\nmax_batch_bytes = {size}\n")
    if good:
        assert load_central(file).server.max_batch_bytes == size
    else:
        with pytest.raises(SettingsError, match="65536 or more"):
            load_central(file)


def test_one_key_file_for_two_uses_is_refused(tmp_path):
    file = tmp_path / "central.toml"
    file.write_text('[files]\nsettings_key = "keys/receipt.jwk"\n')

    with pytest.raises(SettingsError, match="each key has one use") as caught:
        load_central(file)

    assert caught.value.field == "files.settings_key"
