"""The tables through time: one module a step, run by Alembic, never edited once released."""

HEAD = "0019"
"""The newest step. A test compares it with the modules, so that a start need not import Alembic to know."""
