"""However a request is spoilt, the AEOS simulator answers, with a fault at worst, and never breaks itself."""

from __future__ import annotations

from dataclasses import replace

import atheris
from harness import perform, spoil, start

with atheris.instrument_imports(include=["hamilton_sdk"]):
    from hamilton_sdk.acs.aeos import Aeos
    from hamilton_sdk.errors import ConnectorError
    from hamilton_sdk.flow import Request, Response
    from hamilton_sdk.testing.simulators.aeos.simulator import AeosSimulator

_SERVER = AeosSimulator(username="hamilton", password="secret")
_AEOS = Aeos("https://aeos.example/aeosws", username="hamilton", password="secret", timezone="Europe/Paris")


def _answer(request: Request) -> Response:
    answer = perform(_SERVER.respond(request), _answer)
    assert isinstance(answer, Response)
    return answer


def once(data: bytes) -> None:
    """Ask something, over a line that spoils the questions."""
    chance = atheris.FuzzedDataProvider(data)

    def spoilt(request: Request) -> Response:
        answer = _answer(replace(request, body=spoil(request.body, chance)))
        assert answer.status in {200, 400, 401, 404, 405, 413, 415, 500}, answer.status
        return answer

    reading = (_AEOS.check, _AEOS.profiles, _AEOS.credential_types, _AEOS.grants_page)
    try:
        perform(chance.PickValueInList(list(reading))(), spoilt)
    except ConnectorError as error:
        assert error.hint, error


if __name__ == "__main__":
    start(once)
