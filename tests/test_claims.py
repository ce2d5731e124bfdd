"""What the claims of the source report come to follows from the records, whatever these say."""

import numpy as np
import pytest

from mnist_compare import claims, evidence, runs
from mnist_compare.changes import CHANGES

VERDICTS = {"supported": "The records support", "refuted": "They refute"}
VERDICTS |= {"undecided": "They leave undecided"}
ROBUST = "the CNN is more robust to "

# By seed; a CNN that is ahead in everything but the overfitting, and slower.
ACCURACIES = {
    "mlp": (0.970, 0.972),
    "cnn": (0.980, 0.983),
    "mlp_682": (0.975, 0.977),
    "cnn_14_43": (0.976, 0.979),
    "mlp_256": (0.975, 0.975),
    "mlp_512_256": (0.975, 0.975),
}


@pytest.fixture
def examined(a_run, as_records, changed_digits, pen_drawn):
    """The claims by made-up records; what is given replaces what favours the CNN."""

    def changed(model, change, level, way, seed):
        if level == CHANGES[change].neutral:
            return 0.95
        return 0.9 + 0.001 * seed if model == "cnn" else 0.8

    def read(model, seed, condition, pipeline, writer):
        return {"resize": 0.5, "crop": 0.7, "center": 0.8}[pipeline] + 0.1 * (model == "cnn")

    def examine(ten=None, five=None, gap=None, seconds=None, robust=changed, pens=read):
        ten, gap = ACCURACIES | (ten or {}), gap or {}
        five = {model: tuple(a - 0.005 for a in of) for model, of in ten.items()} | (five or {})
        those = []
        for model, accuracies in ten.items():
            for seed, accuracy in enumerate(accuracies):
                run = a_run(model, "fair", seed, accuracy)
                for row in run.rows:
                    epoch = row["epoch"]
                    row["seconds"] = (seconds or {"cnn": (15.0, 16.0)}).get(model, (2.0, 2.0))[seed]
                    if epoch > 1:
                        row["test_accuracy"] = accuracy if epoch == 10 else five[model][seed]
                        own = gap.get((model, epoch), (0.01, 0.01))[seed]
                        row["train_accuracy"] = row["test_accuracy"] + own
                those.append(run)
        those += [a_run(model, "source", 0, 0.9) for model in runs.MODELS]
        as_records(those)
        return claims.examined(changed_digits(robust), pen_drawn(pens))

    return examine


def one(found, short):
    (claim,) = [claim for claim in found if claim.short == short]
    return claim


def test_effects_by_hand(examined):
    found = examined(gap={("mlp", 10): (0.02, 0.03), ("cnn", 10): (0.012, 0.014)})
    accuracy = one(found, "the CNN reads more test digits than the MLP")
    # One and 1.1 points: t = 12.706 with one degree of freedom, a standard error of 0.05.
    assert accuracy.effect == pytest.approx(0.0105)
    assert (accuracy.low, accuracy.high) == pytest.approx((0.0105 - 0.0063531, 0.0105 + 0.0063531))
    assert accuracy.of == "2 seeds"
    # Of one degree of freedom P(|t| > 21) is 1 − 2/π · arctan(21).
    assert accuracy.degrees == 1
    assert accuracy.p_value == pytest.approx(1 - 2 / np.pi * np.arctan(21))
    # The gap grows by 1 and 2 points in the MLP, by 0.2 and 0.4 in the CNN.
    growth = one(found, "the MLP's overfitting grows from five to ten epochs")
    assert growth.effect == pytest.approx(0.015)
    stable = one(found, "the CNN's overfitting does not grow")
    assert stable.effect == pytest.approx(-0.003)
    assert (stable.low, stable.high) == pytest.approx((-0.003 - 0.0127062, -0.003 + 0.0127062))
    faster = one(found, "the MLP's overfitting grows faster than the CNN's")
    assert faster.effect == pytest.approx(0.012)
    assert (faster.low, faster.high) == pytest.approx((0.012 - 0.0508248, 0.012 + 0.0508248))
    seconds = one(found, "the CNN takes longer to train")
    assert (seconds.effect, seconds.unit) == (13.5, "seconds")
    robust = one(found, f"{ROBUST}rotation")
    assert robust.effect == pytest.approx(0.1005)
    assert [c.short for c in found if c.topic == "robustness"] == [f"{ROBUST}{c}" for c in CHANGES]
    tilt = one(found, "tilt costs the CNN accuracy")
    assert tilt.effect == pytest.approx(0.0495)  # 95 − 90 and 95 − 90.1 %
    assert tilt.measure.endswith("at 30 degrees")
    drawn = one(found, "the CNN reads more drawings than the MLP")
    assert drawn.effect == pytest.approx(0.1)
    assert drawn.of == "2 seeds, 10 writers"
    assert drawn.degrees == 1  # of the two seeds, not the ten writers
    assert len(found) == 25
    cutting = one(found, "cutting out the box helps the MLP to read drawings")
    assert cutting.effect == pytest.approx(0.2)


def favour_mlp(model, *rest):
    return 0.9 if model == "mlp" else 0.8


def favour_none(model, *rest):
    """The MLP is ahead from seed 0, the CNN from seed 1, in changed or in drawn digits."""
    seed = rest[-1] if isinstance(rest[0], str) else rest[0]
    return 0.8 + 0.1 * ((model == "mlp") == (seed == 0))


def change_helps(model, change, level, way, seed):
    return 0.8 if level == CHANGES[change].neutral else 0.9


def change_helps_one_seed(model, change, level, way, seed):
    return 0.9 if level == CHANGES[change].neutral else 0.8 + 0.2 * seed


def crop_harms(model, seed, condition, pipeline, writer):
    return 0.7 if pipeline == "crop" else 0.9


def crop_helps_half_the_writers(model, seed, condition, pipeline, writer):
    return 0.7 + (0.1 * (-1) ** writer if pipeline == "crop" else 0)


def named(prose):
    """Return {claim: verdict} as the paragraphs on verdicts, all but the last, have it."""
    found = {}
    for paragraph in prose.split("\n\n")[:-1]:
        _, opening, rest = paragraph.removesuffix(".").split("**")
        (verdict,) = (verdict for verdict, words in VERDICTS.items() if words == opening)
        for claim in rest.removeprefix(" that ").split("; that "):
            changes = claim.removeprefix(ROBUST).replace(" and ", ", ").split(", ")
            for each in [ROBUST + c for c in changes] if claim.startswith(ROBUST) else [claim]:
                assert each not in found
                found[each] = verdict
    return found


@pytest.mark.parametrize(
    ("short", "supporting", "refuting", "undecided"),
    [
        (
            "the CNN reads more test digits than the MLP",
            {},
            {"ten": {"cnn": (0.960, 0.963)}},
            {"ten": {"cnn": (0.960, 0.983)}},
        ),
        *(
            (
                f"the CNN overfits less than the MLP after {epoch} epochs",
                {"gap": {("mlp", epoch): (0.02, 0.021)}},
                {"gap": {("cnn", epoch): (0.02, 0.021)}},
                {"gap": {("cnn", epoch): (0.02, 0.0)}},
            )
            for epoch in (5, 10)
        ),
        (
            "the MLP's overfitting grows from five to ten epochs",
            {"gap": {("mlp", 10): (0.02, 0.021)}},
            {"gap": {("mlp", 10): (0.0, 0.001)}},
            {"gap": {("mlp", 10): (0.02, 0.0)}},
        ),
        (
            "the CNN's overfitting does not grow",
            {"gap": {("cnn", 10): (0.0, 0.001)}},
            {"gap": {("cnn", 10): (0.02, 0.021)}},
            {"gap": {("cnn", 10): (0.02, 0.0)}},
        ),
        (
            "the MLP's overfitting grows faster than the CNN's",
            {"gap": {("mlp", 10): (0.02, 0.021)}},
            {"gap": {("cnn", 10): (0.02, 0.021)}},
            {"gap": {("cnn", 10): (0.02, 0.0)}},
        ),
        *(
            (
                f"ten epochs make a better {model.upper()} than five",
                {},
                {"five": {model: tuple(a + 0.005 for a in ACCURACIES[model])}},
                {"five": {model: tuple(np.add(ACCURACIES[model], (0.005, -0.005)))}},
            )
            for model in ("mlp", "cnn")
        ),
        (
            "the CNN reads more than an MLP of its size",
            {"ten": {"mlp_682": (0.975, 0.978)}},
            {"ten": {"mlp_682": (0.990, 0.993)}},
            {"ten": {"mlp_682": (0.975, 0.993)}},
        ),
        (
            "a CNN of the MLP's size reads more than the MLP",
            {"ten": {"cnn_14_43": (0.976, 0.978)}},
            {"ten": {"cnn_14_43": (0.960, 0.962)}},
            {"ten": {"cnn_14_43": (0.960, 0.982)}},
        ),
        *(
            (
                f"the CNN is more robust to {what}",
                {},
                {"robust": favour_mlp},
                {"robust": favour_none},
            )
            for what in CHANGES
        ),
        *(
            (
                f"{what} costs the CNN accuracy",
                {},
                {"robust": change_helps},
                {"robust": change_helps_one_seed},
            )
            for what in ("tilt", "a doubled stroke width")
        ),
        (
            "the CNN reads more drawings than the MLP",
            {},
            {"pens": favour_mlp},
            {"pens": favour_none},
        ),
        *(
            (
                f"cutting out the box helps the {model.upper()} to read drawings",
                {},
                {"pens": crop_harms},
                {"pens": crop_helps_half_the_writers},
            )
            for model in ("mlp", "cnn")
        ),
        (
            "the CNN takes longer to train",
            {},
            {"seconds": {"cnn": (1.0, 1.1)}},
            {"seconds": {"cnn": (1.0, 3.0)}},
        ),
    ],
)
def test_a_verdict_follows_the_records(examined, short, supporting, refuting, undecided):
    for verdict, records in zip(VERDICTS, (supporting, refuting, undecided), strict=True):
        found = examined(**records)
        assert one(found, short).verdict == verdict
        assert named(claims.prose(found))[short] == verdict


def test_every_claim_is_flipped_above(examined):
    mark = test_a_verdict_follows_the_records.pytestmark[0]
    assert {claim.short for claim in examined()} == {case[0] for case in mark.args[1]}


def test_the_table_has_every_claim_with_its_verdict(examined):
    found = examined(ten={"cnn": (0.960, 0.963)}, robust=favour_none)
    table = claims.table(found)
    assert table["Verdict"].tolist() == [claim.verdict for claim in found]
    assert set(table["Verdict"]) == set(VERDICTS)
    assert table["Measured"].is_unique
    assert not table.isna().any(axis=None)
    row = table.iloc[found.index(one(found, "the CNN reads more test digits than the MLP"))]
    # −1.0 and −0.9 points.
    assert row["Effect [95 % interval]"] == "−0.95 points [−1.59, −0.31]"
    assert row["Of"] == "2 seeds"
    row = table.iloc[found.index(one(found, "the CNN takes longer to train"))]
    # 13 and 14 seconds more.
    assert row["Effect [95 % interval]"] == "13.5 s [7.1, 19.9]"
    for claim, text in zip(found, table["The source report says"], strict=True):
        assert claim.statement in text


def test_the_prose_names_every_claim_once_under_its_verdict(examined):
    found = examined(ten={"cnn": (0.960, 0.963)}, robust=favour_none)
    prose = claims.prose(found)
    openings = [paragraph.split("**")[1] for paragraph in prose.split("\n\n")[:-1]]
    assert openings == list(VERDICTS.values())
    assert named(prose) == {claim.short: claim.verdict for claim in found}


def test_the_prose_groups_the_changes_by_verdict(examined):
    def accuracy(model, change, level, way, seed):
        if level == CHANGES[change].neutral:
            return 0.95
        if change in ("blur", "contrast", "shear"):
            return favour_mlp(model)
        return favour_none(model, seed) if change == "shift" else 0.9 - 0.1 * (model == "mlp")

    supported, refuted, undecided, _ = claims.prose(examined(robust=accuracy)).split("\n\n")
    assert supported.endswith(
        f"; that {ROBUST}rotation, scale, stroke width, impulse noise and occlusion."
    )
    assert refuted == f"**They refute** that {ROBUST}shear, blur and contrast."
    assert undecided.endswith(f"; that {ROBUST}shift.")
    for paragraph in (supported, undecided):
        assert paragraph.count(ROBUST) == 1


def test_a_verdict_that_is_not_given_has_no_paragraph(examined):
    found = [claim for claim in examined() if claim.verdict == "supported"]
    only, of_holm = claims.prose(found).split("\n\n")
    assert only.startswith("**The records support** that ")
    assert of_holm.startswith(f"Asked all together, {len(found)} questions ")


def a_claim(short, p_value, sign=1):
    """A claim of this p value, by a mean of ±1 and Student's t of one degree of freedom."""
    reach = 12.706205 / np.tan(np.pi / 2 * (1 - p_value))
    low, high = sorted((sign - reach, sign + reach))
    return claims.Claim("topic", "S.", short, short, sign, low, high, "2 seeds", 1)


def holms(*found):
    return claims.prose(list(found)).split("\n\n")[-1]


def test_claims_of_given_p_values_have_them():
    for p_value, verdict in ((0.001, "supported"), (0.049, "supported"), (0.051, "undecided")):
        claim = a_claim("a", p_value)
        assert claim.p_value == pytest.approx(p_value, rel=1e-5)
        assert claim.verdict == verdict


def test_the_prose_names_what_does_not_survive_holm():
    firm, against = a_claim("firm", 0.001), a_claim("against", 0.03, sign=-1)
    late, open_ = a_claim("late", 0.04), a_claim("open", 0.6)
    opening = (
        " questions are more likely to give one wrong answer than each alone. Corrected for that "
        "by Holm's procedure, "
    )
    # 0.03 > 0.05 / 3, of which 0.04 comes after; what is open anyway is not named.
    assert holms(late, open_, firm, against) == (
        f"Asked all together, 4{opening}it would be undecided that late; that against."
    )
    # 0.03 > 0.05 / 2.
    assert holms(firm, against, open_) == (
        f"Asked all together, 3{opening}it would be undecided that against."
    )
    # 0.001 ≤ 0.05 / 2 and 0.03 ≤ 0.05.
    assert holms(firm, against) == f"Asked all together, 2{opening}all stand."
    assert holms(open_, firm) == f"Asked all together, 2{opening}all stand."


def test_of_the_examined_claims_some_do_not_survive_holm(examined):
    """The records support that the CNN is the more accurate, with p = 0.03 of 25 questions."""
    found = examined()
    assert one(found, "the CNN reads more test digits than the MLP").verdict == "supported"
    assert "that the CNN reads more test digits than the MLP" in holms(*found)
    # Without any variance between seeds p is 0.
    surely = [claim for claim in found if claim.p_value < 1e-6]
    assert len(surely) > 3
    assert holms(*surely).endswith(" all stand.")


def test_every_claim_says_what_is_compared(examined):
    for claim in examined():
        assert claim.statement.endswith(".")
        assert not claim.short.endswith(".")
        assert claim.low - 1e-6 <= claim.effect <= claim.high + 1e-6  # single precision


def test_the_corrections_follow_the_records(examined):
    examined()
    table = claims.corrections()
    assert list(table) == ["The source report says", "In fact"]
    assert len(table) == len(claims.CORRECTIONS) == 4
    text = table["In fact"].str.cat(sep="\n")
    assert "{" not in text
    # 98.91 − 97.70 %, where the source report has 1.31.
    assert "98.91% and 97.70%, differ by 1.21 points" in text
    assert "ours reach from 1.00 to 1.00 points" in text
    assert "It has 100 to the MLP's 100: 1.0 times as many" in text
    assert "the CNN reads 98.15% of the test digits" in text

    examined(ten={"cnn": (0.960, 0.963)})
    assert "the CNN reads 96.15% of the test digits" in claims.corrections()["In fact"].str.cat()


def test_titles_name_the_networks_of_the_claims(examined):
    measures = " ".join(claim.measure for claim in examined())
    assert evidence.TITLES["mlp_682"] in measures
    assert evidence.TITLES["cnn_14_43"] in measures
