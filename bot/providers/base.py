"""The contract of a provider: one service that draws. A new one is one file here and one cassette among the tests."""

import asyncio
import re
import zlib
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import Cause, ProviderError, Refused
from bot.http import Http
from bot.images import GeneratedImage, ImageModel, ImageRequest
from bot.storage.shield import carry_through

TAKING_BACK = 5.0  # seconds that a service has to hear of an order that nobody can come back for

# What is believed of a service's word, which goes into a note.
PLACES = range(1, 1_000_000)
SECONDS = range(1, 24 * 3600)

Shape = TypeVar("Shape", bound=BaseModel)

LONGEST_NAME = 100
ADDRESS = re.compile(
    r"https?://(\[[0-9a-f:.]+\]|[\w-]+(\.[\w-]+)*\.?)(:\d{1,5})?(/[^\s?#\\\x00-\x1f]*)?", re.IGNORECASE
)
KEY = re.compile(r"[!-~]+")
SERVER_NAME = re.compile(r"[a-z][a-z0-9_-]{0,20}")


def _service_address(text: str) -> str:
    """An http or https address without the final slash; a query would be a place for keys, so none is taken."""
    if not ADDRESS.fullmatch(text) or not _has_a_port(text):
        raise ValueError("must be an address like https://api.example.org")
    return text.rstrip("/")


def _has_a_port(text: str) -> bool:
    try:
        return urlsplit(text).port != 0
    except ValueError:  # beyond the last one
        return False


BaseUrl = Annotated[str, AfterValidator(_service_address)]


class ProviderSettings(BaseSettings):
    """What the operator decides about one provider, read from the environment by the prefix of the subclass."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)

    @property
    def on(self) -> bool:
        """Whether the provider may be used."""
        return False

    @property
    def address(self) -> str:
        """Where the service is; empty for one that needs no network."""
        return ""

    def headers(self) -> dict[str, str]:
        """How the key is shown to the service. In headers only: addresses end up in logs."""
        return {}


class ServiceSettings(ProviderSettings):
    """A service with a key: `<PREFIX>API_KEY` and `<PREFIX>BASE_URL`. It is on when its key is set."""

    api_key: SecretStr | None = Field(None, description="The key of the service.")
    base_url: BaseUrl = Field(description="Where the service is.")
    daily_cap: int | None = Field(
        None, ge=0, description="The most that it may draw in a day, in credits of all people together; empty: no end."
    )

    @field_validator("api_key")
    @classmethod
    def _off_is_none(cls, key: SecretStr | None) -> SecretStr | None:
        """An empty variable means the default, so a provider that has a key by itself needs a word to be off."""
        word = key.get_secret_value().strip() if key else ""
        if word and not KEY.fullmatch(word):
            raise ValueError("holds letters that no key has")
        return SecretStr(word) if word and word.casefold() != "off" else None

    @property
    def on(self) -> bool:
        """Whether its key is set."""
        return self.api_key is not None

    @property
    def address(self) -> str:
        """The configured address."""
        return self.base_url

    def headers(self) -> dict[str, str]:
        """A bearer token, as most services want it."""
        return {"Authorization": f"Bearer {self.api_key.get_secret_value()}"} if self.api_key else {}


class ServerNames(BaseSettings):
    """`<PREFIX>SERVERS`: more servers that the same adapter speaks to, each a provider of its own under its name.

    The settings of each are those of the adapter, read by the prefix `<PREFIX><NAME>_`.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)

    servers: Annotated[tuple[str, ...], NoDecode] = ()

    @field_validator("servers", mode="before")
    @classmethod
    def _apart(cls, value: Any) -> Any:
        return [word for word in re.split(r"[,\s]+", value) if word] if isinstance(value, str) else value

    @field_validator("servers")
    @classmethod
    def _names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if not all(map(SERVER_NAME.fullmatch, names)):
            raise ValueError("takes names of at most 21 small letters, digits, _ and -, beginning with a letter")
        if len({name.replace("-", "_") for name in names}) < len(names):
            raise ValueError("names a server twice")
        return names


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign of life from a service that is drawing; each part may be unknown.

    `place` in its queue (1 is next), `seconds` that it expects to need still, `part` that is done, from 0 to 1.
    """

    place: int | None = None
    seconds: int | None = None
    part: float | None = None

    def believed(self) -> "Sign":
        """Without what cannot be."""
        return Sign(
            self.place if self.place in PLACES else None,
            self.seconds if self.seconds in SECONDS else None,
            self.part if self.part is not None and 0 <= self.part <= 1 else None,
        )


def is_name(told: str) -> bool:
    """Whether this can be shown as the name of a model: no line ends, no letters that turn the others around."""
    return told.strip() != "" and told.isprintable() and len(told) <= LONGEST_NAME


def slug(name: str) -> str:
    """The name of a model as part of its key; for one in letters that keys do not have a number that stays the same."""
    words = re.sub(r"[^a-z0-9._]+", "-", name.casefold()).strip("-")[:60]
    return words or f"{zlib.crc32(name.encode()):08x}"


def readable(told: Iterable[Any], shape: type[Shape]) -> list[Shape]:
    """Each entry of a list by itself: one that is odd does not spoil the others."""
    found = []
    for entry in told:
        with suppress(ValidationError):
            found.append(shape.model_validate(entry))
    return found


@dataclass(frozen=True, slots=True)
class Account:
    """What is left at a service, in its own words: `balance` such as `12.5 credits`; `link` is where to fill it up."""

    balance: str
    link: str | None = None


class Ticket:
    """What a slow service gave us to come back with. After a restart `remote_id` holds what was kept."""

    def __init__(
        self,
        remote_id: str | None = None,
        keep: Callable[[str], Awaitable[None]] | None = None,
        tell: Callable[[Sign], None] | None = None,
    ) -> None:
        self.remote_id = remote_id
        self._keep = keep
        self._tell = tell

    def tell(self, sign: Sign) -> None:
        """Pass on how it goes, for the note. May be lost."""
        if self._tell:
            self._tell(sign.believed())

    async def keep(self, remote_id: str, take_back: Callable[[str], Awaitable[None]] | None = None) -> None:
        """Store the id before waiting for what it stands for: then nothing is ordered twice.

        What cannot be stored, because its person canceled it just now or the disk is full, nobody could come back
        for: `take_back` is called. What is stored is taken back by whoever ends the wait for it.
        """
        try:
            await carry_through(self._store(remote_id))
        except BaseException:
            if take_back and self.remote_id != remote_id:
                await carry_through(_within(TAKING_BACK, take_back(remote_id)))
            raise

    async def _store(self, remote_id: str) -> None:
        if self._keep:
            await self._keep(remote_id)
        self.remote_id = remote_id


async def _within(seconds: float, taking_back: Awaitable[None]) -> None:
    # What cannot be taken back now ends by itself, unseen.
    with suppress(ProviderError, TimeoutError):
        async with asyncio.timeout(seconds):
            await taking_back


class Provider(ABC):
    """One service.

    An adapter turns our words into the service's words and its answer into pictures; nothing else. It asks through
    `http` only, does not retry, reads no clock and no environment, writes no log and no sentence for people.
    """

    key: str
    """Stable for ever: it is stored with every picture."""
    title: str
    repeatable: bool = False
    """Asking twice costs nothing, so an unknown outcome may be asked again."""
    patience: ClassVar[float] = 0.0
    """Seconds that a picture may take here, where the operator allows fewer: for services with a queue of their own."""
    publishes: ClassVar[bool] = False
    """Can show a picture to everybody who has its link: see `publish`."""
    pages: ClassVar[frozenset[str]] = frozenset()
    """Hosts beside its own to which its answers may send the admins, to pay for instance."""
    Settings: ClassVar[type[ProviderSettings]] = ProviderSettings
    Servers: ClassVar[type[ServerNames] | None] = None
    """The settings that name more servers of this kind, where one adapter may speak to several."""
    shipped: ClassVar[Sequence[ImageModel]]
    """The models that are known without asking."""

    def __init__(self, http: Http, settings: ProviderSettings, key: str = "") -> None:
        """`key` is the name of one of several servers that this adapter speaks to, instead of the adapter's own."""
        self.http = http
        self.settings = settings
        self.key = key or self.key
        self._models: Sequence[ImageModel] = self.shipped

    def models(self) -> Sequence[ImageModel]:
        """What can be asked for now: the service's own list once it is known, the shipped one before."""
        return self._models

    def remember(self, models: Sequence[ImageModel]) -> None:
        """Offer these from now on. An empty list is no list."""
        self._models = tuple(models) or self._models

    async def listed(self) -> Sequence[ImageModel]:
        """Ask the service for its list; empty where it has none. Raises ProviderError."""
        return ()

    async def account(self) -> Account | None:
        """What is left at the service; None where it does not say. Raises ProviderError."""
        return None

    async def refresh(self) -> None:
        """Bring the list up to date. A failure keeps the old one. Raises ProviderError."""
        self.remember(await self.listed())

    @abstractmethod
    async def generate(self, request: ImageRequest, ticket: Ticket) -> list[GeneratedImage]:
        """Draw: one picture or more, at most `request.count`, in the spool. Raises ProviderError."""

    async def take_back(self, remote_id: str) -> None:  # noqa: B027  most services have no orders
        """Tell the service that nobody wants this order any more, where it can be told. Raises ProviderError."""

    async def publish(self, picture: Path, content_type: str, ticket: Ticket) -> str:
        """Bring a picture that was drawn here to where everybody with its link can see it; that link.

        The id to `withdraw` it by is kept in the ticket. Raises ProviderError.
        """
        raise Refused(Cause.BAD_REQUEST, "publishes nothing")

    async def withdraw(self, remote_id: str) -> None:
        """Take back what was published; what is gone there already is no error. Raises ProviderError."""
        raise Refused(Cause.BAD_REQUEST, "publishes nothing")
