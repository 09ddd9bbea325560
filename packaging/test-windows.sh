#!/usr/bin/env bash
# Builds the program for Windows with mingw-w64, and runs its tests under Wine: those of the library, those of the program
# (tests/it), and the conformance cases that need neither a cloud's names nor Unix. Windows itself runs the same tests in
# .github/workflows/ci.yml; CONTRIBUTING.md says what Wine cannot show.
#
#   packaging/test-windows.sh
#
# Needs x86_64-w64-mingw32-gcc, Wine for 64 bits and the target's standard library.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=x86_64-pc-windows-gnu
# Kept from run to run, since Wine takes a while to fill it.
export WINEPREFIX="${CARGO_TARGET_DIR:-$PWD/target}/wine"
# No messages of Wine's own, and none of its questions about Mono and Gecko; names of files are UTF-8.
export WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml=' LC_ALL=C.UTF-8
unset DISPLAY

wine=
for each in wine64 /usr/lib/wine/wine64 wine; do
    if [ -z "$wine" ]; then wine=$(command -v "$each" || true); fi
done
: "${wine:?no Wine is installed}"
server=$(command -v wineserver || echo /usr/lib/wine/wineserver)
export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER="$wine"

cargo test --locked --target "$target" --lib --test it --test conformance --no-run

log=$(mktemp)
trap '"$server" -k || true; rm -f "$log"' EXIT
mkdir -p "$WINEPREFIX"
# One for all programs, instead of one that ends after each.
"$server" -p
# What it starts for all of them lives on; it must not hold a stream that somebody reads to its end.
timeout 3m "$wine" wineboot --init >/dev/null 2>&1 </dev/null
# Rust takes its random numbers from here, which Wine before 9 does not have.
shim="$WINEPREFIX/drive_c/windows/system32/bcryptprimitives.dll"
if [ ! -e "$shim" ]; then
    x86_64-w64-mingw32-gcc -shared -s -o "$shim" -x c - -ladvapi32 <<'C'
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) { return SystemFunction036(data, (ULONG)size); }
C
fi

# under_wine LIMIT ARGUMENT...: cargo test, within so much time.
under_wine() {
    local limit=$1
    shift
    local code=0
    timeout --kill-after=10s "$limit" cargo test --locked --target "$target" "$@" >"$log" 2>&1 || code=$?
    cat "$log"
    return "$code"
}
failed=
under_wine 3m --lib || failed="$failed lib"
# Left out is the room that starts some thousand programs: it takes minutes here, and Windows itself runs it.
program=(4m --test it -- --skip cli::secrets::)
if ! under_wine "${program[@]}"; then
    # A pipe to a program that ends at once fails in Wine now and then, with ERROR_INTERNAL_ERROR. Nothing else is tried again.
    if ! grep -q 'Os { code: 1359,' "$log" || ! echo "Wine lost a pipe; once more" || ! under_wine "${program[@]}"; then
        failed="$failed it"
    fi
fi
under_wine 8m --test conformance || failed="$failed conformance"
if [ -n "$failed" ]; then
    echo "failed on Windows:$failed"
    exit 1
fi
