"""The models of last time, kept in a file: after a restart the choices of people still mean something."""

from collections.abc import Mapping
from pathlib import Path

import structlog
from pydantic import TypeAdapter, ValidationError

from bot.images import ImageModel

MODELS = TypeAdapter(dict[str, list[ImageModel]])

log = structlog.get_logger()


def read_models(file: Path) -> dict[str, list[ImageModel]]:
    """By provider; empty when there is no file yet or it cannot be read: services are asked again anyway."""
    try:
        found = MODELS.validate_json(file.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValidationError) as error:
        log.warning("remembered_models_unreadable", reason=type(error).__name__)
        return {}
    return {key: [model for model in models if model.provider == key] for key, models in found.items()}


def write_models(file: Path, models: Mapping[str, list[ImageModel]]) -> None:
    """Replace the file at once, never half. Blocks for the disk; a full disk is only worth a line in the log."""
    fresh = file.with_suffix(".new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)
        fresh.write_bytes(MODELS.dump_json(dict(models)))
        fresh.replace(file)
    except OSError as error:
        log.warning("models_not_remembered", reason=type(error).__name__)
