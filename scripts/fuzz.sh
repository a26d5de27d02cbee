#!/usr/bin/env bash
# Fuzzes every target of crates/io/fuzz for some seconds each, from seeds that are cut out of the
# fixtures and, where they lie beside the project, the files of shared/data/formats.
#   scripts/fuzz.sh [SECONDS [TARGET…]]
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-600}
shift || true

cargo fuzz --version >/dev/null 2>&1 || cargo install --locked cargo-fuzz
cd crates/io
targets=("$@")
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(cargo +nightly fuzz list)
cargo +nightly fuzz build
python3 ../../scripts/fuzz_seeds.py fuzz/corpus
export seconds
fuzz() { # TARGET
    # A unit that takes 10 s is a hang; the rest bounds memory. Where tracing is forbidden, as in
    # many containers, looking for leaks cannot work.
    cargo +nightly fuzz run "$1" -- -max_total_time="$seconds" -timeout=10 \
        -rss_limit_mb=1500 -detect_leaks=0 -print_final_stats=1 2>&1 |
        grep -E '^(stat::number|SUMMARY|==.*ERROR)|panicked' | sed "s/^/$1: /"
}
export -f fuzz
echo "fuzzing for $seconds s each: ${targets[*]}"
# As many at a time as there are processors.
printf '%s\n' "${targets[@]}" | xargs -P "$(nproc)" -I{} bash -o pipefail -c 'fuzz {}'
