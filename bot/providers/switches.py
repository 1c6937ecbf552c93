"""What the operator has switched by hand: services and models that are off, and the one that goes first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from bot.images import ImageModel, service_of
from bot.providers.catalogue import Service


@dataclass(frozen=True, slots=True)
class Switches:
    """`off` are keys of services or of models, `preferred` is the key of a service or of a model."""

    off: frozenset[str] = field(default_factory=frozenset)
    preferred: str | None = None

    def applied(self, services: Iterable[Service]) -> Sequence[Service]:
        """What is on, with the preferred service or model in front."""
        on = [replace(service, models=self._on(service.models)) for service in services if service.key not in self.off]
        first = service_of(self.preferred or "")
        return sorted(on, key=lambda service: service.key != first)

    def _on(self, models: Iterable[ImageModel]) -> Sequence[ImageModel]:
        on = (model for model in models if model.key not in self.off)
        return tuple(sorted(on, key=lambda model: model.key != self.preferred))
