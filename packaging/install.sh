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

not_a_repository() { fail "ALIYUN_CONFIGURE_REPOSITORY must be OWNER/NAME or an address, not '$repository'"; }

release_url() {
    if [ -n "${ALIYUN_CONFIGURE_URL:-}" ]; then
        printf '%s\n' "${ALIYUN_CONFIGURE_URL%/}"
        return
    fi
    repository=${ALIYUN_CONFIGURE_REPOSITORY:-$default_repository}
    if [ -z "$repository" ]; then repository=$(checkout_repository); fi
    if [ -z "$repository" ]; then
        fail "which repository to install from is not known: set ALIYUN_CONFIGURE_REPOSITORY to OWNER/NAME"
    fi
    case "$repository" in
        *://*) repository=${repository%/} ;;
        */*/* | /* | */ | .* | */.* | *[!A-Za-z0-9._/-]*) not_a_repository ;;
        */*) repository=https://github.com/$repository ;;
        *) not_a_repository ;;
    esac
    repository=${repository%.git}
    if [ -n "$version" ]; then
        echo "$repository/releases/download/v${version#v}"
    else
        echo "$repository/releases/latest/download"
    fi
}

# --- fetching and checking -------------------------------------------------------------------------------------

# scheme_of ADDRESS: file, https, or http where that is safe; anything else is refused. The sums come from the same place
# as the archive, so the way there has to be safe.
scheme_of() {
    case "$1" in
        file:///*)
            echo file
            return
            ;;
        # What two programs may read in two ways, a backslash say, is in no address.
        *[!A-Za-z0-9:/?#%@\&=.,_~+\[\]-]*) fail "an address must not have characters like these: '$1'" ;;
        https://* | http://*) ;;
        *) fail "an address must begin with https:// or file:///, which '$1' does not" ;;
    esac
    authority=${1#*://}
    authority=${authority%%[/?#]*}
    case "$authority" in
        '' | *@*) fail "an address must name a server, and no user: '$1'" ;;
    esac
    if [ "${1%%:*}" = https ]; then
        echo https
    elif is_loopback "$authority"; then
        echo http
    else
        fail "an address must begin with https:// or file:///, except on this machine, which '$1' is not"
    fi
}

# is_loopback AUTHORITY: this machine, with or without a port, which is digits and nothing else.
is_loopback() {
    case "$1" in
        127.0.0.1 | localhost | '[::1]') return 0 ;;
        127.0.0.1:* | localhost:* | '[::1]:'*) ;;
        *) return 1 ;;
    esac
    case "${1##*:}" in
        '' | *[!0-9]*) return 1 ;;
    esac
}

# fetch ADDRESS FILE: goes after redirects one by one, so that each address on the way is held to the same rules, and
# all of them are of one scheme.
fetch() {
    address=$1
    scheme=$(scheme_of "$address") || exit 1
    if [ "$scheme" = file ]; then
        cp "${address#file://}" "$2" || fail "cannot read $address"
        return
    fi
    hops=0
    while [ "$hops" -le 10 ]; do
        next=$(download "$address" "$2" "$scheme") || fail "cannot download $1"
        if [ -z "$next" ]; then return; fi
        if [ "$(scheme_of "$next")" != "$scheme" ]; then fail "$address redirects to another scheme; not followed"; fi
        address=$next
        hops=$((hops + 1))
    done
    fail "$1 redirects too often"
}

# download ADDRESS FILE SCHEME: one request; prints the address that it is redirected to, if it is.
download() {
    if has curl; then
        if [ "$3" = http ]; then set -- "$@" --noproxy '*'; fi
        from=$1 into=$2 only=$3
        shift 3
        curl --proto "=$only" --tlsv1.2 --globoff --fail --silent --show-error --retry 3 --connect-timeout 30 "$@" \
            --write-out '%{redirect_url}' --output "$into" "$from"
    elif has wget && wget --help 2>&1 | grep -q -e --max-redirect; then
        if [ "$3" = http ]; then set -- "$@" --no-proxy; fi
        from=$1 into=$2
        shift 3
        if wget -q -S -T 30 --max-redirect=0 "$@" -O "$into" "$from" 2>"$work/headers"; then return; fi
        moved=$(sed -n 's/^ *[Ll]ocation: *\([^ ]*\).*$/\1/p' "$work/headers" | tr -d '\r' | tail -n 1)
        case "$moved" in
            '') return 1 ;;
            /*) moved=$(printf '%s\n' "$from" | sed 's|^\([a-z]*://[^/]*\).*$|\1|')$moved ;;
        esac
        echo "$moved"
    else
        fail "curl or GNU wget is needed: other downloaders follow redirects wherever they lead"
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

# unpack ARCHIVE MEMBER FILE: the bytes of one member, and nothing else of the archive. No link and no path in it reaches
# the file system.
unpack() {
    tar -tzf "$1" >"$work/members" || fail "${1##*/} is not an archive"
    if [ "$(grep -cxF -e "$2" "$work/members")" != 1 ]; then fail "${1##*/} does not hold one $2"; fi
    tar -xzOf "$1" "$2" >"$3" || fail "${1##*/} cannot be unpacked"
    if [ ! -s "$3" ]; then fail "$2 in ${1##*/} is not a program"; fi
    chmod 700 "$3"
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
    case "$version" in
        *[!A-Za-z0-9.+-]*) misused "'$version' is no version" ;;
    esac
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
    unpack "$work/$name.tar.gz" "$name/aliyun" "$work/aliyun"
    said=$("$work/aliyun" --version </dev/null) || fail "the program does not run on this machine"
    case "$said" in
        "$ours"*) ;;
        *) fail "the program in $name.tar.gz is not aliyun-configure" ;;
    esac

    mkdir -p "$to" || fail "cannot make the folder $to"
    # Beside its place first, so that a program that is running, or a full disk, leaves a whole one there.
    new=$(mktemp "$to/.aliyun.XXXXXX") || fail "cannot write to $to"
    trap 'rm -rf "$work" "$new"' EXIT
    cp "$work/aliyun" "$new" || fail "cannot write to $to"
    chmod 755 "$new"
    mv -f "$new" "$to/aliyun" || fail "cannot write $to/aliyun"
    say "installed $said as $to/aliyun"
    hints
}

# Last, so that half of this script does nothing.
main "$@"
