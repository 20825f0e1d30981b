"""The connection that receives announcements: one per process, and never one of the pool."""

import asyncio
import logging
from collections.abc import AsyncIterator
from types import SimpleNamespace

import psycopg
from psycopg import sql

from chatsite.jobs.connections import direct_parameters
from conversations.models.announcing import CHANNEL

log = logging.getLogger(__name__)
RECONNECT_SECONDS = 0.5
state = SimpleNamespace(is_listening=True)  # read by the health check


async def announcements() -> AsyncIterator[list[str]]:
    """Yield each announcement as its words, forever; [] after each connect, as some may have been missed before it."""
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(**direct_parameters(), autocommit=True) as listener:
                await listener.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
                state.is_listening = True
                yield []
                async for note in listener.notifies():
                    yield note.payload.split()
        except psycopg.Error as error:
            state.is_listening = False
            log.warning("no announcements come in: %s", str(error).strip().partition("\n")[0])
        await asyncio.sleep(RECONNECT_SECONDS)
