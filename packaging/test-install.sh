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
sha256() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -d ' ' -f 1; }
sum=$(sha256 <"$work/release/$name.tar.gz")
printf '%s  %s\n' "${sum//[0-9]/0}" other.tar.gz "$sum" "$name.tar.gz" >"$work/release/SHA256SUMS"
printf '#!/bin/sh\necho another aliyun\n' >"$work/another"
chmod +x "$work/another"

shell=
script=$install_sh
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
    env "${variables[@]}" $shell "$script" "$@" >"$work/said" 2>&1 </dev/null || code=$?
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
    for each in name a/b/c ../.. a/.. /b a/ 'a/b?c' 'a@b/c'; do
        run 1 "must be OWNER/NAME" "ALIYUN_CONFIGURE_REPOSITORY=$each" ALIYUN_CONFIGURE_URL= -- --to "$to/refused"
    done
    run 2 "is no version" ALIYUN_CONFIGURE_REPOSITORY=a/b ALIYUN_CONFIGURE_URL= -- --to "$to/refused" --version 1/../../../c
    for each in http://example.invalid http://127.0.0.1.example.invalid http://127.0.0.1:80x http://127.0.0.1: \
        http://127.0.0.1:80%40example.invalid 'http://[::1].example.invalid' 'http://[::2]:80' http://127.1 http://localhost.:80 \
        HTTP://127.0.0.1:1 HTTPS://example.invalid file://etc file:/etc ftp://example.invalid //example.invalid; do
        run 1 "must begin with https://" "ALIYUN_CONFIGURE_URL=$each" -- --to "$to/refused"
    done
    for each in http://127.0.0.1:80@example.invalid http://127.0.0.1@example.invalid 'http://[::1]:80@example.invalid' \
        https://user@example.invalid https://user:word@127.0.0.1:1 https:///example.invalid 'http://?127.0.0.1:80'; do
        run 1 "must name a server, and no user" "ALIYUN_CONFIGURE_URL=$each" -- --to "$to/refused"
    done
    for each in 'http://127.0.0.1:80\@example.invalid' 'https://example.invalid/a b' $'https://example.invalid/\t' \
        'https://example.invalid/{a,b}'; do
        run 1 "must not have characters like these" "ALIYUN_CONFIGURE_URL=$each" -- --to "$to/refused"
    done
    run 1 "must begin with https://" ALIYUN_CONFIGURE_REPOSITORY=http://example.invalid/a/b ALIYUN_CONFIGURE_URL= -- \
        --to "$to/refused"
    run 2 "'--tow' is not an option" "$files" -- --tow "$to/refused"
    run 2 "--to needs a value" "$files" -- --to
    run 0 "Usage: install.sh" "$files" -- --help
    holds "$to/refused" ""

    # In a checkout, the repository is that of its Cargo.toml, if that is this project's.
    mkdir -p "$to/checkout/packaging" "$to/archives/releases/latest"
    cp "$install_sh" "$to/checkout/packaging"
    ln -s "$work/release" "$to/archives/releases/latest/download"
    printf 'name = "aliyun-configure"\nrepository = "file://%s/archives"\n' "$to" >"$to/checkout/Cargo.toml"
    script=$to/checkout/packaging/install.sh run 0 "as $to/checked/aliyun" ALIYUN_CONFIGURE_REPOSITORY= ALIYUN_CONFIGURE_URL= -- \
        --to "$to/checked"
    sed -i.old 's/aliyun-configure/other/' "$to/checkout/Cargo.toml"
    script=$to/checkout/packaging/install.sh run 1 "set ALIYUN_CONFIGURE_REPOSITORY" ALIYUN_CONFIGURE_REPOSITORY= \
        ALIYUN_CONFIGURE_URL= -- --to "$to/refused"

    archives

    if [ -n "$server" ]; then downloads; fi
}

# release FOLDER: a release of the archive in it, whose checksum is right.
release() { printf '%s  %s\n' "$(sha256 <"$1/$name.tar.gz")" "$name.tar.gz" >"$1/SHA256SUMS"; }

# An archive with the right checksum writes nothing but the one program, whatever is in it.
archives() {
    local odd="$to/odd" url="ALIYUN_CONFIGURE_URL=file://$to/odd" files="$to/files"
    mkdir -p "$odd" "$files/$name"

    echo no archive >"$odd/$name.tar.gz"
    release "$odd"
    run 1 "is not an archive" "$url" -- --to "$to/refused"

    # Other members, one of them with a path that leads out, and a link with the program's name.
    cp "$binary" "$files/$name/aliyun"
    echo harm >"$files/harm"
    tar -czPf "$odd/$name.tar.gz" -C "$files" "$name" --transform "s|^harm|../../../../../../../..$to/harm|" harm
    release "$odd"
    run 0 "as $to/harmless/aliyun" "$url" -- --to "$to/harmless"
    holds "$to/harm" ""
    holds "$to/harmless/aliyun" "$binary"

    for kind in -s ''; do
        rm -f "$files/$name/"*
        cp "$work/another" "$files/$name/a-program"
        # shellcheck disable=SC2086 # No option is no word.
        ln $kind "$files/$name/a-program" "$files/$name/aliyun"
        tar -czPf "$odd/$name.tar.gz" -C "$files" "$name/a-program" "$name/aliyun"
        release "$odd"
        run 1 "is not a program" "$url" -- --to "$to/refused"
    done

    # Two of a name, of which one might be looked at and the other be installed.
    rm -f "$files/$name/"*
    cp "$binary" "$files/$name/aliyun"
    tar -cf "$odd/two.tar" -C "$files" "$name/aliyun"
    tar -rf "$odd/two.tar" -C "$files" "$name/aliyun"
    gzip -c "$odd/two.tar" >"$odd/$name.tar.gz"
    release "$odd"
    run 1 "does not hold one $name/aliyun" "$url" -- --to "$to/refused"

    for each in another empty folder; do
        rm -rf "${files:?}/$name/"*
        case $each in
            another) cp "$work/another" "$files/$name/aliyun" ;;
            empty) : >"$files/$name/aliyun" ;;
            folder) mkdir "$files/$name/aliyun" ;;
        esac
        tar -czf "$odd/$name.tar.gz" -C "$files" "$name"
        release "$odd"
        run 1 "$name" "$url" -- --to "$to/refused"
    done
    holds "$to/refused" ""
}

# Downloads, with curl where it is there, and with wget alone.
downloads() {
    local tools here="http://127.0.0.1:$port"
    for tools in $downloaders; do
        run 0 "as $to/$tools/aliyun" "PATH=$work/$tools" "ALIYUN_CONFIGURE_URL=$here/release/" http_proxy=http://127.0.0.1:1 -- \
            --to "$to/$tools"
        holds "$to/$tools/aliyun" "$binary"
        run 0 "as $to/$tools-moved/aliyun" "PATH=$work/$tools" "ALIYUN_CONFIGURE_URL=$here/moved" -- --to "$to/$tools-moved"
        holds "$to/$tools-moved/aliyun" "$binary"
        run 1 "cannot download" "PATH=$work/$tools" "ALIYUN_CONFIGURE_URL=$here/none" -- --to "$to/refused"
        run 1 "redirects too often" "PATH=$work/$tools" "ALIYUN_CONFIGURE_URL=$here/circle" -- --to "$to/refused"
        run 1 "must begin with https://" "PATH=$work/$tools" "ALIYUN_CONFIGURE_URL=$here/elsewhere" -- --to "$to/refused"
        run 1 "redirects to another scheme" "PATH=$work/$tools" "ALIYUN_CONFIGURE_URL=$here/file" -- --to "$to/refused"
        run 1 "redirects to another scheme" "PATH=$work/$tools" "ALIYUN_CONFIGURE_URL=$here/https" -- --to "$to/refused"
        run 1 "must name a server, and no user" "PATH=$work/$tools" "ALIYUN_CONFIGURE_URL=$here/user" -- --to "$to/refused"
        if [ -n "$secure" ]; then
            run 1 "redirects to another scheme" "PATH=$work/$tools" "ALIYUN_CONFIGURE_URL=https://127.0.0.1:$secure/http" \
                "CURL_CA_BUNDLE=$work/cert.pem" "WGETRC=$work/wgetrc" -- --to "$to/refused"
            run 0 "as $to/$tools-secure/aliyun" "PATH=$work/$tools" "ALIYUN_CONFIGURE_URL=https://127.0.0.1:$secure/release" \
                "CURL_CA_BUNDLE=$work/cert.pem" "WGETRC=$work/wgetrc" -- --to "$to/$tools-secure"
        fi
    done
    run 1 "curl or GNU wget is needed" "PATH=$work/other" "ALIYUN_CONFIGURE_URL=$here/release" -- --to "$to/refused"
    holds "$to/refused" ""
}

# The folders of programs that the script may find, each with other downloaders.
mkdir "$work/curl" "$work/wget" "$work/other"
for each in sh bash dash busybox uname sysctl dirname basename grep sed head tail tr mktemp rm cp mv mkdir chmod tar gzip awk cut \
    sha256sum shasum openssl cat; do
    if found=$(type -P "$each"); then
        for folder in curl wget other; do ln -s "$found" "$work/$folder/$each"; done
    fi
done
downloaders=
for each in curl wget; do
    if found=$(type -P "$each"); then
        ln -s "$found" "$work/$each/$each"
        downloaders="$downloaders $each"
    else
        echo "skipped downloads with $each: it is not installed"
    fi
done
printf '#!/bin/sh\necho downloads whatever it is sent to\n' >"$work/other/wget"
chmod +x "$work/other/wget"

port=
secure=
if command -v python3 >/dev/null; then
    # Without openssl there is no certificate, and no server for TLS.
    if command -v openssl >/dev/null; then
        openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 \
            -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
        echo "ca_certificate = $work/cert.pem" >"$work/wgetrc"
    fi
    : >"$work/server"
    python3 -u packaging/redirecting-server.py "$work" >"$work/server" 2>/dev/null &
    server=$!
    for _ in {1..100}; do
        read -r port secure <"$work/server" || true
        if [ -n "$port" ]; then break; fi
        sleep 0.1
    done
else
    echo "skipped downloads: there is no python3 to serve them"
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
