"""What tests of running the bot start from."""

from pathlib import Path

import pytest

from tests.ops.yard import Yard


@pytest.fixture
def yard(data_dir: Path) -> Yard:
    """An empty data directory."""
    return Yard(data_dir)
