#!/usr/bin/env bash
# Checks the dependencies against packaging/deny.toml: licences, bans, sources, and known vulnerabilities.
#
#   packaging/deny.sh [--need-all]
#
# cargo-deny is installed where it is missing. Where it can't be, or where the database of vulnerabilities can't be
# reached, that is skipped by name; with --need-all it is a failure.
set -euo pipefail

# The version that is installed; another one that is there already will do.
wanted=0.20.2

cd "$(dirname "${BASH_SOURCE[0]}")/.."
need_all=
if [ "${1:-}" = --need-all ]; then need_all=yes; fi

skip() {
    echo "skipped $*"
    if [ -n "$need_all" ]; then exit 1; fi
}
limited() { if command -v timeout >/dev/null; then timeout "$@"; else shift && "$@"; fi; }

if ! cargo deny --version >/dev/null 2>&1; then
    # Unoptimised it is built sooner, and is fast enough.
    if ! limited 900 cargo install cargo-deny --version "$wanted" --locked --debug --quiet; then
        skip "all checks of packaging/deny.toml: cargo-deny $wanted cannot be installed"
        exit 0
    fi
fi
cargo deny --version
cargo deny --locked --config packaging/deny.toml check licenses bans sources
database=$(limited 30 git ls-remote https://github.com/rustsec/advisory-db HEAD 2>/dev/null || true)
if [ -n "$database" ]; then
    cargo deny --locked --config packaging/deny.toml check advisories
else
    skip "known vulnerabilities: https://github.com/rustsec/advisory-db cannot be reached"
fi
