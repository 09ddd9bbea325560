#!/usr/bin/env bash
# Tests what pip installs: the checkout, as `pip install .` builds it, and the wheel of a release around the static binary.
#
#   packaging/test-wheel.sh [TARGET]        with a target, whose binary can be built here, the wheel of a release as well
#
# Needs a Python with venv, and its registry for maturin, which builds the wheel; without them it ends with 3.
set -euo pipefail
target=${1:-}
cd "$(dirname "${BASH_SOURCE[0]}")/.."
unset PIP_REQUIRE_VIRTUALENV

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

missing() {
    echo "$*"
    exit 3
}
python3 -m venv "$work/tools" >"$work/log" 2>&1 || missing "no virtual environment can be made: $(tail -n 1 "$work/log")"
"$work/tools/bin/pip" install -q 'maturin>=1.9.4,<2' >"$work/log" 2>&1 || missing "maturin cannot be had: $(tail -n 1 "$work/log")"
PATH="$work/tools/bin:$PATH"
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)

# try WHAT PIP-ARGUMENT...: installs it into an empty environment, uses it, and removes it without a trace.
try() {
    local what=$1 place="$work/place" said
    shift
    python3 -m venv "$place"
    find "$place" -name __pycache__ -prune -o -print | sort >"$work/before"
    "$place/bin/pip" install -q "$@"
    said=$("$place/bin/aliyun" --version)
    case "$said" in "aliyun-configure $version "*) ;; *) echo "$what: it says $said" && return 1 ;; esac
    mkdir "$work/home"
    HOME="$work/home" "$place/bin/aliyun" configure set --profile wheel --mode AK --access-key-id LTAI5tWheel \
        --access-key-secret wheel --region cn-hangzhou
    [ "$(HOME="$work/home" "$place/bin/aliyun" configure get region)" = cn-hangzhou ]
    "$place/bin/pip" show aliyun-configure | grep '^License.*: Apache-2.0' >/dev/null
    "$place/bin/pip" uninstall -q -y aliyun-configure
    find "$place" -name __pycache__ -prune -o -print | sort | diff "$work/before" -
    rm -r "${place:?}" "${work:?}/home"
    echo "$what: installed, used and removed"
}

# The wheel of a release: the binary of that release, for every Linux, the same twice.
test_release() {
    local binary name wheel="$work/wheels"
    binary=$(packaging/build.sh "$target" "$wheel")
    packaging/build.sh "$target" "$work/again" >/dev/null
    name=$(cd "$wheel" && ls)
    cmp "$wheel/$name" "$work/again/$name"
    case "$name" in
        "aliyun_configure-$version-py3-none-manylinux2014_"*.musllinux_1_1_*.whl) ;;
        *) echo "the wheel is named $name" && return 1 ;;
    esac
    python3 -m zipfile -e "$wheel/$name" "$work/unpacked"
    cmp "$binary" "$work/unpacked/aliyun_configure-$version.data/scripts/aliyun"
    cmp LICENSE "$work/unpacked/aliyun_configure-$version.dist-info/licenses/LICENSE"
    grep -q '^ring ' "$work/unpacked/aliyun_configure-$version.dist-info/licenses/THIRD-PARTY.txt"
    if grep -rqF -e "$PWD" "$work/unpacked"; then
        echo "paths of this machine are in the wheel"
        return 1
    fi
    [ ! -e THIRD-PARTY.txt ]
    try "$name" --no-index "$wheel/$name"
}

if [ -n "$target" ]; then test_release; fi
try "pip install ." .
# What a release of sources would hold is enough to build it as well.
maturin sdist --out "$work/sdist" >"$work/log" 2>&1
tar -tzf "$work/sdist/"*.tar.gz | grep '/src/main.rs$' >/dev/null
