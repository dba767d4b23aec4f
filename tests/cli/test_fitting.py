"""A file made for another building is fitted to the simulated one, and what was changed is told."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hamilton_sdk.acs import Credential, CredentialType
from hamilton_sdk.cli.fitting import Building, fit
from tests.cli.guests import visit

_NUMBERS = CredentialType(
    id="2", name="Visitor badge", encoding="decimal", minimum="10000000", maximum="99999999"
)
_TEXTS = CredentialType(id="4", name="QR code")
_SITE = Building(
    profiles=("Visitors", "Contractors"),
    default_profile="Visitors",
    types={"badge": _NUMBERS, "qr": _TEXTS, "uid": _TEXTS, "mobile": _TEXTS},
)


def _credentials(*visits: object) -> list[Credential]:
    fitted, _ = fit(visits, _SITE, Random(1))
    found = [one.order.credential for one in fitted]
    assert all(found)
    return found


def test_what_fits_stays_as_it_is_and_nothing_is_told() -> None:
    visits = (visit(2), visit(3, badge="any text", kind="qr", profiles=("Contractors", "Visitors")))
    assert fit(visits, _SITE, Random(1)) == (visits, ())


def test_an_unknown_profile_is_replaced_by_the_default_and_told_once() -> None:
    fitted, notes = fit(
        [visit(2, profiles=("VIP", "Contractors")), visit(3, profiles=("VIP",))], _SITE, Random(1)
    )
    assert [one.order.profiles for one in fitted] == [("Visitors", "Contractors"), ("Visitors",)]
    assert notes == ("profile 'VIP' is unknown to the simulated site; 'Visitors' stands in",)


def test_a_number_out_of_range_gets_another_and_stays_one_badge() -> None:
    visits = [
        visit(2, badge="42"),
        visit(3, start=5, badge="42"),
        visit(4, badge="43"),
        visit(5, badge="AB", kind="uid"),
    ]
    first, again, other, card = _credentials(*visits)
    assert first == again
    assert first != other
    assert first.kind == "badge"
    assert 10_000_000 <= int(first.number) <= 99_999_999
    assert card == Credential("uid", "AB")
    _, notes = fit(visits, _SITE, Random(1))
    assert notes == ("2 numbers were replaced: out of the simulated site's range",)


def test_a_visit_without_a_number_gets_a_qr_code_of_its_own() -> None:
    one, two = _credentials(visit(2, badge=None), visit(3, badge=None))
    assert one.kind == two.kind == "qr"
    assert one != two
    _, notes = fit([visit(2, badge=None)], _SITE, Random(1))
    assert notes == ("1 visit has no number; the reception prints a QR code",)


def test_a_number_made_up_is_never_one_that_the_file_holds() -> None:
    made = fit([visit(2, badge=None)], _SITE, Random(1))[0][0].order.credential
    assert made is not None
    taken = visit(3, badge=made.number)
    fitted = _credentials(visit(2, badge=None), taken)
    assert fitted[0].number != made.number
    assert fitted[1] == taken.order.credential


def test_nothing_but_profiles_and_credential_is_touched() -> None:
    before = visit(2, badge=None, host="H-1", profiles=("VIP",))
    ((after,), _) = fit([before], _SITE, Random(1))
    changed = before.order.model_copy(
        update={"profiles": ("Visitors",), "credential": after.order.credential}
    )
    assert after == replace(before, order=changed)


def test_notes_say_nothing_personal() -> None:
    _, notes = fit([visit(2, badge="42", name="Secret", host="Secret")], _SITE, Random(1))
    assert notes
    assert not [note for note in notes if "42" in note or "Secret" in note]
