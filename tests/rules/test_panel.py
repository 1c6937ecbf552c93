import pytest

from bot.admin.panel.rules import (
    Ban,
    appointment,
    ban,
    change,
    duration,
    limit,
    pardon,
    pressed,
    reason,
    subject,
    switch,
)
from bot.admin.rules import Role, Roles, WrongCommand
from bot.users.faces import Faces
from bot.users.rules import Person

DAY = 86400


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("123", Ban(123, None, "")),
        ("123 2d", Ban(123, 2 * DAY, "")),
        ("123  90m  too many\nat once", Ban(123, 90 * 60, "too many at once")),
        ("123 for good", Ban(123, None, "for good")),
        ("123 1w 2d", Ban(123, 7 * DAY, "2d")),
        ("123 99999w rude", Ban(123, None, "99999w rude")),
    ],
)
def test_a_ban_is_read_with_its_time_and_its_reason(words: str, read: Ban) -> None:
    assert ban(words) == read


@pytest.mark.parametrize("words", [None, "", "-100123456789", "anna 2d", "0", "12345678901234567890"])
def test_a_ban_of_nobody_is_explained(words: str | None) -> None:
    with pytest.raises(WrongCommand):
        ban(words)


@pytest.mark.parametrize("word", ["", "d", "0d", "1y", "-1d", "1.5h", "٣d", "3651d"])
def test_what_is_no_time_is_none(word: str) -> None:
    assert duration(word) is None


def test_a_reason_is_one_line_of_letters_that_can_be_seen() -> None:
    assert reason(" too\u202e  many\x00\n") == "too many"
    assert len(reason("x" * 1000)) == 200


def test_credits_are_given_or_with_a_minus_taken() -> None:
    assert change("5 50") == (5, 50, "")
    assert change("-1000123 -7 a slip of the finger") == (-1000123, -7, "a slip of the finger")
    for words in ("5", "5 0", "5 -0", "5 --5", "5 1000001", "x 5", None):
        with pytest.raises(WrongCommand):
            change(words)


def test_a_moderator_is_named_or_with_off_no_longer() -> None:
    assert [appointment(words) for words in ("5", "5 on", "5 OFF")] == [(5, True), (5, True), (5, False)]
    for words in ("", None, "5 never", "-1000123", "anna", "5 off now"):
        with pytest.raises(WrongCommand):
            appointment(words)


def test_whoever_is_let_in_again_is_so_for_a_reason() -> None:
    assert (pardon("5"), pardon("5  a  mistake\n")) == ((5, ""), (5, "a mistake"))
    with pytest.raises(WrongCommand):
        pardon("")


def test_a_limit_is_a_number_or_that_of_everybody() -> None:
    assert limit("5 0") == (5, 0)
    assert limit("-1000123 50") == (-1000123, 50)
    assert limit("5 Default") == (5, None)
    for words in ("5", "5 -1", "5 many", None):
        with pytest.raises(WrongCommand):
            limit(words)


def test_buttons_name_only_what_ours_name() -> None:
    assert subject("123") == 123
    assert subject("-1000000005002") == -1000000005002
    assert [subject(text) for text in ("", "0", "-", "1e3", "٣", "1" * 17, "01")] == [None] * 7
    assert pressed("50-1800000000") == (50, "1800000000")
    assert [pressed(text) for text in ("50", "50-1", "-50-1800000000", "x")] == [None] * 4


def test_maintenance_is_on_or_off() -> None:
    assert [switch(word) for word in ("on", " OFF ", "", None, "maybe")] == [True, False, None, None, None]


def test_each_role_may_decide_only_about_those_below() -> None:
    roles = Roles((1, 2))
    people = [Person(3), Person(4, moderator=True), Person(2), Person(1)]
    assert [roles.of(each) for each in people] == [Role.NOBODY, Role.MODERATOR, Role.ADMIN, Role.OWNER]
    allowed = [(role, other.user_id) for role in Role for other in people if roles.may_decide_about(role, other)]
    assert allowed == [(1, 3), (2, 3), (2, 4), (3, 3), (3, 4)]
    assert Roles(()).of(Person(1)) is Role.NOBODY


def test_whoever_was_silent_for_longest_is_forgotten_first() -> None:
    faces = Faces(most=2)
    faces.see(1, "Anna", "anna_1")
    faces.see(2, "Boris")
    faces.see(1, "Anna Maria", "anna_1")
    faces.see(3, "Mariana")
    assert faces.find("MARIA", 5) == [3, 1]
    assert faces.find("@anna_", 5) == [1]
    assert (faces.name(1), faces.name(2)) == ("Anna Maria @anna_1", "")
    assert faces.find(" ", 5) == []


def test_groups_have_names_and_are_not_people() -> None:
    faces = Faces()
    faces.see(-100, "Friends")
    assert (faces.name(-100), faces.find("friends", 5)) == ("Friends", [])


def test_somebody_is_shut_out_until_their_time_comes() -> None:
    assert Person(1, banned=True).is_banned(5)
    assert Person(1, banned=True, banned_until=6).is_banned(5)
    assert not Person(1, banned=True, banned_until=5).is_banned(5)
    assert not Person(1, banned_until=9).is_banned(5)
