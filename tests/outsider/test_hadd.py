"""The program under the name hadd takes hadd's flags, and loses nothing where hadd does."""

import os
import pathlib
import subprocess

import numpy
import pytest
import ROOT
import uproot

from conftest import PROGRAM

THEIRS = pathlib.Path(ROOT.__file__).parent / "bin/hadd"


@pytest.fixture(scope="module")
def hadd(tmp_path_factory):
    link = tmp_path_factory.mktemp("bin") / "hadd"
    os.symlink(PROGRAM, link)
    return link


@pytest.fixture
def parts(tmp_path):
    """Two files of a tree, a histogram, an object that is not added, and a directory."""
    paths = [tmp_path / "a.root", tmp_path / "b.root"]
    for number, path in enumerate(paths):
        with uproot.recreate(path, compression=uproot.ZLIB(1)) as file:
            file.mktree("tree", {"x": "int64"}).extend({"x": numpy.arange(100) + 100 * number})
            file["h"] = numpy.histogram(numpy.arange(10.0), bins=5)
            file["dir/h"] = numpy.histogram(numpy.arange(20.0), bins=5)
    return [str(path) for path in paths]


def run(program, folder, *arguments):
    words = [program, *map(str, arguments)]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True)


def contents(path):
    with uproot.open(path) as file:
        x = sorted(file["tree"]["x"].array().tolist()) if "tree;1" in file.keys() else None
        h = float(sum(file["h"].values())) if "h;1" in file.keys() else None
        inner = float(sum(file["dir/h"].values())) if "dir/h;1" in file.keys() else None
        compression = file.file.compression.code if file.file.compression else 0
        return x, h, inner, compression


FLAGS = [
    [],
    ["-f"],
    ["-f0"],
    ["-f101"],
    ["-f404"],
    ["-f505"],
    ["-ff"],
    ["-fk"],
    ["-fk505"],
    ["-O"],
    ["-T"],
    ["-k"],
    ["-v", "0"],
    ["-v"],
    ["-n", "1"],
    ["-j2", "-v0", "-n2", "-d.", "-cachesize0"],
    ["-Lnames", "-LtypeOnlyListed"],
    ["-dbg"],
    ["-cachesize", "0"],
    ["-L", "names", "-Ltype", "SkipListed"],
    ["-L", "names", "-Ltype", "OnlyListed"],
]


def test_files_of_trees_alone_leave_an_empty_file_without_trees(hadd, tmp_path):
    for name in ["a.root", "b.root"]:
        with uproot.recreate(tmp_path / name) as file:
            file.mktree("tree", {"x": "int64"}).extend({"x": numpy.arange(10)})
    for program, out in [(hadd, "ours.root"), (THEIRS, "theirs.root")]:
        done = run(program, tmp_path, "-T", out, "a.root", "b.root")
        assert done.returncode == 0, done.stderr
        with uproot.open(tmp_path / out) as file:
            assert file.keys() == []


@pytest.mark.parametrize("flags", FLAGS, ids=" ".join)
def test_flags_give_what_they_give_to_hadd(hadd, parts, tmp_path, flags):
    (tmp_path / "names").write_text("dir\ntree\n")
    # A number after -v would be its level.
    words = [*flags, "--"] if flags == ["-v"] else flags
    for program, out in [(hadd, "ours.root"), (THEIRS, "theirs.root")]:
        done = run(program, tmp_path, *words, out, *parts)
        assert done.returncode == 0, done.stderr
    ours, theirs = contents(tmp_path / "ours.root"), contents(tmp_path / "theirs.root")
    assert ours == theirs
    if flags == ["-v", "0"]:
        assert run(hadd, tmp_path, *flags, "quiet.root", *parts).stdout == ""


def test_threads_list_and_append(hadd, parts, tmp_path):
    (tmp_path / "list").write_text("\n".join(parts) + "\n")
    assert run(hadd, tmp_path, "-j", "2", "-d", tmp_path, "out.root", "@list").returncode == 0
    first = contents(tmp_path / "out.root")
    assert first[0] == list(range(200))
    # The target exists: it is neither overwritten nor added to unasked.
    assert run(hadd, tmp_path, "out.root", *parts).returncode == 4
    assert contents(tmp_path / "out.root") == first
    assert run(hadd, tmp_path, "-a", "out.root", parts[0]).returncode == 0
    assert len(contents(tmp_path / "out.root")[0]) == 300
    assert contents(tmp_path / "out.root")[1] == 1.5 * first[1]
    assert run(hadd, tmp_path, "-f", "out.root", parts[1]).returncode == 0
    assert len(contents(tmp_path / "out.root")[0]) == 100
    # With both, what the target holds is kept.
    for program, out in [(hadd, "ours.root"), (THEIRS, "theirs.root")]:
        assert run(program, tmp_path, out, parts[1]).returncode == 0
        assert run(program, tmp_path, "-a", "-f", out, parts[0]).returncode == 0
        assert len(contents(tmp_path / out)[0]) == 200


@pytest.mark.parametrize(
    "line",
    [
        "out.root",
        "-n out.root a.root",
        "-cachesize 10MB out.root a.root",
        "-experimental-io-features kGenerateOffsetMap out.root a.root",
        "-Ltype SkipListed out.root a.root",
        "-d nowhere out.root a.root",
        "-kf out.root a.root",
        "-f a.root a.root b.root",
        "out.root *.root",
    ],
)
def test_what_cannot_be_honoured_is_an_error(hadd, parts, tmp_path, line):
    before = pathlib.Path(parts[0]).read_bytes()
    done = run(hadd, tmp_path, *line.split())
    assert done.returncode != 0 and done.stderr
    assert not (tmp_path / "out.root").exists()
    assert pathlib.Path(parts[0]).read_bytes() == before


def test_dash_dash_help(hadd, tmp_path):
    assert "-Ltype" in run(hadd, tmp_path, "--help").stdout


def damaged(path, to):
    """A copy whose last basket has a few flipped bytes."""
    file = ROOT.TFile(str(path))
    branch = file.Get("tree").GetBranch("x")
    seek, length = branch.GetBasketSeek(branch.GetWriteBasket() - 1), branch.GetBasketBytes()[0]
    file.Close()
    raw = bytearray(pathlib.Path(path).read_bytes())
    for place in range(seek + length // 2, seek + length // 2 + 8):
        raw[place] ^= 0xFF
    pathlib.Path(to).write_bytes(raw)


# What hadd 6.40 answers with 0 and a loss: here an error, or the right answer.
@pytest.mark.parametrize("flags", [["-f"], ["-ff"], ["-fk"], ["-f404"], ["-O"]], ids=" ".join)
@pytest.mark.parametrize("swapped", [False, True])
def test_a_further_branch_is_no_loss(hadd, parts, tmp_path, flags, swapped):
    with uproot.recreate(tmp_path / "z.root") as file:
        tree = file.mktree("tree", {"x": "int64", "z": "float64"})
        tree.extend({"x": numpy.arange(10), "z": numpy.arange(10.0)})
    inputs = ["z.root", parts[0]][:: -1 if swapped else 1]
    done = run(hadd, tmp_path, *flags, "out.root", *inputs)
    assert done.returncode == 5 and "z" in done.stderr
    assert not (tmp_path / "out.root").exists()


@pytest.mark.parametrize("flags", [[], ["-f"], ["-ff"], ["-fk"], ["-f404"], ["-O"]], ids=" ".join)
def test_a_damaged_basket_is_no_loss(hadd, parts, tmp_path, flags):
    damaged(parts[0], tmp_path / "bad.root")
    done = run(hadd, tmp_path, *flags, "out.root", "bad.root", parts[1])
    assert done.returncode == 3, done.stderr
    assert not (tmp_path / "out.root").exists()


@pytest.mark.parametrize("flags", [["-f"], ["-ff"], ["-fk"], ["-f404"], ["-O"]], ids=" ".join)
def test_files_of_uproot_are_merged_without_messages(hadd, parts, tmp_path, capfd, flags):
    done = run(hadd, tmp_path, *flags, "-v", "0", "out.root", *parts)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    capfd.readouterr()
    file = ROOT.TFile(str(tmp_path / "out.root"))
    tree = file.Get("tree")
    assert [entry.x for entry in tree] == list(range(200))
    assert (file.Get("h").GetEntries(), file.Get("dir/h").Integral()) == (20, 40)
    file.Close()
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("bad", ["missing", "cut"])
def test_sources_that_cannot_be_read_are_named(hadd, parts, tmp_path, bad):
    if bad == "cut":
        (tmp_path / "cut").write_bytes(pathlib.Path(parts[0]).read_bytes()[:300])
    done = run(hadd, tmp_path, "out.root", bad, parts[1])
    assert done.returncode == 3 and bad in done.stderr
    assert not (tmp_path / "out.root").exists()
    done = run(hadd, tmp_path, "-k", "out.root", bad, parts[1])
    assert done.returncode == 6 and bad in done.stderr
    assert len(contents(tmp_path / "out.root")[0]) == 100
