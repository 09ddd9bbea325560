#!/usr/bin/env bash
# A newcomer's first minutes: Debian's minimal system with a C compiler and Python, a user who has nothing but a clone of
# this checkout, and the commands of README.md and docs/install.md, typed on a terminal as they stand there.
#
#   packaging/test-newcomer.sh
#
# Needs root, debootstrap with a mirror, and the registries of cargo and pip; without them it ends with 3. Rust is the
# toolchain of this machine, as rustup has put it there, and what this machine has downloaded from cargo's registry is
# copied. Nothing else of the machine is there: what is compiled is compiled anew.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

missing() {
    echo "$*"
    exit 3
}

# enter ROOT: what happens in a mount and process namespace of its own, whose mounts are gone with it.
enter() {
    local root=$1 toolchain variables=() each
    toolchain=$(rustc --print sysroot)
    mkdir -p "$root/opt/rust"
    mount --bind -o ro "$toolchain" "$root/opt/rust"
    mount --rbind /dev "$root/dev"
    mount -t proc proc "$root/proc"
    for each in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY PIP_INDEX_URL; do
        if [ -n "${!each:-}" ]; then variables+=("$each=${!each}"); fi
    done
    python3 packaging/newcomer.py chroot --userspec=newcomer:newcomer "$root" env -i HOME=/home/newcomer USER=newcomer \
        PATH=/home/newcomer/.cargo/bin:/opt/rust/bin:/usr/local/bin:/usr/bin:/bin TERM=xterm LC_ALL=C.UTF-8 "${variables[@]}" \
        sh -c 'cd ~/aliyun-configure && exec bash --noprofile --norc -i'
}

if [ "${1:-}" = --enter ]; then
    enter "$2"
    exit 0
fi

[ "$(id -u)" -eq 0 ] || missing "a root folder takes root"
for each in debootstrap unshare chroot python3 git; do
    command -v "$each" >/dev/null || missing "there is no $each"
done
cargo fetch -q --locked || missing "cargo's registry is not reached"
git rev-parse --git-dir >/dev/null 2>&1 || missing "this is no checkout of git, which could be cloned"

work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
root=$work/root home=$work/root/home/newcomer
unshare --mount --pid --fork --mount-proc true 2>"$work/log" || missing "no namespace can be made: $(tail -n 1 "$work/log")"
# A root folder that is thrown away need not reach the disk file by file.
DPKG_FORCE=unsafe-io debootstrap --variant=minbase --include=ca-certificates,gcc,libc6-dev,python3-venv bookworm "$root" >"$work/log" 2>&1 ||
    missing "debootstrap cannot make a root folder: $(tail -n 1 "$work/log")"
echo "Debian's minimal system with a C compiler and Python, in $SECONDS s"

# The machine's way to the registries. The cloud is not reached from here: its names lead to nobody.
cp /etc/resolv.conf "$root/etc/resolv.conf"
if [ -f /etc/ssl/certs/ca-certificates.crt ]; then cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"; fi
printf '127.0.0.1 localhost sts.aliyuncs.com sts.cn-hangzhou.aliyuncs.com\n' >"$root/etc/hosts"

chroot "$root" sh -c 'python3 -m venv /tmp/try && /tmp/try/bin/pip download -q --no-deps -d /tmp/try maturin && rm -r /tmp/try' \
    >"$work/log" 2>&1 || missing "pip's registry is not reached: $(tail -n 1 "$work/log")"

chroot "$root" useradd --create-home --shell /bin/bash newcomer
git clone -q --no-hardlinks "$PWD" "$home/aliyun-configure"
registry=${CARGO_HOME:-$HOME/.cargo}/registry
mkdir -p "$home/.cargo/registry"
for each in index cache; do
    if [ -d "$registry/$each" ]; then cp -r "$registry/$each" "$home/.cargo/registry/"; fi
done
chroot "$root" chown -R newcomer:newcomer /home/newcomer
unshare --mount --pid --fork --kill-child "$PWD/packaging/test-newcomer.sh" --enter "$root"
echo "a newcomer's first minutes: $SECONDS s"
