"""Of classes that ROOT writes, what we read is what was filled."""

import sys

import pytest

from conftest import PROGRAM, TOP

sys.path.insert(0, str(TOP / "scripts"))
import compare_classes


def assert_read(source, folder, function="write"):
    refusal = compare_classes.write(source, folder, 600, function)
    assert refusal is None
    tree, values = folder / "tree.root", folder / "values.json"
    problems, equal = compare_classes.compare(str(PROGRAM), str(tree), values)
    assert problems == []
    assert equal > 0


@pytest.mark.parametrize("function", ["write", "write_generated"])
def test_odd_members(function, tmp_path):
    source = (TOP / "tests/outsider/odd_classes.cxx").read_text()
    header = TOP / "scripts/compare_classes.h"
    assert_read(source.replace("compare_classes.h", str(header)), tmp_path, function)


@pytest.mark.parametrize("seed", [1, 6])
def test_random_classes(seed, tmp_path):
    assert_read(compare_classes.Source(seed).text(), tmp_path)
