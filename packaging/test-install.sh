#!/usr/bin/env bash
# Tests install.sh with a release of its own making around a real binary: what it installs, and what it refuses.
#
#   packaging/test-install.sh BINARY
set -euo pipefail

binary=$(realpath "${1:?usage: packaging/test-install.sh BINARY}")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
install_sh=$PWD/packaging/install.sh

work=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill "$server"; fi; rm -rf "$work"' EXIT
export HOME="$work/home"
mkdir "$HOME" "$work/release"

case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) target=x86_64-unknown-linux-musl ;;
    Linux-aarch64) target=aarch64-unknown-linux-musl ;;
    Darwin-x86_64) target=x86_64-apple-darwin ;;
    Darwin-arm64) target=aarch64-apple-darwin ;;
esac
name=aliyun-configure-$target
mkdir "$work/$name"
cp "$binary" "$work/$name/aliyun"
tar -czf "$work/release/$name.tar.gz" -C "$work" "$name"
sum=$(if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi <"$work/release/$name.tar.gz" | cut -d ' ' -f 1)
printf '%s  %s\n' "${sum//[0-9]/0}" other.tar.gz "$sum" "$name.tar.gz" >"$work/release/SHA256SUMS"
printf '#!/bin/sh\necho another aliyun\n' >"$work/another"
chmod +x "$work/another"

shell=
failures=0

# run EXPECTED_CODE WORDS NAME=VALUE... -- ARGUMENT...: install.sh ends with the code and says the words.
run() {
    local code=0 expected=$1 words=$2 variables=()
    shift 2
    while [ "$1" != -- ]; do
        variables+=("$1")
        shift
    done
    shift
    # shellcheck disable=SC2086 # busybox sh is two words.
    env "${variables[@]}" $shell "$install_sh" "$@" >"$work/said" 2>&1 </dev/null || code=$?
    if [ "$code" -ne "$expected" ] || ! grep -qF -- "$words" "$work/said"; then
        failures=$((failures + 1))
        printf 'FAILED with %s: install.sh %s\n  %d and "%s" expected, got %d and:\n' "$shell" "$*" "$expected" "$words" "$code"
        sed 's/^/  /' "$work/said"
    fi
}

# holds FILE WHAT: the file is byte for byte the other one, or is not there where WHAT is empty.
holds() {
    if [ -z "$2" ] && [ ! -e "$1" ]; then return; fi
    if [ -n "$2" ] && cmp -s "$1" "$2"; then return; fi
    failures=$((failures + 1))
    printf 'FAILED with %s: %s is not %s\n' "$shell" "$1" "${2:-absent}"
}

all() {
    local files="ALIYUN_CONFIGURE_URL=file://$work/release" to
    to=$(mktemp -d -p "$work")

    # It installs, into a folder that it makes, and what is there then runs; and again, over itself.
    run 0 "as $to/new/bin/aliyun" "$files" -- --to "$to/new/bin"
    run 0 "is not in PATH" "$files" -- --to "$to/new/bin"
    holds "$to/new/bin/aliyun" "$binary"
    "$to/new/bin/aliyun" --version >/dev/null
    run 0 "as $HOME/.local/bin/aliyun" "$files" --
    rm -r "$HOME/.local"
    ls -A "$to/new/bin" >"$work/left"
    echo aliyun >"$work/expected"
    holds "$work/left" "$work/expected"

    # Another aliyun stays, whatever it is, unless it is meant to go.
    mkdir "$to/taken" "$to/linked" "$to/folder" "$to/folder/aliyun"
    cp "$work/another" "$to/taken/aliyun"
    run 1 "is another program" "$files" -- --to "$to/taken"
    holds "$to/taken/aliyun" "$work/another"
    run 0 "installed aliyun-configure " "$files" -- --to "$to/taken" --force
    holds "$to/taken/aliyun" "$binary"
    cp "$work/another" "$to/linked/real"
    ln -s real "$to/linked/aliyun"
    run 1 "is another program" "$files" -- --to "$to/linked"
    run 0 "installed aliyun-configure " "$files" -- --force --to "$to/linked"
    holds "$to/linked/real" "$work/another"
    run 1 "is a folder" "$files" -- --to "$to/folder" --force

    # One that comes first in the PATH is named.
    mkdir "$to/first" "$to/second"
    cp "$work/another" "$to/first/aliyun"
    run 0 "$to/first/aliyun comes before it" "$files" "PATH=$to/first:$to/second:$PATH" -- --to "$to/second"

    # What is not what the release says is not unpacked.
    cp -r "$work/release" "$to/changed"
    printf x >>"$to/changed/$name.tar.gz"
    run 1 "has the wrong checksum" "ALIYUN_CONFIGURE_URL=file://$to/changed" -- --to "$to/refused"
    cp "$work/release/$name.tar.gz" "$to/changed"
    sed -i.old '2d' "$to/changed/SHA256SUMS"
    run 1 "has no line for $name.tar.gz" "ALIYUN_CONFIGURE_URL=file://$to/changed" -- --to "$to/refused"
    cat "$work/release/SHA256SUMS" "$work/release/SHA256SUMS" >"$to/changed/SHA256SUMS"
    run 1 "has no single checksum" "ALIYUN_CONFIGURE_URL=file://$to/changed" -- --to "$to/refused"
    rm "$to/changed/SHA256SUMS"
    run 1 "cannot read file://" "ALIYUN_CONFIGURE_URL=file://$to/changed" -- --to "$to/refused"
    holds "$to/refused" ""

    # Where from has to be known, and the way there safe.
    run 1 "set ALIYUN_CONFIGURE_REPOSITORY" ALIYUN_CONFIGURE_REPOSITORY= ALIYUN_CONFIGURE_URL= -- --to "$to/refused"
    run 1 "must be OWNER/NAME" ALIYUN_CONFIGURE_REPOSITORY=name ALIYUN_CONFIGURE_URL= -- --to "$to/refused"
    run 1 "must begin with https://" ALIYUN_CONFIGURE_URL=http://example.invalid -- --to "$to/refused"
    run 1 "must begin with https://" ALIYUN_CONFIGURE_REPOSITORY=http://example.invalid/a/b ALIYUN_CONFIGURE_URL= -- \
        --to "$to/refused"
    run 2 "'--tow' is not an option" "$files" -- --tow "$to/refused"
    run 2 "--to needs a value" "$files" -- --to
    run 0 "Usage: install.sh" "$files" -- --help
    holds "$to/refused" ""

    if [ -n "$server" ]; then
        run 0 "as $to/served/aliyun" "ALIYUN_CONFIGURE_URL=http://127.0.0.1:$port/release/" -- --to "$to/served"
        holds "$to/served/aliyun" "$binary"
        run 1 "cannot download" "ALIYUN_CONFIGURE_URL=http://127.0.0.1:$port/none" -- --to "$to/refused"
        holds "$to/refused" ""
    fi
}

if command -v python3 >/dev/null; then
    python3 -u -m http.server --bind 127.0.0.1 --directory "$work" 0 >"$work/server" 2>/dev/null &
    server=$!
    for _ in {1..100}; do
        port=$(sed -n 's/.* port \([0-9]*\) .*/\1/p' "$work/server")
        if [ -n "$port" ]; then break; fi
        sleep 0.1
    done
else
    echo "skipped downloads over HTTP: there is no python3 to serve them"
fi

for shell in sh bash dash "busybox sh"; do
    if command -v "${shell%% *}" >/dev/null; then
        all
    else
        echo "skipped ${shell%% *}: it is not installed"
    fi
done
if [ "$failures" -gt 0 ]; then
    echo "install.sh: $failures failed"
    exit 1
fi
echo "install.sh: all passed"
