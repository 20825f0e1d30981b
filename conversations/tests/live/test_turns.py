"""Turns: somebody who asks for something often waits behind everybody who asks for it once."""

import asyncio

from chatsite.trials.client.threads import run_in_thread
from conversations.live.turns import Turns


def test_people_take_turns_however_often_each_of_them_waits():
    async def run():
        turns, order = Turns(), []

        async def take(person, number):
            async with turns.of(person):
                order.append((person, number))
                await asyncio.sleep(0)

        greedy = [asyncio.create_task(take(1, number)) for number in range(5)]
        await asyncio.sleep(0)
        await asyncio.gather(*greedy, take(2, 0), take(3, 0))
        return order

    order = run_in_thread(run())
    assert order.index((2, 0)) <= 3
    assert order.index((3, 0)) <= 4
    assert [number for person, number in order if person == 1] == list(range(5)), "their own order stays"


def test_whoever_leaves_while_waiting_passes_the_turn_on():
    async def run():
        turns = Turns()
        async with turns.of(1):
            waiting = [asyncio.create_task(enter(turns, person)) for person in (2, 3)]
            await asyncio.sleep(0)
            waiting[0].cancel()
        await asyncio.wait_for(waiting[1], 1)
        assert not turns.is_taken

    async def enter(turns, person):
        async with turns.of(person):
            pass

    run_in_thread(run())


def test_a_turn_that_comes_at_the_moment_of_leaving_is_passed_on():
    async def run():
        turns = Turns()
        holder = turns.of(1)
        await holder.__aenter__()
        leaving = asyncio.create_task(enter(turns, 2))
        await asyncio.sleep(0)
        await holder.__aexit__(None, None, None)  # gives the turn to the one who
        leaving.cancel()  # leaves before hearing of it
        await asyncio.gather(leaving, return_exceptions=True)
        await asyncio.wait_for(enter(turns, 3), 1)

    async def enter(turns, person):
        async with turns.of(person):
            pass

    run_in_thread(run())
