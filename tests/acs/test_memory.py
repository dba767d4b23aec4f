"""The rules of the site behind the fake: what it refuses, and that it changes nothing when it does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hamilton_sdk.acs._memory import Site
from hamilton_sdk.acs.models import AccessOrder, AccessProfile, Credential, CredentialType, Holder
from hamilton_sdk.errors import Conflict, Invalid, NotFound
from hamilton_sdk.model import TimeWindow

NOW = datetime(2026, 3, 27, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
LATER = NOW + 10 * HOUR
WINDOW = TimeWindow(NOW, NOW + 9 * HOUR)
BADGE = Credential("badge", "48213377")
QR = Credential("qr", "71300042")

TYPES = (
    CredentialType(id="60", name="Badge", encoding="decimal", minimum="1000", maximum="99999999"),
    CredentialType(id="61", name="Card", encoding="hexadecimal"),
)
PROFILES = (AccessProfile(id="51", name="Visitors"), AccessProfile(id="52", name="Contractors"))


def make_site(
    *, hosts: frozenset[str] = frozenset(), needs_host: bool = False, reasons: tuple[str, ...] = ()
) -> Site:
    return Site(PROFILES, TYPES, hosts=hosts, needs_host=needs_host, reasons=reasons)


@pytest.fixture
def site() -> Site:
    return make_site()


def order(
    reference: str = "visit-1",
    *,
    credential: Credential | None = BADGE,
    window: TimeWindow = WINDOW,
    profiles: tuple[str, ...] = ("Visitors",),
    **holder: str,
) -> AccessOrder:
    values = {"family_name": "Quatremère", **holder}
    return AccessOrder(Holder(reference, **values), profiles, window, credential)


class TestOrders:
    @pytest.mark.parametrize(
        ("field", "limit"),
        [("family_name", 50), ("given_name", 40), ("email", 128), ("phone", 25), ("language", 12)],
    )
    def test_a_field_may_be_as_long_as_the_narrowest_system_keeps(
        self, site: Site, field: str, limit: int
    ) -> None:
        assert site.reserve(order(**{field: "x" * limit}), NOW).state == "reserved"
        with pytest.raises(Invalid, match=rf"Holder\.{field} has .* {limit} at most"):
            site.reserve(order("visit-2", **{field: "x" * (limit + 1)}), NOW)

    def test_a_reference_too(self, site: Site) -> None:
        assert site.reserve(order("v" * 50), NOW).reference == "v" * 50
        with pytest.raises(Invalid, match=r"Holder\.reference has 51 characters"):
            site.reserve(order("v" * 51), NOW)

    def test_profiles_go_by_name_or_id_and_come_back_as_sorted_names(self, site: Site) -> None:
        grant = site.activate(order(profiles=("Visitors", "52", "51")), NOW)
        assert grant.profiles == ("Contractors", "Visitors")

    def test_an_unknown_profile_is_refused_with_the_nearest(self, site: Site) -> None:
        with pytest.raises(Invalid, match="unknown access profile 'Visitor'") as caught:
            site.activate(order(profiles=("Contractors", "Visitor")), NOW)
        assert caught.value.hint == "did you mean 'Visitors'?"
        assert site.records == {}

    def test_a_host_is_needed_only_where_the_site_says_so(self, site: Site) -> None:
        assert site.activate(order(), NOW).state == "active"
        with pytest.raises(Invalid, match=r"Holder\.host is missing") as caught:
            make_site(needs_host=True).activate(order(), NOW)
        assert "personnel number" in (caught.value.hint or "")

    def test_any_host_is_taken_where_none_is_listed(self) -> None:
        assert make_site(needs_host=True).activate(order(host="4711"), NOW).state == "active"

    def test_an_unknown_host_is_refused_without_showing_the_number(self) -> None:
        site = make_site(hosts=frozenset({"4711"}))
        assert site.activate(order(host="4711"), NOW).state == "active"
        assert site.activate(order("visit-2", credential=None), NOW).state == "active"
        with pytest.raises(Invalid, match=r"Holder\.host is no host") as caught:
            site.activate(order("visit-3", credential=None, host="4712"), NOW)
        assert not any(number in f"{caught.value!r} {caught.value.hint}" for number in ("4711", "4712"))

    def test_a_window_must_not_have_ended(self, site: Site) -> None:
        with pytest.raises(Invalid, match="window has ended"):
            site.reserve(order(), WINDOW.end)
        assert site.reserve(order(), WINDOW.end - timedelta(microseconds=1)).state == "reserved"

    def test_another_holder_under_the_reference_is_the_new_one(self, site: Site) -> None:
        """People correct a misspelled name before the visitor comes."""
        site.reserve(order(), NOW)
        site.activate(order(family_name="Quatremere"), NOW)
        assert site.records["visit-1"].holder.family_name == "Quatremere"


class TestNumbers:
    @pytest.mark.parametrize("number", ["999", "100000000", "4821X"])
    def test_fit_the_alphabet_and_the_range_of_their_type(self, site: Site, number: str) -> None:
        with pytest.raises(Invalid, match="type 'Badge'"):
            site.activate(order(credential=Credential("badge", number)), NOW)
        assert site.records == {}

    def test_are_of_the_first_type_unless_they_name_another(self, site: Site) -> None:
        assert (
            site.activate(order(credential=Credential("uid", "9B3FAA", "Card")), NOW).credential is not None
        )
        with pytest.raises(Invalid, match="type 'Badge'"):
            site.activate(order("visit-2", credential=Credential("uid", "9B3FAA")), NOW)

    def test_have_32_characters_at_most(self, site: Site) -> None:
        longest = Credential("uid", "A" * 32, "Card")
        assert site.activate(order(credential=longest), NOW).credential == longest
        with pytest.raises(Invalid, match="more than 32 characters"):
            site.activate(order("visit-2", credential=Credential("uid", "A" * 33, "Card")), NOW)

    def test_an_unknown_type_is_refused_with_the_nearest(self, site: Site) -> None:
        with pytest.raises(Invalid, match="unknown credential type 'badge'") as caught:
            site.activate(order(credential=Credential("badge", "48213377", "badge")), NOW)
        assert caught.value.hint == "did you mean 'Badge'?"

    def test_of_two_types_are_two_credentials(self, site: Site) -> None:
        first, second = Credential("badge", "4821"), Credential("badge", "4821", "Card")
        site.activate(order(credential=first), NOW)
        site.activate(order("visit-2", credential=second), NOW)
        assert [
            site.holder_of(each) is site.records[name]
            for each, name in ((first, "visit-1"), (second, "visit-2"))
        ]

    def test_a_type_by_name_or_id_or_by_default_is_one_credential(self, site: Site) -> None:
        site.activate(order(), NOW)
        record = site.records["visit-1"]
        for kind in (None, "Badge", "60"):
            assert site.holder_of(Credential("badge", BADGE.number, kind)) is record


class TestHands:
    def test_a_credential_in_other_hands_changes_nothing(self, site: Site) -> None:
        site.activate(order(), NOW)
        site.activate(order("visit-2", credential=None), NOW)
        before = site.records["visit-2"].grant(NOW)
        with pytest.raises(Conflict, match="in other hands") as caught:
            site.activate(order("visit-2", profiles=("Contractors",)), NOW)
        assert BADGE.number not in f"{caught.value!r} {caught.value.hint}"
        assert site.records["visit-2"].grant(NOW) == before

    def test_somebody_who_is_not_ours_keeps_what_he_has(self, site: Site) -> None:
        site.give_to_others(BADGE)
        assert site.holder_of(BADGE) is None
        with pytest.raises(Conflict, match="in other hands"):
            site.reserve(order(), NOW)
        with pytest.raises(Conflict, match="in other hands"):
            site.give_to_others(BADGE)
        assert site.records == {}

    def test_a_physical_badge_goes_back_to_the_pile(self, site: Site) -> None:
        site.activate(order(), NOW)
        site.revoke("visit-1", NOW)
        assert site.activate(order("visit-2"), NOW).credential == BADGE

    @pytest.mark.parametrize("how", ["revoked", "replaced", "purged"])
    def test_a_one_shot_number_is_dead_once_taken_away(self, site: Site, how: str) -> None:
        site.activate(order(credential=QR), NOW)
        if how == "revoked":
            site.revoke("visit-1", NOW)
        elif how == "replaced":
            site.activate(order(credential=BADGE), NOW)
        else:
            site.purge(LATER, LATER)
        for reference in ("visit-1", "visit-2"):
            with pytest.raises(Conflict, match="blocked for good"):
                site.reserve(order(reference, credential=QR), NOW)

    def test_a_one_shot_number_that_is_reserved_again_stays_good(self, site: Site) -> None:
        """Its window ran out before the visit began, and the visit was put off."""
        site.activate(order(credential=QR), NOW)
        again = order(credential=QR, window=TimeWindow(LATER, LATER + HOUR))
        grant = site.reserve(again, LATER)
        assert (grant.state, grant.credential) == ("reserved", None)
        assert site.holder_of(QR) is None
        assert site.activate(again, LATER).credential == QR

    def test_a_change_without_a_credential_leaves_a_live_one_alone(self, site: Site) -> None:
        """The order does not speak of it: the visitor at the reception keeps the badge."""
        site.activate(order(), NOW)
        grant = site.activate(order(credential=None, profiles=("Contractors",)), NOW)
        assert (grant.credential, grant.profiles) == (BADGE, ("Contractors",))
        assert site.holder_of(BADGE) is site.records["visit-1"]

    def test_a_fresh_start_without_a_credential_revives_none(self, site: Site) -> None:
        site.activate(order(), NOW)
        late = order(credential=None, window=TimeWindow(LATER, LATER + HOUR))
        assert site.activate(late, LATER).credential is None
        assert site.holder_of(BADGE) is None


class TestStates:
    def test_a_window_that_ends_ends_any_grant(self, site: Site) -> None:
        site.reserve(order("visit-1", credential=None), NOW)
        site.activate(order("visit-2"), NOW)
        site.activate(order("visit-3", credential=None), NOW)
        site.suspend("visit-3", None, NOW)
        just_before = WINDOW.end - timedelta(microseconds=1)
        states = [
            [record.state(moment) for record in site.records.values()] for moment in (just_before, WINDOW.end)
        ]
        assert states == [["reserved", "active", "suspended"], ["ended"] * 3]

    def test_a_revoked_grant_shows_nothing_any_more(self, site: Site) -> None:
        site.activate(order(), NOW)
        grant = site.revoke("visit-1", NOW)
        assert (grant.state, grant.profiles, grant.window, grant.credential) == ("ended", (), None, None)
        assert site.revoke("visit-1", NOW + HOUR) == grant

    def test_a_suspended_grant_that_ends_can_be_activated_anew(self, site: Site) -> None:
        site.activate(order(), NOW)
        site.suspend("visit-1", None, NOW)
        with pytest.raises(Conflict, match="suspended"):
            site.activate(order(), NOW)
        late = order(window=TimeWindow(LATER, LATER + HOUR))
        assert site.activate(late, LATER).state == "active"

    def test_a_reserved_grant_can_be_suspended_and_resumed_without_getting_access(self, site: Site) -> None:
        site.reserve(order(), NOW)
        assert site.suspend("visit-1", None, NOW).state == "suspended"
        assert site.resume("visit-1", NOW).state == "reserved"

    def test_an_ended_grant_cannot_be_resumed(self, site: Site) -> None:
        site.activate(order(), NOW)
        site.suspend("visit-1", None, NOW)
        with pytest.raises(Conflict, match="has ended"):
            site.resume("visit-1", LATER)

    def test_extending_a_live_grant_changes_its_window_alone(self, site: Site) -> None:
        before = site.activate(order(), NOW)
        longer = TimeWindow(NOW, LATER)
        assert site.extend("visit-1", longer, NOW) == before.model_copy(update={"window": longer})

    def test_suspending_what_has_ended_leaves_no_mark(self, site: Site) -> None:
        site.activate(order(), NOW)
        assert site.suspend("visit-1", None, LATER).state == "ended"
        assert site.activate(order(window=TimeWindow(LATER, LATER + HOUR)), LATER).state == "active"

    def test_a_reason_is_checked_where_the_site_keeps_a_list(self, site: Site) -> None:
        site.activate(order(), NOW)
        assert site.suspend("visit-1", "Anything", NOW).state == "suspended"
        strict = make_site(reasons=("Lost", "Stolen"))
        strict.activate(order(), NOW)
        with pytest.raises(Invalid, match="unknown reason 'Stole'") as caught:
            strict.suspend("visit-1", "Stole", NOW)
        assert caught.value.hint == "did you mean 'Stolen'?"
        assert strict.records["visit-1"].state(NOW) == "active"
        assert strict.suspend("visit-1", "Stolen", NOW).state == "suspended"

    def test_an_unknown_reference_is_not_found(self, site: Site) -> None:
        for call in (
            lambda: site.extend("visit-1", WINDOW, NOW),
            lambda: site.suspend("visit-1", None, NOW),
            lambda: site.resume("visit-1", NOW),
            lambda: site.revoke("visit-1", NOW),
        ):
            with pytest.raises(NotFound) as caught:
                call()
            assert "check the reference" in (caught.value.hint or "")

    def test_extend_refuses_a_past_window_and_an_ended_grant(self, site: Site) -> None:
        site.activate(order(), NOW)
        past = TimeWindow(NOW - 2 * HOUR, NOW)
        with pytest.raises(Invalid, match="window has ended"):
            site.extend("visit-1", past, NOW)
        site.revoke("visit-1", NOW)
        with pytest.raises(Conflict, match="has ended") as caught:
            site.extend("visit-1", WINDOW, NOW)
        assert "activate it again" in (caught.value.hint or "")


class TestPurge:
    def test_goes_by_when_access_ended(self, site: Site) -> None:
        """Revoked, or run out, whichever came first; a late `revoke` does not make it younger."""
        site.activate(order("revoked", credential=None), NOW)
        site.revoke("revoked", NOW + HOUR)
        site.activate(order("overstayed"), NOW)
        site.revoke("overstayed", LATER)
        second = timedelta(seconds=1)
        assert site.purge(NOW + HOUR - second, LATER) == ()
        assert site.purge(NOW + HOUR, LATER) == ("revoked",)
        assert site.purge(WINDOW.end - second, LATER) == ()
        assert site.purge(WINDOW.end, LATER) == ("overstayed",)
        assert site.records == {}

    def test_a_second_revoke_does_not_make_it_younger(self, site: Site) -> None:
        site.activate(order(), NOW)
        site.revoke("visit-1", NOW)
        site.revoke("visit-1", NOW + 2 * HOUR)
        assert site.purge(NOW + HOUR, NOW + 2 * HOUR) == ("visit-1",)

    def test_answers_in_order_and_frees_badges(self, site: Site) -> None:
        site.activate(order("b"), NOW)
        site.activate(order("a", credential=None), NOW)
        assert site.purge(LATER, LATER) == ("a", "b")
        assert site.holder_of(BADGE) is None

    def test_refuses_a_naive_moment(self, site: Site) -> None:
        with pytest.raises(Invalid, match="ended_before is naive"):
            site.purge(NOW.replace(tzinfo=None), NOW)


class TestPages:
    def test_come_in_the_order_of_making_and_end(self, site: Site) -> None:
        for name in "cabde":
            site.reserve(order(name, credential=None), NOW)
        token, pages = None, []
        while not pages or token is not None:
            page = site.grants_page(token, 2, NOW)
            token = page.next
            pages.append("".join(each.reference for each in page.items))
        assert pages == ["ca", "bd", "e"]

    def test_a_full_last_page_is_the_last(self, site: Site) -> None:
        for name in "ab":
            site.reserve(order(name, credential=None), NOW)
        assert site.grants_page(None, 2, NOW).next is None

    def test_neither_lose_nor_repeat_when_holders_come_and_go_between(self, site: Site) -> None:
        for name in "abcd":
            site.reserve(order(name, credential=None), NOW)
        page = site.grants_page(None, 2, NOW)
        del site.records["a"]
        site.reserve(order("e", credential=None), NOW)
        rest = site.grants_page(page.next, 9, NOW)
        assert [each.reference for each in rest.items] == ["c", "d", "e"]

    @pytest.mark.parametrize("token", ["", "2", "after-", "after-x", "after-²", "before-2"])
    def test_a_token_of_somebody_elses_is_refused(self, site: Site, token: str) -> None:
        with pytest.raises(Invalid, match="no page token"):
            site.grants_page(token, 2, NOW)
