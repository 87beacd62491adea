"""Runs migrations on the connection that `labeling.database` hands over; the transaction is the caller's."""

from alembic import context

from labeling.schema import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
context.run_migrations()
