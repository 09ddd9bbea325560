#!/bin/sh
# Installs the program `aliyun` of aliyun-configure from a release, for this user, without root.
#
#   sh install.sh [--to DIR] [--version VERSION] [--force]
#
# ALIYUN_CONFIGURE_REPOSITORY  the GitHub repository, as OWNER/NAME or as an address
# ALIYUN_CONFIGURE_URL         where the files of one release lie instead: https://..., or file:///...
#
# The archive is checked against the release's SHA256SUMS before anything of it is unpacked.

set -eu

# A release's copy of this script names its repository here.
default_repository=''
# What `aliyun --version` of this project begins with.
ours='aliyun-configure '

usage() {
    cat <<'USAGE'
Usage: install.sh [--to DIR] [--version VERSION] [--force]

  --to DIR           where `aliyun` goes; ~/.local/bin without it
  --version VERSION  the release to take, 0.1.0 say; the newest without it
  --force            replace another program `aliyun` that is there

ALIYUN_CONFIGURE_REPOSITORY names the GitHub repository (OWNER/NAME), ALIYUN_CONFIGURE_URL the address of a release's
files instead.
USAGE
}

say() { printf 'install.sh: %s\n' "$*" >&2; }
fail() {
    say "$*"
    exit 1
}
misused() {
    say "$*; see install.sh --help"
    exit 2
}
has() { command -v "$1" >/dev/null 2>&1; }

# --- what to fetch ---------------------------------------------------------------------------------------------

target() {
    system=$(uname -s)
    machine=$(uname -m)
    # A shell under Rosetta says x86_64 on a machine that runs arm64 better.
    if [ "$system" = Darwin ] && [ "$(sysctl -n sysctl.proc_translated 2>/dev/null || true)" = 1 ]; then
        machine=arm64
    fi
    case "$machine" in
        x86_64 | amd64) machine=x86_64 ;;
        aarch64 | arm64) machine=aarch64 ;;
        *) fail "there is no build for $system on $machine; build it with: cargo install --locked --path ." ;;
    esac
    case "$system" in
        Linux) echo "$machine-unknown-linux-musl" ;;
        Darwin) echo "$machine-apple-darwin" ;;
        *) fail "this script knows Linux and macOS, not $system; for Windows take the zip archive of the release" ;;
    esac
}

# The `repository` of the Cargo.toml beside this script, in a checkout. Read from a pipe, the script lies nowhere, and a
# Cargo.toml of the folder at hand would be some other project's.
checkout_repository() {
    manifest=$(dirname "$0")/../Cargo.toml
    if [ "$(basename "$0")" = install.sh ] && grep -q '^name = "aliyun-configure"$' "$manifest" 2>/dev/null; then
        sed -n 's/^repository *= *"\(.*\)"$/\1/p' "$manifest" | head -n 1
    fi
}

release_url() {
    if [ -n "${ALIYUN_CONFIGURE_URL:-}" ]; then
        echo "${ALIYUN_CONFIGURE_URL%/}"
        return
    fi
    repository=${ALIYUN_CONFIGURE_REPOSITORY:-$default_repository}
    if [ -z "$repository" ]; then repository=$(checkout_repository); fi
    if [ -z "$repository" ]; then
        fail "which repository to install from is not known: set ALIYUN_CONFIGURE_REPOSITORY to OWNER/NAME"
    fi
    case "$repository" in
        *://*) repository=${repository%/} ;;
        */*) repository=https://github.com/$repository ;;
        *) fail "ALIYUN_CONFIGURE_REPOSITORY must be OWNER/NAME or an address, not '$repository'" ;;
    esac
    repository=${repository%.git}
    if [ -n "$version" ]; then
        echo "$repository/releases/download/v${version#v}"
    else
        echo "$repository/releases/latest/download"
    fi
}

# --- fetching and checking -------------------------------------------------------------------------------------

# fetch URL FILE
fetch() {
    case "$1" in
        file://*) cp "${1#file://}" "$2" || fail "cannot read $1" ;;
        https://*) download "$1" "$2" '=https' ;;
        # The sums come from the same place as the archive, so the way there has to be safe. On this machine it is.
        http://127.0.0.1:* | http://localhost:*) download "$1" "$2" '=http' ;;
        *) fail "an address must begin with https:// or file://, which '$1' does not" ;;
    esac
}

# download URL FILE PROTOCOLS
download() {
    if has curl; then
        curl --proto "$3" --proto-redir "$3" --tlsv1.2 --fail --silent --show-error --location --retry 3 \
            --connect-timeout 30 --output "$2" "$1" || fail "cannot download $1"
    elif has wget; then
        wget -q -T 30 -O "$2" "$1" || fail "cannot download $1"
    else
        fail "either curl or wget is needed"
    fi
}

sha256() {
    if has sha256sum; then
        sha256sum <"$1"
    elif has shasum; then
        shasum -a 256 <"$1"
    elif has openssl; then
        openssl dgst -sha256 -r <"$1"
    else
        fail "sha256sum, shasum or openssl is needed to check what was downloaded"
    fi | cut -d ' ' -f 1
}

# check FOLDER NAME: the file against its line in SHA256SUMS.
check() {
    wanted=$(awk -v name="$2" '$2 == name || $2 == "*" name { print $1 }' "$1/SHA256SUMS")
    case "$wanted" in
        '') fail "SHA256SUMS has no line for $2; nothing was installed" ;;
        *[!0-9a-f]*) fail "SHA256SUMS has no single checksum for $2; nothing was installed" ;;
    esac
    got=$(sha256 "$1/$2")
    if [ "$got" != "$wanted" ]; then
        fail "$2 has the wrong checksum: $got instead of $wanted; nothing was installed"
    fi
}

# --- installing ------------------------------------------------------------------------------------------------

# Whether there is nothing at a path that may not be replaced: an earlier version of this program may be.
replaceable() {
    if [ ! -e "$1" ] && [ ! -L "$1" ]; then return 0; fi
    if [ -L "$1" ] || [ ! -f "$1" ] || [ ! -x "$1" ]; then return 1; fi
    case "$("$1" --version </dev/null 2>/dev/null || true)" in
        "$ours"*) return 0 ;;
        *) return 1 ;;
    esac
}

# What the user should know about where the program is now.
hints() {
    found=$(command -v aliyun 2>/dev/null || true)
    case ":$PATH:" in
        *":$to:"*)
            if [ "$found" != "$to/aliyun" ]; then say "$found comes before it in PATH, and is what 'aliyun' runs"; fi
            ;;
        *) say "$to is not in PATH: add it, or run $to/aliyun" ;;
    esac
}

main() {
    to=
    version=
    force=
    while [ $# -gt 0 ]; do
        case "$1" in
            --to | --version)
                if [ $# -lt 2 ] || [ -z "$2" ]; then misused "$1 needs a value"; fi
                if [ "$1" = --to ]; then to=$2; else version=$2; fi
                shift
                ;;
            --force) force=yes ;;
            -h | --help)
                usage
                exit 0
                ;;
            *) misused "'$1' is not an option" ;;
        esac
        shift
    done
    if [ -z "$to" ]; then to=${HOME:?HOME is not set; say where to install with --to DIR}/.local/bin; fi
    case "$to" in
        /*) ;;
        *) to=$PWD/$to ;;
    esac
    if [ -d "$to/aliyun" ]; then fail "$to/aliyun is a folder"; fi

    name=aliyun-configure-$(target)
    url=$(release_url)
    if [ -z "$force" ] && ! replaceable "$to/aliyun"; then
        fail "$to/aliyun is another program; take another folder with --to DIR, or replace it with --force"
    fi

    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    trap 'exit 1' HUP INT TERM
    fetch "$url/SHA256SUMS" "$work/SHA256SUMS"
    fetch "$url/$name.tar.gz" "$work/$name.tar.gz"
    check "$work" "$name.tar.gz"
    tar -xzf "$work/$name.tar.gz" -C "$work" "$name/aliyun" || fail "$name.tar.gz does not hold $name/aliyun"
    said=$("$work/$name/aliyun" --version </dev/null) || fail "the program does not run on this machine"

    mkdir -p "$to" || fail "cannot make the folder $to"
    # Beside its place first, so that a program that is running, or a full disk, leaves a whole one there.
    new=$to/.aliyun.$$
    trap 'rm -rf "$work" "$new"' EXIT
    cp "$work/$name/aliyun" "$new" || fail "cannot write to $to"
    chmod 755 "$new"
    mv -f "$new" "$to/aliyun" || fail "cannot write $to/aliyun"
    say "installed $said as $to/aliyun"
    hints
}

# Last, so that half of this script does nothing.
main "$@"
