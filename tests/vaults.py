"""The keys of people in tests."""

from pathlib import Path

from bot.storage.vault import MasterKey, Vault

TOKEN = "7000000042:canary-token-AAGmJxqP8u7Kd0r4"


def vault_in(data_dir: Path) -> Vault:
    """Those of a house: without a master key its token locks them."""
    return Vault(data_dir, MasterKey(TOKEN))
