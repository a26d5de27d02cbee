#!/usr/bin/env bash
# Runs all tests, and installs what they need: real ROOT, uproot and JSROOT to open what rootlake
# writes, nginx to serve what it reads. What is installed for Python and JavaScript goes into
# .venv; system packages are installed where they are missing and we are root.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '\n== %s\n' "$*"; }

need() { # COMMAND PACKAGE: installs the Debian package unless the command is there
    command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ] || missing+=("$2")
}

say "system packages"
missing=()
need cc build-essential
need nginx nginx-light
need python3 python3
need npm npm
# File systems whose files can share blocks.
need mkfs.xfs xfsprogs
need mkfs.btrfs btrfs-progs
python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
if [ ${#missing[@]} -gt 0 ]; then
    if [ "$(id -u)" != 0 ]; then
        echo "please install: ${missing[*]}" >&2
        exit 1
    fi
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi

say "peers: ROOT, uproot, JSROOT"
[ -x .venv/bin/python ] || python3 -m venv .venv
.venv/bin/pip install --quiet --disable-pip-version-check -r tests/outsider/requirements.txt
# --ignore-scripts: its optional native canvas is not needed to read files.
npm install --silent --ignore-scripts --no-audit --no-fund --prefix .venv/jsroot jsroot@7

say "format, lints, documentation"
cargo fmt --check
cargo clippy --workspace --all-targets -- -D warnings
RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --quiet

say "tests"
ROOTLAKE_REQUIRE_NGINX=1 cargo test --workspace

say "unsafe code under AddressSanitizer"
if cargo +nightly --version >/dev/null 2>&1; then
    for part in "rootlake-lake --lib local" "rootlake-io --lib swap"; do
        # Not quoted: a package, a target, a name.
        RUSTFLAGS=-Zsanitizer=address cargo +nightly test --quiet \
            --target "$(rustc -vV | sed -n 's/^host: //p')" -p $part
    done
else
    echo "NOT RUN: there is no nightly toolchain" >&2
fi

say "hostile input: a minute of fuzzing"
if cargo +nightly --version >/dev/null 2>&1; then
    scripts/fuzz.sh 8
else
    echo "NOT RUN: fuzzing: there is no nightly toolchain" >&2
fi

say "release build and the main job"
cargo build --release
demo=$(mktemp -d)
trap 'rm -rf "$demo"' EXIT
target/release/rootlake demo -o "$demo/rootlake-demo"

say "what outsiders make of our files"
# The tests of a file share what ROOT compiles for them, and stay together.
.venv/bin/python -m pytest -q -n "$(nproc)" --dist loadfile tests/outsider

say "all passed"
