"""Those who have a journey open, and one who adds notes: a process of its own, so that it never waits for the bench.

Reads one order as JSON on standard input and answers with JSON, all times in seconds:
    {"do": "notes", "host", "port", "live_port", "journey", "headers", "operations": [...], "listeners": 20}
        → each listener's time from a note's sending until the listener holds that note
    {"do": "bare", "redis": URL, "rounds": 100, "listeners": 20}
        → each subscriber's time from a bare publish until it has heard
"""

import asyncio
import gc
import json
import sys
import time
from typing import Any

import redis.asyncio
from client import Connection, raw

PATIENCE = 20
PAUSE = 0.02  # seconds between two notes: people write, nobody floods


class Listener:
    """As the journey editor does: hears of a revision, then fetches what it lacks."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.order = order
        self.address = f"{order['host']}:{order['port']}"
        self.fetching = Connection(order["host"], order["port"])
        self.holds: set[str] = set()
        self.revision = 0
        self.held = asyncio.Condition()

    async def open(self) -> None:
        path = f"/api/v1/journeys/{self.order['journey']}/events/"
        self.reader, self.writer = await asyncio.open_connection(self.order["host"], self.order["live_port"])
        self.writer.write(raw({"method": "GET", "path": path, "headers": self.order["headers"]}, self.address))
        head = await self.reader.readuntil(b"\r\n\r\n")
        assert b" 200 " in head.splitlines()[0], head.decode()
        self.revision = await self._next_revision()  # where it begins

    async def _next_revision(self) -> int:
        """Past comments and the lengths of chunks."""
        while line := await self.reader.readline():
            if line.startswith(b"data: "):
                return json.loads(line.removeprefix(b"data: "))["revision"]
        raise EOFError("the stream ended")

    async def listen(self) -> None:
        while True:
            heard = await self._next_revision()
            if heard <= self.revision:
                continue
            path = f"/api/v1/journeys/{self.order['journey']}/operations/?after={self.revision}"
            status, body = await self.fetching.ask(
                raw({"method": "GET", "path": path, "headers": self.order["headers"]}, self.address)
            )
            assert status == 200, body
            found = json.loads(body)
            self.revision = found["revision"]
            async with self.held:
                self.holds |= {each["target"] for each in found["results"]}
                self.held.notify_all()

    async def wait_for(self, target: str) -> float:
        async with self.held:
            await asyncio.wait_for(self.held.wait_for(lambda: target in self.holds), PATIENCE)
        return time.perf_counter()


async def notes(order: dict[str, Any]) -> dict[str, Any]:
    listeners = [Listener(order) for _each in range(order["listeners"])]
    await asyncio.gather(*(each.open() for each in listeners))
    ears = [asyncio.create_task(each.listen()) for each in listeners]
    writer = Connection(order["host"], order["port"])
    path = f"/api/v1/journeys/{order['journey']}/operations/"
    times: list[float] = []
    for operation in order["operations"]:
        sent = raw(
            {"method": "POST", "path": path, "headers": order["headers"], "body": json.dumps([operation])},
            f"{order['host']}:{order['port']}",
        )
        waits = [asyncio.create_task(each.wait_for(operation["target"])) for each in listeners]
        began = time.perf_counter()
        status, body = await writer.ask(sent)
        assert status == 200, body
        assert json.loads(body)["results"][0]["result"] == "applied", body
        times += [moment - began for moment in await asyncio.gather(*waits)]
        await asyncio.sleep(PAUSE)
    for ear in ears:
        ear.cancel()
    return {"times": times}


async def bare(order: dict[str, Any]) -> dict[str, Any]:
    """One subscription for all listeners, handed on in the process: as the site holds it."""
    channel = "stigen:bench:bare"
    times: list[float] = []
    async with redis.asyncio.Redis.from_url(order["redis"]) as bell, bell.pubsub() as ear:
        await ear.subscribe(channel)
        while (await ear.get_message(timeout=PATIENCE) or {}).get("type") != "subscribe":
            pass
        for number in range(order["rounds"]):
            began = time.perf_counter()
            await bell.publish(channel, json.dumps({"revision": number}))
            while (await ear.get_message(timeout=PATIENCE) or {}).get("type") != "message":
                pass
            heard = [asyncio.Event() for _each in range(order["listeners"])]
            waits = [asyncio.create_task(each.wait()) for each in heard]
            for each in heard:
                each.set()
            await asyncio.gather(*waits)
            times += [time.perf_counter() - began] * order["listeners"]
            await asyncio.sleep(PAUSE)
    return {"times": times}


def main() -> None:
    order = json.load(sys.stdin)
    gc.disable()
    json.dump(asyncio.run({"notes": notes, "bare": bare}[order["do"]](order)), sys.stdout)


if __name__ == "__main__":
    main()
