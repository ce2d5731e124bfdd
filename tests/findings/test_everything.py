"""What a study refuses before hours of training."""

import pytest

from mnist_compare.findings import everything


def test_a_missing_file_is_known_before_anything_is_trained(tmp_path):
    for missing in ({"drawings": tmp_path / "none"}, {"usps_file": tmp_path / "none"}):
        with pytest.raises(FileNotFoundError, match="There is no file"):
            everything.check_arguments(
                ["mlp"], "mnist", **{"drawings": None, "usps_file": None} | missing
            )
