#!/usr/bin/env bash
# Builds the binary to ship for one target, the same bytes wherever the checkout lies, and prints its path; with a folder,
# a Python wheel around that binary too, in there. A static Linux binary makes one wheel for every Linux.
#
#   packaging/build.sh x86_64-unknown-linux-musl [FOLDER]
#
# The same commit, toolchain and C compiler give the same binary: paths of this machine are taken out of it, and the
# time is that of the commit. Needs the target's standard library (`rustup target add TARGET`) and a C compiler for it
# (ring): musl-tools for x86_64 musl, gcc-aarch64-linux-gnu for aarch64 musl, gcc-mingw-w64-x86-64 for windows-gnu.
# A wheel needs maturin besides.
set -euo pipefail

target=${1:?usage: packaging/build.sh TARGET [FOLDER]}
wheels=${2:+$(mkdir -p "$2" && realpath "$2")}
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Paths as rustc sees them: on Windows these are not the paths of this shell.
native() { if command -v cygpath >/dev/null; then cygpath -w "$1"; else printf '%s\n' "$1"; fi; }

checkout=$(native "$PWD")
cargo_home=$(native "${CARGO_HOME:-$HOME/.cargo}")
flags=("--remap-path-prefix=$checkout=/aliyun-configure" "--remap-path-prefix=$cargo_home=/cargo")
suffix=

case "$target" in
    aarch64-unknown-linux-musl)
        if [ "$(uname -m)" != aarch64 ]; then
            # The objects that start a static program come with the standard library, so a glibc compiler will do.
            export CC_aarch64_unknown_linux_musl="${CC_aarch64_unknown_linux_musl:-aarch64-linux-gnu-gcc}"
            export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_MUSL_LINKER="$CC_aarch64_unknown_linux_musl"
        fi
        ;;
    *-windows-*)
        # No runtime of the compiler's has to be installed beside it.
        flags+=("-Ctarget-feature=+crt-static")
        suffix=.exe
        # A hash of the contents where the linker would put the time.
        case "$target" in *-msvc) flags+=("-Clink-arg=/Brepro") ;; esac
        ;;
esac

# Separated by the character that cargo splits at, so that paths may hold spaces.
CARGO_ENCODED_RUSTFLAGS=$(IFS=$'\x1f'; printf '%s' "${flags[*]}")
export CARGO_ENCODED_RUSTFLAGS
unset RUSTFLAGS
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
export SOURCE_DATE_EPOCH
export CARGO_INCREMENTAL=0

cargo build --release --locked --bin aliyun --target "$target" >&2

if [ -n "$wheels" ]; then
    compatibility=()
    # It needs nothing of the system's C library, neither of glibc nor of musl.
    case "$target" in *-linux-musl) compatibility=(--compatibility manylinux2014 musllinux_1_1) ;; esac
    # pyproject.toml takes it along.
    trap 'rm -f THIRD-PARTY.txt' EXIT
    packaging/notices.sh "$target" >THIRD-PARTY.txt
    maturin build --release --locked --target "$target" "${compatibility[@]}" --out "$wheels" >&2
fi
printf '%s\n' "${CARGO_TARGET_DIR:-target}/$target/release/aliyun$suffix"
