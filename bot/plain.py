"""What went wrong, for who runs the bot in a shell: in plain words that name the setting to look at.

The sentences for chats say other things: people there have no settings, and another model to press.
"""

from collections.abc import Sequence

from bot.errors import BotError, Cause, ProviderError
from bot.images import ImageModel
from bot.imagine import fit
from bot.imagine.rules import Wish
from bot.providers import Provider

NAMED = 10  # models that are named

SENTENCES = {
    Cause.BAD_REQUEST: "{service} could make no sense of this",
    Cause.PROMPT_REFUSED: "{service} does not want to draw this",
    Cause.PROMPT_TOO_LONG: "these are too many words for the model",
    Cause.KEY_REFUSED: "{service} refuses the key; look at {key}",
    Cause.NO_FUNDS: "the account at {service} is used up",
    Cause.MODEL_GONE: "{service} does not have this model any more",
    Cause.RATE_LIMITED: "{service} has too much to do; try again in a few minutes",
    Cause.UNAVAILABLE: "{service} is down right now, or not at {url}",
    Cause.UNREACHABLE: "{service} cannot be reached; look at the network and at {url}",
    Cause.TIMED_OUT: "{service} did not answer in time",
    Cause.TOO_SLOW: "the answer of {service} came in too slowly",
    Cause.CUT_OFF: "the line to {service} broke off",
    Cause.SERVICE_ERROR: "something broke at {service}",
    Cause.REDIRECTED: "{service} is at another address; look at {url}",
    Cause.BROKEN_ANSWER: "{service} said something that cannot be read; look at {url}",
    Cause.SERVICE_GONE: "{service} does not exist any more",
    Cause.ADDRESS_REFUSED: "the picture lies at an address that is not trusted",
    Cause.NOT_A_PICTURE: "what {service} sent cannot be shown",
    Cause.PICTURE_TOO_LARGE: "the picture is too large",
    Cause.PICTURE_GONE: "the picture was gone before it could be fetched",
    Cause.STORAGE_FULL: "there is no room left for pictures",
}


class NotDrawn(BotError):
    """There is no picture. The message says why in plain words, and in a second line what the service said."""


def sentence(provider: Provider, error: ProviderError) -> str:
    """Why the service did not do it, and what can be looked at."""
    said = SENTENCES.get(error.cause, "{service} sent no picture").format(
        service=provider.title, key=_variable(provider, _key(provider)), url=_variable(provider, "base_url")
    )
    return f"{said}: {error.link}" if error.link else said


def no_list(provider: Provider, error: ProviderError) -> str:
    """Why there is no list of models. Where nothing is found, nobody spoke of a model."""
    if error.status == 404:
        return f"{provider.title} has no list of models at this address; look at {_variable(provider, 'base_url')}"
    return sentence(provider, error)


def behind(error: ProviderError) -> str:
    """What stands behind the sentence: the kind of error, and what the service said."""
    return f"{type(error).__name__} {error}"


def not_drawn(provider: Provider, error: ProviderError) -> NotDrawn:
    """The error for both."""
    return NotDrawn(f"{sentence(provider, error)}\n{behind(error)}")


def unfit(wish: Wish, model: ImageModel, offered: Sequence[ImageModel]) -> NotDrawn:
    """The error for a model that does not take these pictures, or takes no words alone."""
    if not wish.sources:
        return NotDrawn(f"{model.key} only changes pictures: give it one with --source")
    if model.sources:
        return NotDrawn(f"{model.key} takes no more pictures at a time than {model.sources}")
    return NotDrawn(f"{model.key} changes no pictures; there is:{among([m for m in offered if fit.takes(m, wish)])}")


def among(models: Sequence[ImageModel]) -> str:
    """Their names, each in a line of its own."""
    more = [f"and {len(models) - NAMED} more"] if len(models) > NAMED else []
    return "".join(f"\n  {name}" for name in [*(model.key for model in models[:NAMED]), *more]) or " none"


def _key(provider: Provider) -> str:
    fields = type(provider.settings).model_fields.items()
    return next((name for name, field in fields if "SecretStr" in str(field.annotation)), "")


def _variable(provider: Provider, field: str) -> str:
    """Where this setting of the service is read from; a server with a name of its own has it in between."""
    prefix = str(provider.settings.model_config.get("env_prefix", ""))
    own = "" if provider.key == type(provider).key else f"{provider.key.replace('-', '_')}_"
    return f"{prefix}{own}{field}".upper()
