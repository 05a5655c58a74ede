"""A light HTTP client, run as a process of its own so that it never waits for the one that measures.

Reads one order as JSON on standard input and answers with JSON:
    {"do": "repeat", "requests": [...], "seconds": 5, "connections": 4}    → each answer's time and status
    {"do": "at_once", "requests": [...]}                                   → one connection each, all sent together
A request is {"method", "path", "headers", "body"}.
"""

import asyncio
import gc
import json
import sys
import time
from typing import Any

Request = dict[str, Any]
PATIENCE = 120


class Connection:
    """One HTTP/1.1 connection, opened again when the server has closed it."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def open(self) -> None:
        self.reader, self.writer = await asyncio.open_connection(self.host, self.port, limit=2**22)

    async def ask(self, raw: bytes) -> tuple[int, bytes]:
        if self.writer is None or self.reader is None or self.reader.at_eof():
            await self.open()
        assert self.writer
        assert self.reader
        self.writer.write(raw)
        head = await self.reader.readuntil(b"\r\n\r\n")
        status = int(head[9:12])
        headers = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
        if headers.get(b"transfer-encoding") == b"chunked":
            body = await self._chunks()
        else:
            body = await self.reader.readexactly(int(headers.get(b"content-length", 0)))
        if headers.get(b"connection") == b"close":
            self.close()
        return status, body

    async def _chunks(self) -> bytes:
        assert self.reader
        parts = []
        while size := int(await self.reader.readline(), 16):
            parts.append(await self.reader.readexactly(size))
            await self.reader.readline()
        await self.reader.readline()
        return b"".join(parts)

    def close(self) -> None:
        if self.writer:
            self.writer.close()
        self.reader = self.writer = None


def raw(request: Request, host: str) -> bytes:
    body = request.get("body", "").encode()
    headers = {"Host": host, **request.get("headers", {})}
    if body or request["method"] == "POST":
        headers |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
    lines = [
        f"{request['method']} {request['path']} HTTP/1.1",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def repeat(order: dict[str, Any]) -> dict[str, Any]:
    requests = [raw(request, f"{order['host']}:{order['port']}") for request in order["requests"]]
    until = time.perf_counter() + order["seconds"]
    times: list[float] = []
    statuses: dict[int, int] = {}

    async def one(number: int) -> None:
        connection = Connection(order["host"], order["port"])
        turn = number
        while time.perf_counter() < until and len(times) < order.get("most", 10**9):
            began = time.perf_counter()
            status, _body = await connection.ask(requests[turn % len(requests)])
            times.append(time.perf_counter() - began)
            statuses[status] = statuses.get(status, 0) + 1
            turn += 1
        connection.close()

    began = time.perf_counter()
    await asyncio.gather(*(one(number) for number in range(order["connections"])))
    return {"times": times, "statuses": statuses, "seconds": time.perf_counter() - began}


async def at_once(order: dict[str, Any]) -> dict[str, Any]:
    requests = [raw(request, f"{order['host']}:{order['port']}") for request in order["requests"]]
    gate = asyncio.Event()
    times: list[float] = []

    async def one(request: bytes) -> tuple[int, str]:
        connection = Connection(order["host"], order["port"])
        await gate.wait()
        began = time.perf_counter()
        try:
            status, body = await asyncio.wait_for(connection.ask(request), PATIENCE)
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            return 0, repr(error)
        times.append(time.perf_counter() - began)
        connection.close()
        return status, body.decode(errors="replace")[:300]

    callers = [asyncio.create_task(one(request)) for request in requests]
    await asyncio.sleep(0.2)
    began = time.perf_counter()
    gate.set()
    answers = await asyncio.gather(*callers)
    return {"answers": answers, "times": times, "seconds": time.perf_counter() - began}


def main() -> None:
    order = json.load(sys.stdin)
    gc.disable()
    json.dump(asyncio.run({"repeat": repeat, "at_once": at_once}[order["do"]](order)), sys.stdout)


if __name__ == "__main__":
    main()
