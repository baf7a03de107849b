"""Called by alembic: one transaction for the whole upgrade, on our own engine."""

from alembic import context

import feedback.imports.models
import feedback.integrity.models
import feedback.models  # noqa: F401
import heard.kit.pausing  # noqa: F401
import insights.models  # noqa: F401
import polls.models  # noqa: F401
from heard.kit.db import engines, metadata
from heard.migrations.run import foreign_keys_off, foreign_keys_sound, one_at_a_time

with engines().write.connect() as connection:
    foreign_keys_off(connection)
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    with connection.begin():
        one_at_a_time(connection)
        context.run_migrations()
        foreign_keys_sound(connection)
    connection.invalidate()  # the next user of this connection gets a new one, with foreign keys on
