"""Two who act at the same moment, each with a connection of their own. The test's rows must be committed."""

import threading
from collections.abc import Callable

from django.db import connection


def at_once(act: Callable[[], object], *, times: int = 2) -> list[Exception]:
    """Begins `act` in so many threads behind one gate; what went wrong in them."""
    gate = threading.Barrier(times)
    faults: list[Exception] = []

    def begin() -> None:
        try:
            gate.wait(60)
            act()
        except Exception as fault:  # noqa: BLE001 - told by the test itself
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=begin) for _each in range(times)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return faults
