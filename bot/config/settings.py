"""Every setting, once."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.moderation.rules import Judging
from bot.privacy.rules import Policy
from bot.providers import ProviderSettings
from bot.providers.base import KEY, BaseUrl
from bot.storage.key_file import MasterKey

# Ids that stand for many people: anonymous group admins, channels, Telegram's own service account.
SHARED_IDS = frozenset({1087968824, 136817688, 777000})

TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{6,128}")
SHORTEST_MASTER_KEY = 32
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
    master_key: SecretStr = Field(
        SecretStr(""),
        description="What people's words and pictures are locked with, 32 characters or more: `imagine-bot key` prints "
        "one. Keep it outside DATA_DIR and its backups: whoever has both can read everything, and without it nobody "
        "can. Empty: BOT_TOKEN serves.",
    )
    master_key_before: SecretStr = Field(
        SecretStr(""),
        description="The key until now, for the first start with a new one (a new BOT_TOKEN, too, where it serves).",
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
    presets_file: Path = Field(
        Path("presets.toml"),
        description="Looks that people can name, such as --preset ink; docs/operating.md tells how. Without this file "
        "there are some that the bot comes with.",
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
    keep_pictures: int = Field(
        72,
        ge=1,
        le=24 * 365,
        description="For how many hours the files of pictures that are in their chats are kept, encrypted, for the "
        "button Original and for public links.",
    )
    keep_prompts: int = Field(
        30,
        ge=1,
        le=3650,
        description="For how many days the words are kept, encrypted, that a picture was asked for with. Favorites "
        "keep theirs. Without its words a picture stays in /history and can be changed, but not drawn again.",
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
    moderation_look_from: float = Field(
        0.4,
        ge=0,
        le=1,
        description="A score of its from here on is drawn, and somebody looks at it before it is shown (1: none is).",
    )
    moderation_refuse_from: float = Field(
        0.8, ge=0, le=1, description="A score of its from here on is refused, whether it says so itself or not."
    )
    moderation_hours: int = Field(
        12, ge=1, le=23, description="Hours for which such a picture waits for a look; then it is given up, and free."
    )
    operator_contact: str = Field(
        "",
        max_length=200,
        description="Whom people write to with questions: an @username, a mail address, a link. Shown in /privacy, "
        "/terms and /paysupport. Empty: `the person who runs this bot`.",
    )
    terms_url: str = Field("", description="Your own terms in full, an https address; named in /terms.")
    privacy_url: str = Field("", description="Your own privacy policy in full; named in /privacy.")
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

    @field_validator("master_key")
    @classmethod
    def _nobody_guesses_it(cls, key: SecretStr) -> SecretStr:
        if 0 < len(key.get_secret_value()) < SHORTEST_MASTER_KEY:
            raise ValueError(f"must have {SHORTEST_MASTER_KEY} characters or more: `imagine-bot key` prints one")
        return key

    @field_validator("webhook_url", "terms_url", "privacy_url")
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
    def master(self) -> MasterKey:
        """What the keys of people are locked with."""
        key = self.master_key.get_secret_value() or self.bot_token.get_secret_value()
        return MasterKey(key, self.master_key_before.get_secret_value())

    @property
    def judging(self) -> Judging | None:
        """Who judges words; None: nobody."""
        key = self.moderation_api_key.get_secret_value()
        if not self.moderation_url:
            return None
        waits, limits = self.moderation_away == "wait", (self.moderation_look_from, self.moderation_refuse_from)
        return Judging(self.moderation_url, key, self.moderation_model, waits, *limits)

    def policy(self, services: Iterable[str]) -> Policy:
        """What people are told about what is kept; `services` by the names that people read."""
        return Policy(
            contact=self.operator_contact.strip(),
            terms_url=self.terms_url,
            privacy_url=self.privacy_url,
            hours=self.keep_pictures,
            days=self.keep_prompts,
            judged=self.judging is not None,
            public=self.access == "public",
            services=tuple(services),
        )

    def secrets(self) -> list[str]:
        """Every secret value in use, for the redaction of logs."""
        models: list[BaseModel] = [self, *self.providers.values()]
        values = (getattr(model, name) for model in models for name in type(model).model_fields)
        shown = (service.headers().get("Authorization", "").split() for service in self.providers.values())
        # Packed into a header a password looks otherwise.
        packed = [words[-1] for words in shown if words]
        return [*(value.get_secret_value() for value in values if isinstance(value, SecretStr)), *packed]
