import numpy as np
import pytest

from mnist_compare.findings import speed
from mnist_compare.lazy_keras import keras


def way(first, *clock):
    return {"first": first, "clock": list(clock), "cpu": [2 * seconds for seconds in clock]}


ROWS = {
    "mlp epoch": {
        "plain": way(7, 4, 6, 5),
        "tuned": way(6.25, 2, 3, 1),
        "ours": way(5, 1, 1, 0.5),
    },
    "cnn digit": {
        "plain": way(0.5, 0.05),
        "tuned": way(0.1, 0.0012),
        "ours": way(0.001, 0.0001),
    },
}


def test_ratios_are_those_of_a_round_and_a_digit_is_in_milliseconds(monkeypatch):
    monkeypatch.setattr(speed, "recorded_times", lambda: ROWS)
    table = speed.table()
    epochs, digits = table.iloc[:3], table.iloc[3:]
    assert {*epochs["What is done"]} == {"MLP, an epoch (s)"}
    assert [*epochs["Times ours"]] == ["6 (4–10)", "2 (2–3)", "1"]
    assert [*epochs["Clock"]] == ["5 (4–6)", "2 (1–3)", "1 (0.5–1)"]
    assert [*epochs["CPU"]] == ["10 (8–12)", "4 (2–6)", "2 (1–2)"]
    assert [*epochs["First call"]] == ["7", "6.2", "5"]
    assert [*digits["Clock"]] == ["50 (50–50)", "1.2 (1.2–1.2)", "0.1 (0.1–0.1)"]
    assert digits["Times ours"].iloc[0] == "500 (500–500)"


@pytest.mark.slow
@pytest.mark.parametrize("row", speed.ROWS)
def test_the_three_do_the_same_work(row, monkeypatch):
    monkeypatch.setattr(speed, "DIGITS", 96)
    keras.utils.set_random_seed(0)
    *_, model, ways = speed.ROWS[row]
    done = {each: make(model)() for each, make in ways.items()}
    if row.endswith("digit"):
        assert {int(np.argmax(probabilities)) for probabilities in done.values()} == {7}
    else:
        assert {len(done["plain"].epoch), len(done["tuned"].epoch)} == {1}
        assert done["ours"][0] == pytest.approx(done["plain"].history["loss"][0], rel=0.2)
