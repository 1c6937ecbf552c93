"""The models of last time, kept in a file: after a restart the choices of people still mean something."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from pydantic import TypeAdapter, ValidationError

from bot.images import ImageModel, service_of
from bot.steps import step

# In the file beside the services, which are never called so: models that are offered no more.
GONE = "*"
# So many of them are remembered, the latest ones.
MOST_GONE = 300

MODELS = TypeAdapter(dict[str, list[ImageModel]])

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Memory:
    """`offered` by service, and `gone` by key: what was offered once, with its name and price of then."""

    offered: Mapping[str, Sequence[ImageModel]] = field(default_factory=dict)
    gone: Mapping[str, ImageModel] = field(default_factory=dict)

    def known(self, key: str) -> ImageModel | None:
        """The model of this key as it was when it was offered last."""
        of_service = self.offered.get(service_of(key), ())
        return next((model for model in of_service if model.key == key), None) or self.gone.get(key)

    def after(self, offered: Mapping[str, Sequence[ImageModel]]) -> "Memory":
        """What to remember now that this is offered. A service that is off keeps its list until it is on again."""
        offered = {**self.offered, **offered}
        here = {model.key for models in offered.values() for model in models}
        lately = {model.key: model for models in self.offered.values() for model in models}
        gone = {key: model for key, model in {**self.gone, **lately}.items() if key not in here}
        return Memory(offered, dict(list(gone.items())[-MOST_GONE:]))


def read_models(file: Path) -> Memory:
    """Empty when there is no file yet or it cannot be read: services are asked again anyway."""
    try:
        found = MODELS.validate_json(file.read_bytes())
    except FileNotFoundError:
        return Memory()
    except (OSError, ValidationError) as error:
        log.warning("remembered_models_unreadable", reason=type(error).__name__)
        return Memory()
    gone = {model.key: model for model in found.pop(GONE, [])}
    offered = {key: [model for model in models if model.provider == key] for key, models in found.items()}
    return Memory(offered, gone)


def write_models(file: Path, memory: Memory) -> None:
    """Replace the file at once, never half. Blocks for the disk; a full disk is only worth a line in the log."""
    fresh = file.with_suffix(".new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)
        kept = {key: list(models) for key, models in memory.offered.items()}
        fresh.write_bytes(MODELS.dump_json({**kept, GONE: list(memory.gone.values())}))
        step("before list")
        fresh.replace(file)
        step("after list")
    except OSError as error:
        log.warning("models_not_remembered", reason=type(error).__name__)
