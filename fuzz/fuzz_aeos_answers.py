"""However an AEOS server's answers are spoilt, the adapter returns or raises a `ConnectorError`."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import atheris
from harness import NOW, perform, spoil, start

with atheris.instrument_imports(include=["hamilton_sdk"]):
    from hamilton_sdk.acs import AccessOrder, Credential, Holder
    from hamilton_sdk.acs.aeos import Aeos
    from hamilton_sdk.errors import ConnectorError
    from hamilton_sdk.flow import Request, Response
    from hamilton_sdk.model import TimeWindow
    from hamilton_sdk.testing.simulators.aeos.simulator import AeosSimulator

_SERVER = AeosSimulator(username="hamilton", password="secret")
_AEOS = Aeos("https://aeos.example/aeosws", username="hamilton", password="secret", timezone="Europe/Paris")


def _answer(request: Request) -> Response:
    answer = perform(_SERVER.respond(request), _answer)
    assert isinstance(answer, Response)
    return answer


_WINDOW = TimeWindow(NOW, NOW + timedelta(hours=8))
_SERVER.add_employee("Martin", personnel_number="4711")
_HOLDER = Holder("VISIT-1", "Durand", given_name="Élodie", host="4711")
_BADGE = Credential("badge", "10000042", type="Visitor badge")
perform(_AEOS.activate(AccessOrder(_HOLDER, ("Visitors",), _WINDOW, _BADGE)), _answer)


def once(data: bytes) -> None:
    """Read what is there, over a line that spoils the answers."""
    chance = atheris.FuzzedDataProvider(data)

    def spoilt(request: Request) -> Response:
        answer = _answer(request)
        return replace(answer, body=spoil(answer.body, chance))

    reading = (_AEOS.check, _AEOS.profiles, _AEOS.credential_types, _AEOS.grants_page)
    flow = _AEOS.find("VISIT-1") if chance.ConsumeBool() else chance.PickValueInList(list(reading))()
    try:
        perform(flow, spoilt)
    except ConnectorError as error:
        assert error.hint, error


if __name__ == "__main__":
    start(once)
