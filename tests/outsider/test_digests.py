"""Every branch of the files beside the project: our digest is that of the values uproot reads.

What uproot cannot read is left to `test_objects.py`, which asks ROOT. Without the shared data nothing is compared, and the test says so.
"""

import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import warnings

import awkward as ak
import numpy as np
import pytest
import uproot
import xxhash
from uproot.interpretation.numerical import TruncatedNumerical

from conftest import PROGRAM, TOP

SHARED = pathlib.Path(os.environ.get("ROOTLAKE_SHARED", TOP.parent / "shared"))
FOLDERS = ["data/formats", "data/synth/codecs"]
# uproot takes a minute to fail on these: containers of classes that only Athena knows.
SLOW = {"uproot-issue-210.root": "AuxDyn."}
# Two members of one name, in a class and its base: uproot shows the second twice, ROOT each.
MISREAD = {"uproot-issue-880.root:Z Event/Cluster[6]"}


def divided(self, *, raw, output, **_):
    """Works a share of a range out as ROOT does: uproot's product differs in the last bit."""
    if self.is_truncated:
        # ROOT then keeps 12 or 23 bits.
        if self.num_bits > 14:
            raise TypeError("misread")
    else:
        steps = min(1 << self.num_bits, 0xFFFF_FFFF)
        output.reshape(-1)[:] = raw / (steps / (self.high - self.low)) + self.low


TruncatedNumerical.hook_after_basket_array = divided


def feed(digest, node, start, stop):
    """Takes the items of an awkward layout in, as `rootlake digest --help` says."""
    if isinstance(node, ak.contents.NumpyArray):
        values = np.asarray(node.data[start:stop])
        if values.dtype == bool:
            values = values.view("u1") != 0
        digest.update(values.astype(values.dtype.newbyteorder("<"), copy=False).tobytes())
    elif isinstance(node, ak.contents.RegularArray):
        feed(digest, node.content, start * node.size, stop * node.size)
    elif isinstance(node, (ak.contents.ListOffsetArray, ak.contents.ListArray)):
        starts, stops = (np.asarray(ends)[start:stop].tolist() for ends in (node.starts, node.stops))
        for first, last in zip(starts, stops):
            digest.update((last - first).to_bytes(8, "little"))
            feed(digest, node.content, first, last)
    elif isinstance(node, ak.contents.RecordArray):
        for index in range(start, stop):
            if node.is_tuple:
                digest.update(len(node.contents).to_bytes(8, "little"))
            for member in node.contents:
                feed(digest, member, index, index + 1)
    elif isinstance(node, ak.contents.IndexedArray):
        feed(digest, node.project(), start, stop)
    elif not isinstance(node, ak.contents.EmptyArray):
        raise TypeError(type(node).__name__)


def digests_of(array):
    """The digest; a second one where uproot puts a list around a fixed array of objects."""
    layout = ak.to_layout(array)
    yield layout
    if isinstance(layout, ak.contents.ListOffsetArray) and isinstance(
        layout.content, ak.contents.RegularArray
    ):
        yield layout.content


def xxh3(layout):
    digest = xxhash.xxh3_64()
    feed(digest, layout, 0, len(layout))
    return digest.hexdigest()


def compare(path):
    """How many branches of a file are equal, different, and read by one side alone."""
    warnings.filterwarnings("ignore")
    counts = dict.fromkeys(["equal", "only ours", "only uproot's", "neither"], 0)
    different, refused = [], []
    ours = subprocess.run([PROGRAM, "digest", "--json", path], capture_output=True, text=True)
    if ours.returncode != 0:
        return counts, different, [f"{path.name}: {ours.stderr.strip()}"]
    trees = json.loads(ours.stdout)["trees"]
    with uproot.open(path) as file:
        for key, of_class in file.classnames(recursive=True, cycle=False).items():
            if of_class not in ("TTree", "TNtuple", "TNtupleD"):
                continue
            for name, branch in file[key].items(recursive=True):
                if branch.branches:
                    continue
                own = trees[key]["branches"][name]
                place = f"{path.name}:{key} {name}"
                try:
                    if place in MISREAD:
                        raise TypeError("misread")
                    if SLOW.get(path.name, "") not in name:
                        raise TypeError("takes too long")
                    layouts = list(digests_of(branch.array(library="ak")))
                    theirs = [xxh3(layout) for layout in layouts]
                except Exception:  # uproot raises of everything
                    counts["neither" if "error" in own else "only ours"] += 1
                    continue
                if "error" in own:
                    counts["only uproot's"] += 1
                    refused.append(f"{place}: {own['error']}")
                elif own["xxh3"] in theirs:
                    counts["equal"] += 1
                else:
                    different.append(place)
    return counts, different, refused


def test_values_are_uproots():
    files = [path for folder in FOLDERS for path in sorted((SHARED / folder).glob("*.root"))]
    if not files:
        os.write(sys.__stderr__.fileno(), b"NOT RUN: test_digests: no shared data\n")
        pytest.skip(f"no shared data in {SHARED}")
    # The longest first, so that no process waits for it at the end.
    files.sort(key=lambda path: -path.stat().st_size)
    total, different, refused = {}, [], []
    with concurrent.futures.ProcessPoolExecutor() as pool:
        for counts, differing, refusals in pool.map(compare, files):
            for what, count in counts.items():
                total[what] = total.get(what, 0) + count
            different += differing
            refused += refusals
    print(f"\n{len(files)} files:", ", ".join(f"{n} {what}" for what, n in total.items()))
    print("\n".join(refused))
    assert not different
    assert total["equal"] > 12_000
    assert total["only uproot's"] == 0, refused
