"""The connection on which announcements come in: one per process, and never one of the pool."""

import asyncio
import logging
from collections.abc import AsyncIterator
from types import SimpleNamespace

import psycopg
from django.db import connection
from psycopg import sql

from conversations.models.announcing import CHANNEL

log = logging.getLogger(__name__)
PAUSE = 0.5  # seconds before another attempt
state = SimpleNamespace(is_deaf=False)  # for who asks whether this process is well


async def announcements() -> AsyncIterator[list[str]]:
    """Yield each announcement as its words, for ever; [] whenever listening has begun anew, so some may be missed."""
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(**parameters(), autocommit=True) as listener:
                await listener.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
                state.is_deaf = False
                yield []
                async for note in listener.notifies():
                    yield note.payload.split()
        except psycopg.Error as error:
            state.is_deaf = True
            log.warning("no announcements come in: %s", str(error).strip().partition("\n")[0])
        await asyncio.sleep(PAUSE)


def parameters() -> dict:
    """Tell how Django connects, without what only its own connections take."""
    ours = connection.get_connection_params()
    return {name: value for name, value in ours.items() if name not in ("cursor_factory", "context", "pool")}
