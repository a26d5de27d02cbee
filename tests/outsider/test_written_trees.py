"""A tree of every kind of branch that we write: read by uproot and ROOT, merged by ROOT's hadd."""

import pathlib
import subprocess

import awkward as ak
import numpy as np
import pytest
import ROOT
import uproot

from conftest import TOP

PATH = TOP / "target/tmp/kinds.root"
ENTRIES = 1000
LENGTHS = np.arange(ENTRIES) ** 2 % 5
TYPES = {
    "bool": "?",
    "int8_t": "i1",
    "uint8_t": "u1",
    "int16_t": "i2",
    "uint16_t": "u2",
    "int32_t": "i4",
    "uint32_t": "u4",
    "int64_t": "i8",
    "uint64_t": "u8",
    "float": "f4",
    "double": "f8",
}

pytestmark = pytest.mark.skipif(
    not PATH.exists(),
    reason="NOT RUN: cargo test -p rootlake-io --test round_trip has not written the file",
)


def values(name, count):
    """The values that `crates/io/tests/round_trip.rs` writes."""
    dtype = np.dtype(TYPES[name]).newbyteorder(">")
    index = np.arange(count * dtype.itemsize)
    bytes_ = ((index * 37 + index // 7) & 255) % (2 if name == "bool" else 120)
    return bytes_.astype("u1").view(dtype).astype(TYPES[name])


def expected():
    alphabet = "abcdefghijklmnopqrstuvwxyz" * 30
    starts = np.cumsum([0] + [entry % 300 for entry in range(ENTRIES)])
    columns = {
        "n": ak.Array(LENGTHS.astype("u2")),
        "text": ak.Array(
            [alphabet[start % 26 :][: entry % 300] for entry, start in enumerate(starts[:-1])]
        ),
    }
    for name in TYPES:
        columns[f"fixed_{name}"] = ak.Array(values(name, ENTRIES))
        lists = ak.unflatten(values(name, LENGTHS.sum()), LENGTHS)
        columns[f"vector_{name}"] = columns[f"counted_{name}"] = lists
        columns[f"array_{name}"] = ak.Array(values(name, ENTRIES * 6).reshape(-1, 3, 2))
    return columns


def flat(column):
    """All values, as `TTree::Draw` gives them."""
    return ak.to_numpy(ak.flatten(column, axis=None)).astype("f8")


def merged(folder):
    """The file twice over, by ROOT's own hadd."""
    output = folder / "merged.root"
    hadd = pathlib.Path(ROOT.__file__).parent / "bin/hadd"
    # With the compression of its inputs (k), and silent but for warnings and errors.
    command = [hadd, "-v", "0", "-fk", output, PATH, PATH]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    return output


def test_uproot_reads_every_branch():
    tree = uproot.open(PATH)["t"]
    columns = expected()
    assert sorted(tree.keys()) == sorted(columns)
    for name, column in columns.items():
        read = tree[name].array()
        assert ak.array_equal(read, column, equal_nan=True, dtype_exact=False), name


def test_root_reads_every_branch(capfd):
    file = ROOT.TFile(str(PATH))
    tree = file.Get("t")
    for name, column in expected().items():
        # What is an array of char, ROOT draws as a text.
        if name in ("text", "counted_int8_t", "array_int8_t"):
            continue
        all_ = flat(column)
        tree.SetEstimate(len(all_) + 1)
        assert tree.Draw(name, "", "goff") == len(all_), name
        drawn = np.frombuffer(tree.GetV1(), "f8", len(all_))
        assert np.array_equal(drawn, all_, equal_nan=True), name
    formula = ROOT.TTreeFormula("formula", "text", tree)
    texts = []
    for entry in range(ENTRIES):
        tree.LoadTree(entry)
        texts.append(str(formula.EvalStringInstance(0)))
    assert texts == expected()["text"].to_list()
    assert capfd.readouterr().err == ""


def test_rdataframe_reads_arrays(capfd):
    # ROOT's python cannot take over an array of char.
    types = [name for name in TYPES if name != "int8_t"]
    names = [f"{kind}_{name}" for kind in ("vector", "counted", "array") for name in types]
    frame = ROOT.RDataFrame("t", str(PATH)).AsNumpy([*names, "n"])
    columns = expected()
    for name in names:
        read = np.concatenate([np.asarray(list(entry)).ravel() for entry in frame[name]])
        assert np.array_equal(read.astype("f8"), flat(columns[name]), equal_nan=True), name
    assert np.array_equal(frame["n"], LENGTHS)
    assert capfd.readouterr().err == ""


def test_roots_hadd_accepts_it(tmp_path):
    tree = uproot.open(merged(tmp_path))["t"]
    assert tree.num_entries == 2 * ENTRIES
    for name, column in expected().items():
        twice = ak.concatenate([column, column])
        assert ak.array_equal(tree[name].array(), twice, equal_nan=True, dtype_exact=False), name
