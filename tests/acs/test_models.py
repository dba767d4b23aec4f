"""The words of access control: what they take, what they refuse, and what they never show."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from hamilton_sdk.acs.models import AccessGrant, AccessOrder, Credential, Drift, Holder
from hamilton_sdk.errors import Invalid
from hamilton_sdk.model import TimeWindow

START = datetime(2026, 3, 27, 8, tzinfo=UTC)
WINDOW = TimeWindow(START, START + timedelta(hours=9))
HOLDER = Holder("visit-1", "Quatremère", "Zéphyrine", email="zephyrine@example.org")
BADGE = Credential("badge", "48213377")


class TestHolder:
    def test_takes_its_fields_by_place_in_the_order_of_the_interface(self) -> None:
        holder = Holder(
            "visit-1", "Quatremère", "Zéphyrine", "Vergelesses", "z@example.org", "+33", "fr", "4821"
        )
        assert (holder.reference, holder.family_name, holder.given_name) == (
            "visit-1",
            "Quatremère",
            "Zéphyrine",
        )
        assert (holder.company, holder.email, holder.phone) == ("Vergelesses", "z@example.org", "+33")
        assert (holder.language, holder.host) == ("fr", "4821")

    def test_needs_a_reference_and_a_family_name_alone(self) -> None:
        holder = Holder("visit-1", "Quatremère")
        given = holder.model_dump(exclude={"reference", "family_name"})
        assert set(given.values()) == {None}

    @pytest.mark.parametrize(
        ("reference", "family_name", "place"),
        [
            ("", "Quatremère", "Holder.reference"),
            (" ", "Quatremère", "Holder.reference"),
            ("visit-1", "", "Holder.family_name"),
            ("visit-1", "  ", "Holder.family_name"),
        ],
    )
    def test_refuses_an_empty_reference_or_family_name(
        self, reference: str, family_name: str, place: str
    ) -> None:
        with pytest.raises(Invalid, match=f"^{place}: is empty") as caught:
            Holder(reference, family_name)
        assert "every access-control system needs it" in (caught.value.hint or "")

    @pytest.mark.parametrize("reference", [" visit-1", "visit-1 "])
    def test_refuses_a_reference_that_a_peer_would_trim(self, reference: str) -> None:
        with pytest.raises(Invalid, match=r"^Holder\.reference: begins or ends with a space") as caught:
            Holder(reference, "Quatremère")
        assert "trim it" in (caught.value.hint or "")

    @pytest.mark.parametrize(
        "field",
        ["reference", "family_name", "given_name", "company", "email", "phone", "language", "host"],
    )
    def test_refuses_control_characters_without_repeating_the_value(self, field: str) -> None:
        values = {"reference": "visit-1", "family_name": "Quatremère", field: "Secret\tName"}
        with pytest.raises(Invalid, match="control character") as caught:
            Holder(**values)
        assert f"Holder.{field}" in str(caught.value)
        assert "Secret" not in f"{caught.value!r} {caught.value.hint}"

    def test_shows_the_reference_alone(self) -> None:
        assert repr(HOLDER) == "Holder(reference='visit-1', language=None)"
        assert str(HOLDER) == "reference='visit-1' language=None"
        # What rich and other pretty printers ask for.
        assert dict(HOLDER.__repr_args__()) == {"reference": "visit-1", "language": None}

    def test_a_copy_is_checked_like_a_new_one(self) -> None:
        assert HOLDER.model_copy(update={"given_name": None}).given_name is None
        with pytest.raises(Invalid, match="is empty"):
            HOLDER.model_copy(update={"family_name": ""})

    def test_pydantic_checks_it_in_its_own_way(self) -> None:
        assert Holder.model_validate({"reference": "visit-1", "family_name": "Quatremère"}).host is None
        with pytest.raises(ValidationError):
            Holder.model_validate({"reference": "visit-1"})
        with pytest.raises(ValidationError):
            Holder.model_validate({"reference": "visit-1 ", "family_name": "Quatremère"})


class TestAccessOrder:
    def test_takes_profiles_from_any_iterable_each_once(self) -> None:
        order = AccessOrder(HOLDER, (name for name in ("Visitors", "Lab", "Visitors")), WINDOW)
        assert order.profiles == ("Visitors", "Lab")

    def test_knows_its_reference(self) -> None:
        assert AccessOrder(HOLDER, ["Visitors"], WINDOW).reference == "visit-1"

    def test_needs_no_credential(self) -> None:
        assert AccessOrder(HOLDER, ["Visitors"], WINDOW).credential is None
        assert AccessOrder(HOLDER, ["Visitors"], WINDOW, BADGE).credential == BADGE

    def test_refuses_no_profile_and_says_how_to_list_them(self) -> None:
        with pytest.raises(Invalid, match=r"^AccessOrder\.profiles: is empty") as caught:
            AccessOrder(HOLDER, [], WINDOW)
        assert "`profiles()`" in (caught.value.hint or "")

    def test_refuses_a_single_text_which_would_be_a_profile_for_each_letter(self) -> None:
        with pytest.raises(Invalid, match=r"^AccessOrder\.profiles: is a single text") as caught:
            AccessOrder(HOLDER, "Visitors", WINDOW)
        assert "tuple" in (caught.value.hint or "")

    @pytest.mark.parametrize("profiles", [[["Visitors"]], [1], ["Visi\ntors"], 5])
    def test_refuses_profiles_that_are_no_texts(self, profiles: list[str]) -> None:
        with pytest.raises(Invalid, match=r"^AccessOrder\.profiles"):
            AccessOrder(HOLDER, profiles, WINDOW)

    def test_equal_orders_compare_and_hash_equal(self) -> None:
        one, other = (AccessOrder(HOLDER, ["Visitors"], WINDOW, BADGE) for _ in range(2))
        assert one == other
        assert hash(one) == hash(other)

    def test_is_frozen(self) -> None:
        order = AccessOrder(HOLDER, ["Visitors"], WINDOW)
        with pytest.raises(ValidationError):
            order.window = WINDOW  # type: ignore[misc]  # the very thing that must not work

    def test_shows_neither_name_nor_number(self) -> None:
        text = repr(AccessOrder(HOLDER, ["Visitors"], WINDOW, BADGE))
        assert "visit-1" in text
        assert not any(secret in text for secret in ("Quatremère", "Zéphyrine", "zephyrine@", "48213377"))

    def test_goes_through_json_and_pickle_unchanged(self) -> None:
        order = AccessOrder(HOLDER, ["Visitors"], WINDOW, BADGE)
        assert AccessOrder.model_validate_json(order.model_dump_json()) == order
        assert pickle.loads(pickle.dumps(order)) == order  # noqa: S301 (made here)


def test_a_grant_is_half_made_until_it_says_otherwise() -> None:
    """Nothing is taken for granted: no window, no profile, no credential."""
    grant = AccessGrant(reference="visit-1", holder_id="7", state="reserved")
    assert (grant.profiles, grant.window, grant.credential, grant.visit_id) == ((), None, None, None)
    assert grant.revocation == "immediate"


def test_a_grant_has_one_of_four_states() -> None:
    with pytest.raises(Invalid, match=r"AccessGrant\.state"):
        AccessGrant(reference="visit-1", holder_id="7", state="open")  # type: ignore[arg-type]  # refused


def test_a_drift_shows_neither_name_nor_number() -> None:
    order = AccessOrder(HOLDER, ["Visitors"], WINDOW, BADGE)
    grant = AccessGrant(reference="visit-1", holder_id="7", state="active", credential=BADGE)
    text = repr(Drift(kind="state", reference="visit-1", expected=order, actual=grant))
    assert not any(secret in text for secret in ("Quatremère", "Zéphyrine", "zephyrine@", "48213377"))


def test_a_grant_is_made_in_the_order_of_its_words() -> None:
    window = TimeWindow(datetime(2026, 3, 27, 8, tzinfo=UTC), datetime(2026, 3, 27, 18, tzinfo=UTC))
    grant = AccessGrant("visit-1", "1201", "active", ["Visitors"], window, None, "deferred", "901")
    assert (grant.reference, grant.holder_id, grant.state) == ("visit-1", "1201", "active")
    assert (grant.profiles, grant.window, grant.credential) == (("Visitors",), window, None)
    assert (grant.revocation, grant.visit_id) == ("deferred", "901")
    assert AccessGrant("visit-1", "1201", "ended").revocation == "immediate"
