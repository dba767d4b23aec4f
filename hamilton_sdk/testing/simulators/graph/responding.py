"""What may be said to a meeting: cancel, accept, decline, tentativelyAccept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from hamilton_sdk.testing.simulators.graph.errors import bad_request, malformed
from hamilton_sdk.testing.simulators.graph.times import read_moment
from hamilton_sdk.testing.simulators.graph.wire import Reply

if TYPE_CHECKING:
    from hamilton_sdk.testing.simulators.graph.events import Events
    from hamilton_sdk.testing.simulators.graph.meetings import Meetings
    from hamilton_sdk.testing.simulators.graph.state import Event, Mailbox
    from hamilton_sdk.testing.simulators.graph.wire import Call

__all__ = ["ACTIONS", "Responding"]

_RESPONSES: Final = {
    "accept": "accepted",
    "decline": "declined",
    "tentativelyaccept": "tentativelyAccepted",
}
ACTIONS: Final = {
    "cancel": "cancel",
    "accept": "accept",
    "decline": "decline",
    "tentativelyaccept": "tentativelyAccept",
}
"""Their names by lower case: action names have no case on the service."""
_NOT_ORGANIZER: Final = "Your request can't be completed. You need to be an organizer to cancel a meeting."
_ORGANIZER: Final = (
    "Your request can't be completed. You can't respond to this meeting because you're the organizer."
)


class Responding:
    """The actions on events.

    Args:
        events: Finds them.
        meetings: Carries answers.
    """

    def __init__(self, events: Events, meetings: Meetings) -> None:
        self._events = events
        self._meetings = meetings

    def act(self, call: Call, mailbox: Mailbox, key: str, action: str) -> Reply:
        """POST …/events/{id}/{action}: 202 without a body."""
        event = self._events.find(mailbox, key)
        given = _parameters(call)
        if action == "cancel":
            self.cancel(event)
        else:
            self._respond(event, _RESPONSES[action], given)
        return Reply(202)

    def cancel(self, event: Event) -> None:
        """Call a meeting, or one day of it, off.

        Raises:
            Refused: The owner does not organise it.
        """
        if not event.is_organizer:
            raise bad_request(_NOT_ORGANIZER)
        self._events.remove(event)

    def _respond(self, event: Event, response: str, given: dict[str, Any]) -> None:
        if event.is_organizer:
            raise bad_request(_ORGANIZER)
        tell = given.get("sendresponse", True)
        if not isinstance(tell, bool):
            raise malformed()
        if "sendresponse" in given and tell and not event.members["responseRequested"]:
            message = "The organizer has not requested a response."
            raise bad_request(message)
        if given.get("proposednewtime") is not None:
            self._check_proposal(event, response, given["proposednewtime"])
        # What is said to one occurrence is kept for the series: the simulated attendees know no other.
        self._meetings.answer(event.master or event, response, tell=tell)

    @staticmethod
    def _check_proposal(event: Event, response: str, proposal: Any) -> None:  # noqa: ANN401 (as in the JSON)
        if response == "accepted" or not isinstance(proposal, dict):
            raise malformed()
        times = cast("dict[str, object]", proposal)
        read_moment(times.get("start"))
        read_moment(times.get("end"))
        if not event.members["allowNewTimeProposals"]:
            message = "The organizer does not allow new time proposals."
            raise bad_request(message)


def _parameters(call: Call) -> dict[str, Any]:
    """Parameters by lower-case names: the metadata and the documentation write them differently."""
    if not call.body:
        return {}
    given = {name.lower(): value for name, value in call.document().items()}
    if not given.keys() <= {"comment", "sendresponse", "proposednewtime"}:
        raise malformed()
    return given
