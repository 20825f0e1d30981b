"""The connection that receives announcements: one per process, and never one of the pool."""

import asyncio
import logging
from collections.abc import AsyncIterator

import psycopg
from psycopg import sql

from chatsite.jobs.connections import direct_parameters
from conversations.live.hearing import DEAF_SECONDS, hearing
from conversations.models.announcing import CHANNEL

log = logging.getLogger(__name__)
RECONNECT_SECONDS = 0.5


async def announcements() -> AsyncIterator[list[str]]:
    """Yield each announcement as its words, forever; [] after each connect, as some may have been missed before it.

    If nothing comes in, not even our own ping, the connection is dead or leads to a pooler, so it connects again.
    """
    hearing.is_expected, reason = True, ""
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(**direct_parameters(), autocommit=True) as listener:
                await listener.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
                yield []
                while True:
                    async for note in listener.notifies(timeout=DEAF_SECONDS):
                        reason = ""
                        yield note.payload.split()
                    if not hearing.is_current:
                        raise psycopg.OperationalError("nothing was heard for a while")
        except psycopg.Error as error:
            hearing.heard_at = float("-inf")
            if not reason:
                reason = str(error).strip().partition("\n")[0]
                log.warning("no announcements come in: %s", reason)
        await asyncio.sleep(RECONNECT_SECONDS)
