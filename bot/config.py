"""Every setting, once. Read from the environment and from `.env` in the working directory; the environment wins."""

import difflib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsError
from bot.moderation.rules import Judging
from bot.providers import Provider, ProviderSettings, adapters
from bot.providers.base import KEY, BaseUrl

ENV_FILE = Path(".env")

# Names that begin like this are ours, so an unknown one is a slip of the pen.
PREFIXES = ("BOT_", "TELEGRAM_", "ADMIN_", "DAILY_", "WEBHOOK_", "MODERATION_")
# Others are taken for a slip only when they are this close to a name of ours: HTTP_PROXY is nobody's mistake.
CLOSE = 0.85

# Other programs read these; who has set them for those need not unset them for us.
OTHERS = frozenset({"OPENAI_ORG_ID", "OPENAI_ORGANIZATION", "OPENAI_PROJECT_ID", "OPENAI_LOG", "OPENAI_WEBHOOK_SECRET"})

# Ids that stand for many people: anonymous group admins, channels, Telegram's own service account.
SHARED_IDS = frozenset({1087968824, 136817688, 777000})

TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{6,128}")
SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")


class Settings(BaseSettings):
    """What the operator decides. Frozen; secrets show themselves only when asked for by name."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)

    bot_token: SecretStr = Field(description="The bot's token, from @BotFather.")
    access: Literal["members", "public"] = Field(
        "members", description="Who may draw: `members` (admins and whom they /allow) or `public` (everybody)."
    )
    admin_ids: Annotated[tuple[int, ...], NoDecode] = Field(
        (),
        description="Numbers of the admins, with commas between; the first is the owner. Strangers are told theirs.",
    )
    strange_groups: Literal["ignore", "leave"] = Field(
        "ignore",
        description="With ACCESS=members: what to do in a group or channel that no admin let in with /allow. `ignore`: "
        "say nothing there. `leave`: go, unless an admin brought the bot.",
    )
    data_dir: Path = Field(Path("data"), description="The folder of everything that the bot keeps.")
    database_url: SecretStr = Field(
        SecretStr("sqlite"), description="`sqlite` (a file in DATA_DIR) or postgresql://user:password@host/name."
    )
    backups: int = Field(
        24,
        ge=0,
        le=1000,
        description="How many hourly copies of the database are kept in DATA_DIR/backups, and besides the last of each "
        "of seven days. 0: none are made. For PostgreSQL use pg_dump.",
    )
    daily_credits: int = Field(20, ge=0, le=1_000_000, description="What everybody may spend each day, in credits.")
    time_zone: ZoneInfo = Field(ZoneInfo("UTC"), description="Where the day begins at midnight, such as Europe/Berlin.")
    default_model: str = Field("onlysq/flux", description="Who draws for people who chose no model: provider/model.")
    fallbacks: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Who draws instead when a service cannot now, in this order: models (provider/model) or services, "
        "separated by commas.",
    )
    prices_file: Path = Field(
        Path("prices.toml"),
        description="What pictures cost, in credits, by model; docs/operating.md tells how. Without this file the "
        "bot's own prices count.",
    )
    default_language: str = Field("en", description="For people whose own language the bot does not speak.")
    job_timeout: int = Field(180, ge=5, le=3600, description="How long one picture may take, in seconds.")
    workers: int = Field(8, ge=1, le=1000, description="How many pictures are drawn at once.")
    most_waiting: int = Field(
        20, ge=1, le=10_000, description="How many pictures may be on the way to one person at a time."
    )
    originals: Literal["clean", "as_sent"] = Field(
        "clean",
        description="What the button Original brings: the file without its notes (`clean`), or as the service sent it "
        "(`as_sent`), which may tell the prompt, the time and the place.",
    )
    http_host: str = Field("127.0.0.1", description="Where /healthz, /readyz and /metrics are served.")
    http_port: int = Field(8090, ge=0, le=65535, description="0 takes any free port and names it in the log.")
    storage_chat_id: int | None = Field(
        None,
        description="A chat of yours and the bot's alone, for drawing in inline mode: Telegram takes no uploads there, "
        "so pictures go through this chat. docs/operating.md tells how.",
    )
    moderation_url: BaseUrl | None = Field(
        None,
        description="A service in the words of OpenAI that is asked whether words may be drawn, up to /v1, such as "
        "https://api.openai.com/v1. Empty: nobody is asked; /block works anyway.",
    )
    moderation_api_key: SecretStr = Field(SecretStr(""), description="Its key, where it takes one.")
    moderation_model: str = Field("omni-moderation-latest", description="Its model.")
    moderation_away: Literal["wait", "draw"] = Field(
        "wait", description="While it does not answer: nothing is drawn (`wait`), or everything is (`draw`)."
    )
    webhook_url: str = Field(
        "",
        description="Let Telegram bring updates to this https address instead of asking for them. "
        "Your proxy hands it on to HTTP_HOST:HTTP_PORT.",
    )
    webhook_secret: SecretStr = Field(
        SecretStr(""), description="Needed with WEBHOOK_URL: 16 or more letters, digits, _ or -, known to nobody."
    )
    webhook_secret_before: SecretStr = Field(
        SecretStr(""),
        description="The secret until now: it counts, too, until Telegram and your proxy know the new one.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="From debug to error.")
    log_format: Literal["console", "json"] = Field("console", description="`console` for eyes, `json` for machines.")
    telegram_api_base: str = Field(
        "https://api.telegram.org", description="Another Bot API server than the public one."
    )
    providers: Mapping[str, ProviderSettings] = Field(default_factory=dict)

    @field_validator("bot_token")
    @classmethod
    def _token_has_its_shape(cls, token: SecretStr) -> SecretStr:
        if not TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError("must be the whole token, like 123456:AbC-dEf")
        return token

    @field_validator(
        "access", "strange_groups", "originals", "log_level", "log_format", "moderation_away", mode="before"
    )
    @classmethod
    def _case_does_not_matter(cls, value: Any) -> Any:
        return value.lower() if isinstance(value, str) else value

    @field_validator("admin_ids", mode="before")
    @classmethod
    def _numbers_only(cls, value: Any) -> Any:
        words = re.split(r"[,\s]+", value.strip(" ,")) if isinstance(value, str) else value
        for word in words:
            if not str(word).isascii() or not str(word).isdigit():
                raise ValueError("takes numbers only: names can change hands")
            if int(word) in SHARED_IDS:
                raise ValueError(f"{word} stands for many people and cannot be an admin")
        return words

    @field_validator("fallbacks", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return [word.strip() for word in value.split(",") if word.strip()] if isinstance(value, str) else value

    @field_validator("telegram_api_base")
    @classmethod
    def _an_address(cls, text: str) -> str:
        url = urlsplit(text)
        if url.scheme not in ("http", "https") or not url.hostname:
            raise ValueError("must be an address like https://api.telegram.org")
        return text.rstrip("/")

    @field_validator("moderation_api_key")
    @classmethod
    def _letters_of_a_key(cls, key: SecretStr) -> SecretStr:
        if not KEY.fullmatch(word := key.get_secret_value().strip()) and word:
            raise ValueError("holds letters that no key has")
        return SecretStr(word)

    @field_validator("webhook_url")
    @classmethod
    def _https(cls, text: str) -> str:
        url = urlsplit(text)
        if text and (url.scheme != "https" or not url.hostname):
            raise ValueError("must be an address like https://bot.example.org/telegram")
        return text

    @model_validator(mode="after")
    def _nobody_else_brings_updates(self) -> "Settings":
        if self.webhook_url and not SECRET.fullmatch(self.webhook_secret.get_secret_value()):
            raise ValueError("WEBHOOK_SECRET: must be set with WEBHOOK_URL: 16 to 256 letters, digits, _ or -")
        if (before := self.webhook_secret_before.get_secret_value()) and not SECRET.fullmatch(before):
            raise ValueError("WEBHOOK_SECRET_BEFORE: must be 16 to 256 letters, digits, _ or -")
        return self

    @model_validator(mode="after")
    def _somebody_is_let_in(self) -> "Settings":
        if self.access == "members" and not self.admin_ids:
            raise ValueError("ADMIN_IDS: nobody could use the bot; name an admin, or set ACCESS=public")
        return self

    @property
    def bot_id(self) -> int:
        """The bot's own number, as its token tells it."""
        return int(self.bot_token.get_secret_value().partition(":")[0])

    @property
    def judging(self) -> Judging | None:
        """Who judges words; None: nobody."""
        key = self.moderation_api_key.get_secret_value()
        waits = self.moderation_away == "wait"
        return Judging(self.moderation_url, key, self.moderation_model, waits) if self.moderation_url else None

    def secrets(self) -> list[str]:
        """Every secret value in use, for the redaction of logs."""
        models: list[BaseModel] = [self, *self.providers.values()]
        values = (getattr(model, name) for model in models for name in type(model).model_fields)
        shown = (service.headers().get("Authorization", "").split() for service in self.providers.values())
        # Packed into a header a password looks otherwise.
        packed = [words[-1] for words in shown if words]
        return [*(value.get_secret_value() for value in values if isinstance(value, SecretStr)), *packed]


def load_settings(env_file: Path = ENV_FILE) -> Settings:
    """Read and check everything. Raises SettingsError with all that is wrong, and no secret, in its message."""
    services = _services(env_file)
    check_names(env_file, services)
    providers, problems = _read_providers(env_file, services)
    try:
        settings = Settings(_env_file=env_file, providers=providers)
    except ValidationError as error:
        raise SettingsError("; ".join([*_sentences(error, Settings), *problems])) from None
    if problems:
        raise SettingsError("; ".join(problems))
    return settings


def load_providers(env_file: Path = ENV_FILE) -> Mapping[str, ProviderSettings]:
    """Only the settings of the services, by their key: enough for drawing without a bot. Raises SettingsError."""
    providers, problems = _read_providers(env_file, _services(env_file))
    if problems:
        raise SettingsError("; ".join(problems))
    return providers


@dataclass(frozen=True, slots=True)
class Service:
    """One that has settings, on or off: its key, and the prefix of the variables that `Settings` is read from.

    `named`: it is there because the operator gave it a name.
    """

    key: str
    Settings: type[ProviderSettings]
    prefix: str
    named: bool = False

    def variables(self) -> list[str]:
        """All that can be set for it."""
        return [_variable(self.Settings, field, self.prefix) for field in self.Settings.model_fields]


def _services(env_file: Path) -> list[Service]:
    """Every adapter, and after it the servers that the operator named for it. Raises SettingsError for a bad name."""
    services = []
    for adapter in adapters():
        service = Service(adapter.key, adapter.Settings, _prefix(adapter.Settings))
        services += [service, *(_named(service, name) for name in _server_names(adapter, env_file))]
    return services


def _server_names(adapter: type[Provider], env_file: Path) -> tuple[str, ...]:
    if adapter.Servers is None:
        return ()
    try:
        return adapter.Servers(_env_file=env_file).servers
    except ValidationError as error:
        raise SettingsError("; ".join(_sentences(error, adapter.Servers))) from None


def _named(service: Service, name: str) -> Service:
    """A server of its own that is spoken to as `service` is."""
    prefix = f"{service.prefix}{name.replace('-', '_')}_".upper()
    if name in {adapter.key for adapter in adapters()}:
        raise SettingsError(f"{service.prefix}SERVERS: {name} is the name of another service already")
    if meant := next((variable for variable in service.variables() if variable.startswith(prefix)), None):
        raise SettingsError(f"{service.prefix}SERVERS: {name} cannot be a name, because {meant} is something else")
    return Service(name, service.Settings, prefix, named=True)


def _read_providers(env_file: Path, services: list[Service]) -> tuple[dict[str, ProviderSettings], list[str]]:
    providers: dict[str, ProviderSettings] = {}
    problems: list[str] = []
    for service in services:
        try:
            providers[service.key] = service.Settings(_env_file=env_file, _env_prefix=service.prefix)
            if service.named and not providers[service.key].on:
                problems.append(f"{service.prefix}API_KEY: must be set, or {service.prefix}BASE_URL")
        except ValidationError as error:
            problems += _sentences(error, service.Settings, service.prefix)
    return providers, problems


def readable_by_others(env_file: Path = ENV_FILE) -> bool:
    """Whether somebody else on this machine can read the secrets in the file."""
    return env_file.exists() and bool(env_file.stat().st_mode & 0o077)


def variables() -> Iterator[tuple[str, type[BaseSettings], str]]:
    """Every variable of a fixed name: its name, the settings it belongs to, the field there."""
    everyone: list[type[BaseSettings]] = [Settings]
    for adapter in adapters():
        everyone += [adapter.Settings, *([adapter.Servers] if adapter.Servers else [])]
    for settings in everyone:
        for field in settings.model_fields:
            if field != "providers":
                yield _variable(settings, field), settings, field


def check_names(env_file: Path, services: list[Service]) -> None:
    """Raises SettingsError for a name that nothing reads, so that no setting is lost to a slip of the pen."""
    known = {name for name, _, _ in variables()} | {name for service in services for name in service.variables()}
    prefixes = (*PREFIXES, *(service.prefix for service in services))
    in_file = {name.upper() for name in dotenv_values(env_file)}
    around = {name.upper() for name in os.environ}
    ours = {name for name in in_file | around if name.startswith(tuple(prefixes))}
    # A file for us may hold names for others, such as TZ, but hardly one that is so close to one of ours.
    slips = ours | {name for name in in_file if _nearest(name, known, CLOSE)}
    for name in sorted(slips - known - OTHERS):
        nearest = _nearest(name, known, 0.0)
        raise SettingsError(f"{name} is not a setting; did you mean {nearest}?")


def _nearest(name: str, known: set[str], cutoff: float) -> str | None:
    return next(iter(difflib.get_close_matches(name, sorted(known), n=1, cutoff=cutoff)), None)


def _prefix(settings: type[BaseSettings]) -> str:
    return str(settings.model_config.get("env_prefix", ""))


def _variable(settings: type[BaseSettings], field: str, prefix: str | None = None) -> str:
    """The variable of a field, which may be told by its alias, too. `prefix` is another than the settings' own."""
    aliases = {name: info.validation_alias for name, info in settings.model_fields.items()}
    if alias := aliases.get(field, field if field in aliases.values() else None):
        return str(alias)
    return f"{_prefix(settings) if prefix is None else prefix}{field}".upper()


def _sentences(error: ValidationError, settings: type[BaseSettings], prefix: str | None = None) -> list[str]:
    """One plain sentence for each problem; pydantic's own texts may quote what was set, so inputs are left out."""
    return [
        f"{_variable(settings, str(problem['loc'][0]), prefix)}: {_reason(problem)}"
        if problem["loc"]
        else _reason(problem)
        for problem in error.errors(include_url=False, include_input=False)
    ]


def _reason(problem: Mapping[str, Any]) -> str:
    if problem["type"] == "missing":
        return "must be set"
    text = str(problem["msg"]).removeprefix("Value error, ")
    return text[0].lower() + text[1:] if text.startswith(("Input", "Invalid")) else text


EXAMPLE_HEAD = """\
# Copy this file to .env and set what you need. What is commented out shows its default.
# `imagine-bot env` prints it.
"""


def example() -> str:
    """The text of `.env.example`. Comments stand on lines of their own: Docker takes all after `=` as the value."""
    lines = [EXAMPLE_HEAD]
    for name, settings, field in variables():
        lines += [*_explained(settings, field), _example_line(name, settings, field), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _explained(settings: type[BaseSettings], field: str) -> list[str]:
    description = settings.model_fields[field].description
    return [f"# {line}" for line in (description or "").splitlines()]


def _example_line(name: str, settings: type[BaseSettings], field: str) -> str:
    info = settings.model_fields[field]
    if info.is_required():
        return f"{name}="
    value = info.default.get_secret_value() if isinstance(info.default, SecretStr) else info.default
    if isinstance(value, tuple):
        value = ",".join(map(str, value))
    elif isinstance(value, bool):
        value = int(value)
    return f"# {name}={'' if value is None else value}".rstrip()
