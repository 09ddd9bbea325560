#!/usr/bin/env bash
# Shows where the time of a command goes, by counting instructions: the same on every run, however busy the machine is.
#
#   benches/where.sh PROFILES ARGUMENT...      for example: benches/where.sh 10000 configure get region
#
# Prints how many instructions the command takes with so many profiles in the file, and below that the functions by what they
# take together with all that they call. Needs valgrind. What the system does for the command is not counted: page faults and
# waiting for the disk.
set -euo pipefail

if [ $# -lt 2 ]; then
    sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0" >&2
    exit 2
fi
profiles=$1
shift

cd "$(dirname "${BASH_SOURCE[0]}")/.."
build="${CARGO_TARGET_DIR:-target}/where"
CARGO_PROFILE_RELEASE_STRIP=false CARGO_PROFILE_RELEASE_DEBUG=1 cargo build --release --locked --quiet --bin aliyun --target-dir "$build"

home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
mkdir "$home/.aliyun"
{
    printf '{"current": "p1", "profiles": ['
    for ((number = 1; number <= profiles; number++)); do
        if [ "$number" -gt 1 ]; then printf ','; fi
        printf '{"name": "p%d", "mode": "AK", "access_key_id": "LTAI5tExample", "access_key_secret": "%030d",' "$number" 0
        printf ' "region_id": "cn-hangzhou", "output_format": "json", "language": "en"}'
    done
    printf '], "meta_path": ""}\n'
} >"$home/.aliyun/config.json"

# The first change puts the file into the form that all later ones find.
HOME="$home" "$build/release/aliyun" configure set --region cn-hangzhou
env -i HOME="$home" valgrind --quiet --tool=callgrind --callgrind-out-file="$home/counts" \
    "$build/release/aliyun" "$@" >"$home/output"
callgrind_annotate --inclusive=yes --auto=no "$home/counts" >"$home/functions"
sed -n '/PROGRAM TOTALS/p' "$home/functions"
grep -E '(aliyun_configure|serde_json|malloc|clap)' "$home/functions" |
    sed -E 's#/[^ ]*/(registry/src/[^/]*|rustc/[0-9a-f]*)/##; s# \[/[^]]*\]$##' | head -n 25
