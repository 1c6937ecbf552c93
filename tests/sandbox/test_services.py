"""Real services in the sandbox: only those that the operator has a key for, and never by surprise."""

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.sandbox.command import people, settings
from bot.sandbox.server import Sandbox
from bot.sandbox.services import Services, real_services
from tests.test_architecture import ROOT


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """No service is set up around these tests."""
    import os

    for name in list(os.environ):
        if name.endswith(("_API_KEY", "_SERVERS")):
            monkeypatch.delenv(name)


def told(services: Services, folder: Path) -> dict[str, str]:
    sandbox = Sandbox()
    sandbox.url = "http://127.0.0.1:1"
    return settings(sandbox, people(sandbox), folder, services)


def test_without_a_key_no_service_is_on_not_even_the_one_with_a_public_key(tmp_path: Path) -> None:
    services = real_services(tmp_path / ".env")
    assert services.titles == ()
    variables = told(services, tmp_path)
    assert variables["ONLYSQ_API_KEY"] == "off"
    assert variables["OPENAI_SERVERS"] == "studio"


def test_a_key_in_the_file_lets_its_service_draw_but_sketches_stay_the_default(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("OXEN_API_KEY=oxen-key\nBOT_TOKEN=1:real\nADMIN_IDS=5\nOXEN_DAILY_CAP=3\n")
    services = real_services(tmp_path / ".env")
    assert services.titles == ("Oxen.ai",)
    variables = told(services, tmp_path)
    assert (variables["OXEN_API_KEY"], variables["OXEN_DAILY_CAP"]) == ("oxen-key", "3")
    assert variables["DEFAULT_MODEL"] == "studio/sketch"
    assert variables["ONLYSQ_API_KEY"] == "off"
    # Nothing of the real bot comes along.
    assert variables["BOT_TOKEN"] != "1:real"
    assert variables["ADMIN_IDS"] != "5"


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("OXEN_API_KEY=file-key\n")
    monkeypatch.setenv("OXEN_API_KEY", "other-key")
    assert real_services(tmp_path / ".env").variables["OXEN_API_KEY"] == "other-key"


def test_the_public_key_counts_when_somebody_has_asked_for_it(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ONLYSQ_API_KEY=openai\n")
    services = real_services(tmp_path / ".env")
    assert len(services.titles) == 1
    assert told(services, tmp_path)["ONLYSQ_API_KEY"] == "openai"


def test_servers_with_names_stand_beside_that_of_the_sandbox(tmp_path: Path) -> None:
    server = "OPENAI_SERVERS=home\nOPENAI_HOME_BASE_URL=http://127.0.0.1:8080\nOPENAI_HOME_KIND=localai\n"
    (tmp_path / ".env").write_text(server)
    services = real_services(tmp_path / ".env")
    assert services.titles == ("home",)
    assert told(services, tmp_path)["OPENAI_SERVERS"] == "studio,home"
    (tmp_path / ".env").write_text(server.replace("home", "studio").replace("HOME", "STUDIO"))
    with pytest.raises(SettingsError, match="studio is a server already"):
        real_services(tmp_path / ".env")


def test_the_guide_names_the_switch() -> None:
    assert "--no-services" in (ROOT / "docs" / "sandbox.md").read_text("utf-8")
