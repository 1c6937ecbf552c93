"""Settings: what is missing or wrong is said in one sentence, by its name, without its value."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.config import Settings, example, load_settings, readable_by_others
from bot.errors import SettingsError
from bot.storage.key_file import MasterKey
from tests.test_architecture import ROOT

TOKEN = "4242:canary-token-of-the-tests-000000000"
ENOUGH = {"BOT_TOKEN": TOKEN, "ADMIN_IDS": "100"}

Load = Callable[..., Settings]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Load:
    """Load the settings from these variables, and from a `.env` where one is given."""
    monkeypatch.chdir(tmp_path)

    def load(variables: Mapping[str, str], file: str | None = None) -> Settings:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        if file is not None:
            Path(".env").write_text(file, "utf-8")
        return load_settings()

    return load


def refused(load: Load, variables: Mapping[str, str], file: str | None = None) -> str:
    with pytest.raises(SettingsError) as caught:
        load(variables, file)
    return str(caught.value)


def test_a_token_and_an_admin_are_enough(load: Load) -> None:
    settings = load(ENOUGH)
    assert settings.admin_ids == (100,)
    assert settings.access == "members"
    assert settings.bot_id == 4242
    assert settings.default_model == "onlysq/flux"


def test_the_environment_wins_over_the_file(load: Load) -> None:
    settings = load({**ENOUGH, "WORKERS": "3"}, "WORKERS=4\nDAILY_CREDITS=7\n")
    assert (settings.workers, settings.daily_credits) == (3, 7)


def test_without_a_token_the_setting_is_named(load: Load) -> None:
    assert refused(load, {"ADMIN_IDS": "100"}) == "BOT_TOKEN: must be set"


def test_without_any_admin_and_not_public_it_does_not_start(load: Load) -> None:
    assert "ADMIN_IDS" in refused(load, {"BOT_TOKEN": TOKEN})


def test_a_public_bot_needs_no_admin(load: Load) -> None:
    assert load({"BOT_TOKEN": TOKEN, "ACCESS": "Public"}).admin_ids == ()


@pytest.mark.parametrize("admins", ["@anna", "anna", "100,@anna", "-100123", "1.5", "１００"])
def test_an_admin_is_named_by_number_only(load: Load, admins: str) -> None:
    assert "takes numbers only" in refused(load, {**ENOUGH, "ADMIN_IDS": admins})


@pytest.mark.parametrize("shared", ["1087968824", "136817688", "777000"])
def test_an_id_that_many_people_share_is_no_admin(load: Load, shared: str) -> None:
    assert "many people" in refused(load, {**ENOUGH, "ADMIN_IDS": f"100, {shared}"})


def test_admins_may_be_separated_by_commas_and_spaces(load: Load) -> None:
    assert load({**ENOUGH, "ADMIN_IDS": " 1, 2 3,"}).admin_ids == (1, 2, 3)


@pytest.mark.parametrize(
    ("slip", "meant"),
    [("BOT_TOKN", "BOT_TOKEN"), ("ADMIN_ID", "ADMIN_IDS"), ("ONLYSQ_KEY", "ONLYSQ_API_KEY")],
)
def test_a_slip_of_the_pen_is_told_with_what_was_meant(load: Load, slip: str, meant: str) -> None:
    assert refused(load, {**ENOUGH, slip: "1"}) == f"{slip} is not a setting; did you mean {meant}?"


def test_a_name_in_the_file_that_is_almost_ours_is_told(load: Load) -> None:
    assert refused(load, ENOUGH, "WORKRS=3\n") == "WORKRS is not a setting; did you mean WORKERS?"


@pytest.mark.parametrize("name", ["OPENAI_ORG_ID", "HTTP_PROXY", "LOG_DIR", "DATABASE", "HOME", "PATH", "WORKER"])
def test_names_of_others_are_left_alone(load: Load, name: str) -> None:
    assert load({**ENOUGH, name: "/somewhere"}).admin_ids == (100,)


@pytest.mark.parametrize("line", ["TZ=Europe/Berlin", "COMPOSE_PROJECT_NAME=pictures"])
def test_the_file_may_hold_names_for_others(load: Load, line: str) -> None:
    assert load(ENOUGH, f"{line}\n").admin_ids == (100,)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DAILY_CREDITS", "-1"),
        ("DAILY_CREDITS", "many"),
        ("WORKERS", "0"),
        ("HTTP_PORT", "70000"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("TELEGRAM_API_BASE", "telegram.org"),
        ("LOG_FORMAT", "xml"),
        ("ACCESS", "all"),
        ("BOT_TOKEN", "hunter2hunter2"),
        ("ONLYSQ_BASE_URL", "ftp://example.org"),
        ("ONLYSQ_BASE_URL", "https://example.org:99999"),
        ("ONLYSQ_BASE_URL", "https://example.org?"),
        ("ONLYSQ_BASE_URL", "https://:hunter2@example.org"),
        ("ONLYSQ_BASE_URL", "https://example..org"),
        ("ONLYSQ_BASE_URL", "https://exam ple.org"),
        ("ONLYSQ_API_KEY", "hunter2\nX-Other: 1"),
    ],
)
def test_a_wrong_value_is_told_by_its_name_and_not_repeated(load: Load, name: str, value: str) -> None:
    said = refused(load, {**ENOUGH, name: value})
    assert said.startswith(f"{name}: ")
    assert "hunter2" not in said


@pytest.mark.parametrize("secret", ["", "short", "with spaces in it which are not allowed"])
def test_a_webhook_without_a_good_secret_does_not_start(load: Load, secret: str) -> None:
    said = refused(load, {**ENOUGH, "WEBHOOK_URL": "https://bot.example.org/x", "WEBHOOK_SECRET": secret})
    assert said.startswith("WEBHOOK_SECRET: ")


def test_a_webhook_needs_https(load: Load) -> None:
    said = refused(load, {**ENOUGH, "WEBHOOK_URL": "http://bot.example.org/x", "WEBHOOK_SECRET": "s" * 16})
    assert said.startswith("WEBHOOK_URL: ")


def test_all_that_is_wrong_is_told_at_once(load: Load) -> None:
    said = refused(load, {"WORKERS": "0", "HTTP_PORT": "x", "ONLYSQ_BASE_URL": "x"})
    assert all(name in said for name in ("BOT_TOKEN", "WORKERS", "HTTP_PORT", "ONLYSQ_BASE_URL"))


def test_secrets_do_not_show_themselves(load: Load) -> None:
    settings = load({**ENOUGH, "ONLYSQ_API_KEY": "canary-key-0001"})
    assert "canary" not in repr(settings) + str(settings) + repr(settings.model_dump())
    assert {TOKEN, "canary-key-0001"} <= set(settings.secrets())


def test_a_password_is_hidden_also_as_it_is_sent(load: Load) -> None:
    card = {"BASE_URL": "http://127.0.0.1:7860", "USER": "anna", "PASSWORD": "sesame"}
    settings = load({**ENOUGH, **{f"AUTOMATIC1111_{name}": value for name, value in card.items()}})
    assert {"sesame", "YW5uYTpzZXNhbWU="} <= set(settings.secrets())


def test_the_line_end_of_a_key_from_a_file_is_none_of_it(load: Load) -> None:
    settings = load({**ENOUGH, "OXEN_API_KEY": " canary-key-1\n"}).providers["oxen"]
    assert settings.headers() == {"Authorization": "Bearer canary-key-1"}


@pytest.mark.parametrize(("mode", "readable"), [(0o600, False), (0o644, True), (0o640, True)])
def test_a_file_of_secrets_that_others_can_read_is_noticed(tmp_path: Path, mode: int, readable: bool) -> None:
    file = tmp_path / ".env"
    file.touch(mode)
    file.chmod(mode)
    assert readable_by_others(file) is readable
    assert not readable_by_others(tmp_path / "missing")


HOME = {"OPENAI_SERVERS": "home", "OPENAI_HOME_BASE_URL": "http://127.0.0.1:8080", "OPENAI_HOME_KIND": "localai"}


def test_each_named_server_has_settings_of_its_own(load: Load) -> None:
    more = {"OPENAI_SERVERS": "home, my-grok", "OPENAI_MY_GROK_KIND": "xai", "OPENAI_MY_GROK_API_KEY": "canary-key-2"}
    settings = load({**ENOUGH, **HOME, **more, "OPENAI_API_KEY": "canary-key-1"}, "OPENAI_HOME_MODELS=sdxl,flux\n")
    assert settings.providers["home"].address == "http://127.0.0.1:8080"
    assert settings.providers["my-grok"].address == "https://api.x.ai"
    assert settings.providers["openai"].address == "https://api.openai.com"
    assert settings.providers["home"].model_dump()["models"] == ("sdxl", "flux")
    assert settings.providers["openai"].model_dump()["models"] == ()
    assert {"canary-key-1", "canary-key-2"} <= set(settings.secrets())


@pytest.mark.parametrize(
    ("slip", "meant"),
    [("OPENAI_HOME_KEY", "OPENAI_HOME_API_KEY"), ("OPENAI_HOME_SERVERS", "OPENAI_HOME_MODELS")],
)
def test_a_slip_in_the_settings_of_a_named_server_is_told(load: Load, slip: str, meant: str) -> None:
    said = refused(load, {**ENOUGH, **HOME, slip: "1"})
    assert said.startswith(f"{slip} is not a setting; did you mean OPENAI_")
    assert slip == "OPENAI_HOME_SERVERS" or said.endswith(f"{meant}?")


def test_settings_of_a_server_that_is_not_named_are_told(load: Load) -> None:
    assert refused(load, {**ENOUGH, "OPENAI_HOME_KIND": "xai"}).startswith("OPENAI_HOME_KIND is not a setting")


@pytest.mark.parametrize(
    ("servers", "why"),
    [
        ("Home", "takes names of at most 21 small letters, digits, _ and -, beginning with a letter"),
        ("home/one", "takes names of at most 21 small letters, digits, _ and -, beginning with a letter"),
        ("a" * 22, "takes names of at most 21 small letters, digits, _ and -, beginning with a letter"),
        ("home,home", "names a server twice"),
        ("home-1,home_1", "names a server twice"),
        ("onlysq", "onlysq is the name of another service already"),
        ("openai", "openai is the name of another service already"),
        ("api", "api cannot be a name, because OPENAI_API_KEY is something else"),
        ("base", "base cannot be a name, because OPENAI_BASE_URL is something else"),
    ],
)
def test_a_name_that_cannot_be_is_refused_in_one_sentence(load: Load, servers: str, why: str) -> None:
    assert refused(load, {**ENOUGH, "OPENAI_SERVERS": servers}) == f"OPENAI_SERVERS: {why}"


def test_a_wrong_value_of_a_named_server_is_told_by_its_name(load: Load) -> None:
    said = refused(load, {**ENOUGH, **HOME, "OPENAI_HOME_KIND": "hunter2", "OPENAI_BASE_URL": "x"})
    assert "OPENAI_HOME_KIND: " in said
    assert "OPENAI_BASE_URL: " in said
    assert "hunter2" not in said


def test_a_named_server_that_is_nowhere_is_told(load: Load) -> None:
    said = refused(load, {**ENOUGH, "OPENAI_SERVERS": "home"})
    assert said == "OPENAI_HOME_API_KEY: must be set, or OPENAI_HOME_BASE_URL"


@pytest.mark.parametrize("address", ["", "https://api.openai.com/v1", "https://API.openai.com:443"])
def test_the_key_of_another_server_is_never_shown_to_openai(load: Load, address: str) -> None:
    wishes = {"OPENAI_KIND": "litellm", "OPENAI_API_KEY": "canary-key-1", "OPENAI_BASE_URL": address}
    said = refused(load, {**ENOUGH, **wishes})
    assert said == "OPENAI_KIND: litellm has no address of its own; set BASE_URL, too"


def test_a_server_of_ones_own_needs_no_key(load: Load) -> None:
    assert load({**ENOUGH, "OPENAI_BASE_URL": "http://127.0.0.1:8080"}).providers["openai"].on


@pytest.mark.parametrize("address", ["", "https://api.openai.com/v1", "https://api.openai.com:443"])
def test_openai_itself_is_on_only_with_a_key(load: Load, address: str) -> None:
    assert not load({**ENOUGH, "OPENAI_BASE_URL": address}).providers["openai"].on


def test_the_servers_in_the_handbook_are_as_it_says(load: Load) -> None:
    page = (ROOT / "docs/operating.md").read_text("utf-8")
    lines = [line.strip() for line in page.splitlines() if line.startswith("    OPENAI_")]
    providers = load(ENOUGH, "\n".join(lines)).providers
    named = [name for name in providers if f"OPENAI_{name.upper()}_KIND" in page]
    assert {"proxy", "home", "gpu", "together", "grok"} == set(named)
    assert all(providers[name].on for name in named)


def test_settings_are_frozen(load: Load) -> None:
    settings = load(ENOUGH)
    with pytest.raises(ValueError, match="frozen"):
        settings.bot_token = SecretStr("1:other")  # type: ignore[misc]  # this is what must fail


def test_the_example_file_is_up_to_date() -> None:
    assert (ROOT / ".env.example").read_text("utf-8") == example(), "make fix"


def test_the_example_file_is_a_valid_one(load: Load) -> None:
    settable = [line for line in example().splitlines() if "=" in line and not line.startswith("#  ")]
    uncommented = [line.removeprefix("# ") for line in settable]
    settings = load(ENOUGH, "\n".join(line for line in uncommented if not line.startswith(("BOT_TOKEN", "ADMIN_IDS"))))
    assert settings.time_zone.key == "UTC"


def test_a_service_that_judges_words_is_asked_only_where_it_is_named(load: Load) -> None:
    assert load(ENOUGH).judging is None
    named = {**ENOUGH, "MODERATION_URL": "https://judge.example/v1/", "MODERATION_API_KEY": "key-of-the-judge"}
    judging = load({**named, "MODERATION_AWAY": "Draw"}).judging
    assert judging is not None
    assert (judging.url, judging.key, judging.waits) == ("https://judge.example/v1", "key-of-the-judge", False)
    assert "key-of-the-judge" in load(named).secrets()
    assert "key-of-the-judge" not in repr(judging)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MODERATION_URL", "judge"),
        ("MODERATION_URL", "https://judge.example/?key=canary"),
        ("MODERATION_API_KEY", "canary\nX-Other: 1"),
        ("MODERATION_AWAY", "canary"),
        ("MODERATION_KEY", "canary"),
    ],
)
def test_a_judge_that_cannot_be_asked_so_is_refused_by_name(load: Load, name: str, value: str) -> None:
    said = refused(load, {**ENOUGH, name: value})
    assert name in said
    assert "canary" not in said


def test_the_settings_and_what_they_lock_must_not_lie_together(load: Load, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("")
    said = refused(load, ENOUGH | {"DATA_DIR": str(tmp_path)})
    assert said.startswith("DATA_DIR: ")


@pytest.mark.parametrize("key", ["short", "x" * 31])
def test_a_master_key_that_could_be_guessed_is_refused_and_not_shown(load: Load, key: str) -> None:
    said = refused(load, ENOUGH | {"MASTER_KEY": key})
    assert "imagine-bot key" in said
    assert key not in said


def test_without_a_master_key_the_token_locks(load: Load) -> None:
    key = "k" * 43
    assert load(ENOUGH).master == MasterKey(TOKEN)
    assert load(ENOUGH | {"MASTER_KEY": key, "MASTER_KEY_BEFORE": TOKEN}).master == MasterKey(key, TOKEN)
    assert key not in repr(load(ENOUGH | {"MASTER_KEY": key}).master)
