"""Remembering is one statement, so that nothing comes between looking and writing."""

from __future__ import annotations

from typing import Any

from hamilton_sdk.store import Store
from hamilton_sdk.store.operation import Execute
from hamilton_sdk.webhooks._operations.inbox import Accept, Forget


class Counting:
    """Counts the statements that an operation runs."""

    writes = True

    def __init__(self, operation: Any) -> None:
        self._operation = operation
        self.statements = 0

    def run(self, execute: Execute) -> Any:
        def counted(*arguments: Any) -> Any:
            self.statements += 1
            return execute(*arguments)

        return self._operation.run(counted)


def test_each_is_one_statement(address: str) -> None:
    with Store(address) as store:
        for operation, result in ((Accept("s", "a", 1), True), (Accept("s", "a", 2), False), (Forget(2), 1)):
            counting: Any = Counting(operation)
            assert store.perform(counting) == result
            assert counting.statements == 1
