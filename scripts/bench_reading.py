#!/usr/bin/env python3
"""How fast columns are read, as shares of what the codec libraries alone take.

    scripts/bench_reading.py [--json FILE] [--against FILE] [--rounds N]
                             [--file FILE:TREE]… [--branches NAME,…] [-- FILTER]

Runs the bench `reading` of rootlake-io, N rounds of a minute or two of which the fastest counts (a
busy machine makes everything slower, never faster), and prints per codec and kind of column the
rates of the codec alone and of reading, in GB of expanded bytes a second, and their ratio; and what
opening takes. Beside the share of the codec stands that of what is needed at least: of LZ4 with its
checksums, which the codec alone does not look at; where nothing is compressed, of a copy to fresh
memory: the codec alone is a copy to 32 kB in the nearest cache there. `--file` measures all columns
of a file together as well, or those that `--branches` names: one file for each codec, as `rootlake
merge OUT FILE --compress lz4:4` makes them. `--json` keeps the figures, `--against` compares with
figures kept on the same machine; the shares mean something elsewhere too.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess

TOP = pathlib.Path(__file__).resolve().parents[1]


def run(arguments, folder, given):
    """Runs the bench and gives its figures."""
    shutil.rmtree(folder, ignore_errors=True)
    command = "cargo bench --quiet -p rootlake-io --bench reading -- --noplot --sample-size 20"
    command = f"{command} --warm-up-time 0.2 --measurement-time 0.6".split()
    environment = os.environ | given | {"CRITERION_HOME": str(folder)}
    subprocess.run(
        command + arguments, cwd=TOP, env=environment, check=True, stdout=subprocess.DEVNULL
    )
    return gather(folder)


def gather(folder):
    """The seconds and bytes of each bench in criterion's folder."""
    figures = {}
    for path in sorted(folder.glob("*/*/new/estimates.json")):
        bench = json.loads((path.parent / "benchmark.json").read_text())
        seconds = json.loads(path.read_text())["median"]["point_estimate"] / 1e9
        amount = (bench["throughput"] or {}).get("Bytes")
        figures.setdefault(bench["group_id"], {})[bench["function_id"]] = (seconds, amount)
    return figures


def fastest(rounds):
    """Of each bench the round that took least."""
    best = rounds[0]
    for figures in rounds[1:]:
        for group, benches in figures.items():
            for bench, figure in benches.items():
                best[group][bench] = min(best[group][bench], figure)
    return best


def summary(figures):
    """Rates and shares of columns, milliseconds of opening."""
    columns, opening = {}, {}
    for group, benches in figures.items():
        if group == "opening":
            opening = {name: seconds * 1e3 for name, (seconds, _) in benches.items()}
        elif {"codec alone", "read"} <= benches.keys():
            (codec, amount), (read, _) = benches["codec alone"], benches["read"]
            least, _ = benches.get("at least", (codec, amount))
            columns[group] = {
                "codec_gb_per_s": round(amount / codec / 1e9, 3),
                "read_gb_per_s": round(amount / read / 1e9, 3),
                "share": round(codec / read, 3),
                "share_of_least": round(least / read, 3),
            }
    return {"columns": columns, "opening_ms": {k: round(v, 3) for k, v in opening.items()}}


def show(new, old):
    """Prints the figures, beside the shares (or milliseconds) they are compared with."""
    print("| column | codec alone GB/s | read GB/s | share | before | of the least |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, figure in new["columns"].items():
        before = old.get("columns", {}).get(name, {}).get("share", "")
        rates = f"{figure['codec_gb_per_s']:.2f} | {figure['read_gb_per_s']:.2f}"
        least = f"{figure['share_of_least']:.2f}"
        print(f"| {name} | {rates} | {figure['share']:.2f} | {before} | {least} |")
    print("\n| opening | ms | before |\n|---|---:|---:|")
    for name, milliseconds in new["opening_ms"].items():
        print(f"| {name} | {milliseconds:.2f} | {old.get('opening_ms', {}).get(name, '')} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="keep the figures here")
    parser.add_argument("--against", type=pathlib.Path, metavar="FILE", help="compare with these")
    parser.add_argument("--rounds", type=int, default=1, metavar="N")
    parser.add_argument("--file", action="append", default=[], metavar="FILE:TREE")
    parser.add_argument("--branches", default="", metavar="NAME,…")
    parser.add_argument("arguments", nargs="*", metavar="FILTER", help="what criterion is told")
    options = parser.parse_args()
    folder = TOP / "target/bench_reading"
    files = ",".join(str(pathlib.Path(file).resolve()) for file in options.file)
    given = {"ROOTLAKE_BENCH_FILE": files, "ROOTLAKE_BENCH_BRANCHES": options.branches}
    rounds = [run(options.arguments, folder, given) for _ in range(options.rounds)]
    new = summary(fastest(rounds))
    show(new, json.loads(options.against.read_text()) if options.against else {})
    if options.json:
        options.json.write_text(json.dumps(new, indent=1) + "\n")


if __name__ == "__main__":
    main()
