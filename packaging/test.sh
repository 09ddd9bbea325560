#!/usr/bin/env bash
# Builds what a release ships, as far as this machine can, and tests it: the static Linux binary and its archive, the
# Debian package, install.sh, the Python wheel, the Homebrew formula, the Dockerfile, the workflows, the spelling, the
# README's commands on a system that has nothing, and the tests on the Windows build, under Wine.
#
# What is missing is installed with apt and rustup; what can't be installed is skipped by name.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
export DEBIAN_FRONTEND=noninteractive
PATH="$PATH:/usr/sbin:/sbin"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say() { printf '\n--> %s\n' "$*"; }
has() { command -v "$1" >/dev/null 2>&1; }
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi; }

# with COMMAND PACKAGE...: whether the command is there, if need be after installing the packages.
with() {
    local command=$1
    shift
    if has "$command"; then return 0; fi
    if has apt-get; then
        if [ ! -e "$work/updated" ]; then
            as_root apt-get update -q >"$work/apt" 2>&1 || true
            touch "$work/updated"
        fi
        as_root apt-get install -y -q --no-install-recommends "$@" >"$work/apt" 2>&1 || tail -n 5 "$work/apt"
    fi
    has "$command"
}

with_target() {
    rustc --print target-libdir --target "$1" | xargs test -d && return 0
    has rustup && rustup target add "$1" >/dev/null 2>&1
}

skip() { say "skipped $*"; }

# --- the static binary and what is made of it ------------------------------------------------------------------

is_static() {
    local binary=$1
    # `file` of some systems names position-independent ones otherwise, so the loader is what counts.
    if file -b "$binary" | grep -q 'dynamically linked'; then return 1; fi
    if ldd "$binary" 2>&1 | grep -q '=>'; then return 1; fi
    ! LC_ALL=C grep -qa 'ld-linux\|ld-musl' "$binary"
}

test_archive() {
    local binary=$1 target=$2 first second name=aliyun-configure-$2
    first=$(packaging/archive.sh "$target" "$binary" "$work/dist")
    second=$(packaging/archive.sh "$target" "$binary" "$work/again")
    cmp "$first" "$second"
    tar -tzf "$first" | sort >"$work/listed"
    grep -v '\.1$' "$work/listed" >"$work/others"
    printf "$name/%s\n" '' CHANGELOG.md LICENSE README.md README.zh-CN.md THIRD-PARTY.txt aliyun man/ man/man1/ man/zh_CN/ \
        man/zh_CN/man1/ | sort | diff - "$work/others"
    tar -xzf "$first" -C "$work"
    test_manual "$work/$name/man"
    cmp "$binary" "$work/$name/aliyun"
    # Every crate in the program with its licence, and the texts that ask to go with it.
    grep -q '^ring [0-9.]*: Apache-2.0 AND ISC' "$work/$name/THIRD-PARTY.txt"
    grep -q 'Permission is hereby granted, free of charge' "$work/$name/THIRD-PARTY.txt"
    grep -q 'Redistribution and use in source and binary forms' "$work/$name/THIRD-PARTY.txt"
    echo "$first: $(wc -c <"$first") bytes, the same twice"
}

# A page a command and language.
test_manual() {
    local page
    diff <(ls "$1/man1") <(ls "$1/zh_CN/man1")
    for page in aliyun.1 aliyun-configure.1 aliyun-configure-set.1; do
        grep -q '^\.SH NAME$' "$1/man1/$page"
        grep -q '^\.SH 名称$' "$1/zh_CN/man1/$page"
    done
}

test_deb() {
    local binary=$1 package again version
    version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
    package=$(ALIYUN_CONFIGURE_REPOSITORY=owner/name packaging/debian/build.sh "$binary" amd64 "$work/deb")
    again=$(ALIYUN_CONFIGURE_REPOSITORY=owner/name packaging/debian/build.sh "$binary" amd64 "$work/deb-again")
    cmp "$package" "$again"
    [ "$(dpkg-deb -f "$package" Package Version Architecture Conflicts Homepage)" = "Package: aliyun-configure
Version: ${version/-/\~}
Architecture: amd64
Conflicts: aliyun-cli
Homepage: https://github.com/owner/name" ]
    [ -z "$(dpkg-deb -f "$package" Depends Replaces Provides)" ]
    dpkg-deb --contents "$package"
    if dpkg-deb --contents "$package" | grep -v ' root/root '; then
        echo "these do not belong to root"
        return 1
    fi
    dpkg-deb -x "$package" "$work/deb-root"
    dpkg-deb -e "$package" "$work/deb-root/DEBIAN"
    (cd "$work/deb-root" && md5sum --quiet --check DEBIAN/md5sums)
    cmp "$binary" "$work/deb-root/usr/bin/aliyun"
    [ "$(stat -c %a "$work/deb-root/usr/bin/aliyun")" = 755 ]
    for file in copyright changelog.gz README.md README.zh-CN.md THIRD-PARTY.txt.gz; do
        test -s "$work/deb-root/usr/share/doc/aliyun-configure/$file"
    done
    gunzip --recursive "$work/deb-root/usr/share/man"
    test_manual "$work/deb-root/usr/share/man"
    # Installed for real, by dpkg, into a root and a database of its own; and not beside the other command line.
    local scratch="$work/scratch" dpkg
    mkdir -p "$scratch/var/lib/dpkg/"{info,updates,triggers} "$scratch/var/log"
    touch "$scratch/var/lib/dpkg/status"
    dpkg=(as_root dpkg --root="$scratch" --force-not-root --log=/dev/null)
    "${dpkg[@]}" --install "$package"
    "$scratch/usr/bin/aliyun" --version
    "${dpkg[@]}" --purge aliyun-configure
    [ ! -e "$scratch/usr/bin/aliyun" ]
    mkdir -p "$work/other/DEBIAN" "$work/other/usr/bin"
    printf 'Package: aliyun-cli\nVersion: 3\nArchitecture: all\nMaintainer: test <test@example.invalid>\nDescription: test\n' \
        >"$work/other/DEBIAN/control"
    echo other >"$work/other/usr/bin/aliyun"
    dpkg-deb --root-owner-group --build "$work/other" "$work/other.deb" >/dev/null
    "${dpkg[@]}" --install "$work/other.deb"
    if "${dpkg[@]}" --install "$package" 2>"$work/refused"; then
        echo "dpkg installed it beside aliyun-cli"
        return 1
    fi
    grep -q 'conflicts with aliyun-cli' "$work/refused"
    [ "$(cat "$scratch/usr/bin/aliyun")" = other ]
    as_root rm -rf "$scratch"
}

test_formula() {
    local archive=$1 target=$2 sums="$work/SHA256SUMS" formula="$work/aliyun-configure.rb" sum
    sum=$(sha256sum <"$archive" | cut -d ' ' -f 1)
    for each in x86_64-apple-darwin aarch64-apple-darwin x86_64-unknown-linux-musl; do
        printf '%s  aliyun-configure-%s.tar.gz\n' "$sum" "$each"
    done >"$sums"
    if packaging/homebrew/fill.sh 1.2.3 owner/name "$sums" >"$formula" 2>/dev/null; then
        echo "the formula was filled in although a checksum is missing"
        return 1
    fi
    printf '%s  aliyun-configure-aarch64-unknown-linux-musl.tar.gz\n' "$sum" >>"$sums"
    packaging/homebrew/fill.sh 1.2.3 owner/name "$sums" >"$formula"
    [ "$(grep -c "sha256 \"$sum\"" "$formula")" = 4 ]
    grep -q "url \"https://github.com/owner/name/releases/download/v1.2.3/aliyun-configure-$target.tar.gz\"" "$formula"
    if with ruby ruby; then
        ruby -wc packaging/homebrew/aliyun-configure.rb
        ruby -wc "$formula"
    else
        skip "the formula's syntax: ruby cannot be installed"
    fi
}

# wheel [TARGET]
wheel() {
    local code=0
    say "the wheel"
    with python3 python3-minimal || true
    if ! python3 -c 'import ensurepip' 2>/dev/null; then with ensurepip python3-venv || true; fi
    packaging/test-wheel.sh "$@" || code=$?
    if [ "$code" -eq 3 ]; then
        skip "the wheel: Python's registry or venv is missing"
        return 0
    fi
    return "$code"
}

static() {
    local target=x86_64-unknown-linux-musl binary
    if [ "$(uname -sm)" != "Linux x86_64" ]; then
        skip "everything about the static binary: it is tested on Linux on x86_64"
        wheel
        return 0
    fi
    if ! with musl-gcc musl-tools || ! with_target "$target"; then
        skip "everything about the static binary: musl-tools or the target $target cannot be installed"
        wheel
        return 0
    fi
    say "the static binary"
    binary=$(realpath "$(packaging/build.sh "$target")")
    with file file || true
    is_static "$binary"
    if is_static "$(command -v bash)"; then
        echo "is_static takes bash for static"
        return 1
    fi
    if LC_ALL=C grep -qa -e "$root" -e "${CARGO_HOME:-$HOME/.cargo}/registry" "$binary"; then
        echo "paths of this machine are in the binary"
        return 1
    fi
    echo "$binary: $(wc -c <"$binary") bytes, static, without paths of this machine"
    "$binary" --version
    say "the archive"
    test_archive "$binary" "$target"
    if has dpkg-deb && has dpkg; then
        say "the Debian package"
        test_deb "$binary"
    else
        skip "the Debian package: dpkg-deb is not installed"
    fi
    say "install.sh"
    packaging/test-install.sh "$binary"
    wheel "$target"
    say "the Homebrew formula"
    test_formula "$work/dist/aliyun-configure-$target.tar.gz" "$target"
    say "the conformance cases against the static binary"
    CONFORMANCE_BINARY="$binary" cargo test --locked --test conformance
}

# --- other systems ---------------------------------------------------------------------------------------------

windows() {
    local target=x86_64-pc-windows-gnu
    if ! with x86_64-w64-mingw32-gcc gcc-mingw-w64-x86-64 || ! with_target "$target"; then
        skip "the Windows build: mingw-w64 or the target $target cannot be installed"
        return 0
    fi
    if [ -x /usr/lib/wine/wine64 ] || with wine64 wine64 || [ -x /usr/lib/wine/wine64 ]; then
        say "the Windows build under Wine"
        packaging/test-windows.sh
    else
        skip "the Windows build under Wine: wine64 cannot be installed"
        say "the Windows binary builds and links"
        cargo build --locked --target "$target"
    fi
    if cargo clippy --version >/dev/null 2>&1; then
        cargo clippy --workspace --all-targets --locked --target "$target" -- -D warnings
    else
        skip "clippy for Windows: it is not installed"
    fi
}

# --- the scripts themselves ------------------------------------------------------------------------------------

scripts() {
    say "the scripts"
    if with shellcheck shellcheck; then
        shellcheck packaging/*.sh packaging/*/*.sh benches/*.sh .ci/run
    else
        skip "shellcheck: it cannot be installed"
    fi
    packaging/check-dockerfile.sh
}

# What spelling is checked with where nothing is installed; another version that is there already will do.
typos=typos==1.52.0

spelling() {
    say "the spelling"
    if ! has typos; then
        if ! python3 -c 'import ensurepip' 2>/dev/null; then with ensurepip python3-venv || true; fi
        if python3 -m venv "$work/typos" && "$work/typos/bin/pip" install -q "$typos"; then PATH="$PATH:$work/typos/bin"; fi >"$work/pip" 2>&1
    fi
    if ! has typos; then
        skip "the spelling: typos cannot be installed"
        return 0
    fi
    typos --config packaging/typos.toml
    printf '%s%s\n' rec ieve >"$work/misspelled.txt"
    if typos "$work/misspelled.txt" >/dev/null; then
        echo "typos finds nothing wrong with: $(cat "$work/misspelled.txt")"
        return 1
    fi
}

newcomer() {
    local code=0
    say "a newcomer's first minutes"
    with debootstrap debootstrap debian-archive-keyring || true
    packaging/test-newcomer.sh || code=$?
    if [ "$code" -eq 3 ]; then
        skip "a newcomer's first minutes: what they take is missing"
        return 0
    fi
    return "$code"
}

# What actionlint is installed as where it is missing; another version that is there already will do.
actionlint=github.com/rhysd/actionlint/cmd/actionlint@v1.7.7

workflows() {
    say "the workflows"
    if grep -nE '^ *(- )?uses: [^.]' .github/workflows/*.yml | grep -vE '@[0-9a-f]{40} # v[0-9.]+$'; then
        echo "these actions are not pinned by commit, with their version behind it"
        return 1
    fi
    if ! has actionlint && has go; then
        GOBIN="$work/bin" GOFLAGS=-modcacherw go install "$actionlint" >"$work/go" 2>&1 || tail -n 3 "$work/go"
        PATH="$PATH:$work/bin"
    fi
    if has actionlint; then
        actionlint
    else
        skip "actionlint: it cannot be installed"
    fi
}

# Each in a subshell and in no condition, so that it ends at its first failing command.
(scripts)
(spelling)
(workflows)
(newcomer)
(static)
(windows)
say "packaging: all passed in $SECONDS s"
