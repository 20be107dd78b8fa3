"""The seeded generator draws what its authors publish, on every machine."""

from __future__ import annotations

from collections import Counter

from linli.work.simulation.chance import Chance


def test_published_values() -> None:
    stream = Chance.from_state(1234567)
    assert [stream.draw() for _ in range(5)] == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]


def test_a_name_is_a_stream_of_its_own() -> None:
    one, same, other = Chance(1, "base.visit"), Chance(1, "base.visit"), Chance(1, "base.study")
    assert [one.draw() for _ in range(4)] == [same.draw() for _ in range(4)]
    assert one.draw() != other.draw()


def test_all_choices_come_about_as_often() -> None:
    stream = Chance("dice")
    seen = Counter(stream.between(1, 6) for _ in range(6000))
    assert set(seen) == set(range(1, 7))
    assert all(850 < count < 1150 for count in seen.values())
    assert 2700 < sum(stream.hits(50) for _ in range(6000)) < 3300
