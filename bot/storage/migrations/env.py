"""What Alembic runs around the steps: one connection, a transaction a step, one process at a time."""

from alembic import context
from sqlalchemy import Connection, create_engine, event, pool

LOCK = 1_835_101_813  # any number that nothing else on the same PostgreSQL locks


def run() -> None:
    """Bring the database that the configuration names up to date."""
    engine = create_engine(context.config.attributes["url"], poolclass=pool.NullPool)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "begin", begin)
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            # Held until the connection closes, so a second process waits and then finds nothing to do.
            connection.exec_driver_sql(f"SELECT pg_advisory_lock({LOCK})")
            connection.commit()
        upgrade(connection)


def upgrade(connection: Connection) -> None:
    """Run the steps that are missing."""
    context.configure(connection=connection, transactional_ddl=True, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


def begin(connection: Connection) -> None:
    """Begin for real: Python's sqlite3 does so for INSERT only, and a killed step would stay half done."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


run()
