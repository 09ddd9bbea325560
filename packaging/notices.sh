#!/usr/bin/env bash
# Prints the licences of everything that is linked into the binary for one target: they ask to go with it.
#
#   packaging/notices.sh x86_64-unknown-linux-musl > THIRD-PARTY.txt
set -euo pipefail

target=${1:?usage: packaging/notices.sh TARGET}
cd "$(dirname "${BASH_SOURCE[0]}")/.."
sources=${CARGO_HOME:-$HOME/.cargo}/registry/src
cargo fetch --locked --target "$target" >&2

# The same text under many crates is printed once, below the names of all of them.
declare -A crates_of text_of
declare -a order

# add FILE CRATE
add() {
    local sum
    sum=$(tr -d '\r' <"$1" | sha256sum | cut -d ' ' -f 1)
    if [ -z "${crates_of[$sum]:-}" ]; then
        order+=("$sum")
        text_of[$sum]=$1
    fi
    crates_of[$sum]+="$2"$'\n'
}

echo "The program aliyun of aliyun-configure holds code of the crates below, each under the licence beside it. The texts"
echo "of these licences follow, as they come with the crates."
echo
while IFS='|' read -r crate version licence repository; do
    printf '%s %s: %s, %s\n' "$crate" "${version#v}" "$licence" "$repository"
    found=
    for file in "$sources"/*/"$crate-${version#v}"/{LICEN[CS]E,COPYING,COPYRIGHT,NOTICE,UNLICENSE}*; do
        if [ -f "$file" ]; then
            found=yes
            add "$file" "$crate ${version#v}"
        fi
    done
    if [ -z "$found" ]; then echo "note: $crate ${version#v} comes without a licence text" >&2; fi
done < <(cargo tree --locked -e normal,no-proc-macro --prefix none --target "$target" --format '{p}|{l}|{r}' |
    sed -e '/^aliyun-configure /d' -e 's/ (\*)$//' -e 's/^\([^ ]*\) \([^ |]*\)[^|]*|/\1|\2|/' | sort -u)

system=$(rustc --print sysroot)/share/doc/rust
for file in "$system"/{COPYRIGHT,LICENSE}* "$system"/licenses/{MIT,Apache-2.0}.txt; do
    if [ -f "$file" ] && [[ $file != *.html ]]; then add "$file" "the standard library of Rust"; fi
done
case "$target" in
    *-musl)
        echo "musl libc: MIT, https://musl.libc.org"
        if [ -f /usr/share/doc/musl-dev/copyright ]; then add /usr/share/doc/musl-dev/copyright "musl libc"; fi
        ;;
esac
echo "the standard library of Rust: MIT OR Apache-2.0, https://github.com/rust-lang/rust"

for sum in "${order[@]}"; do
    printf '\n%s\n%s\n%s\n' "$(printf '=%.0s' {1..80})" "$(sort -u <<<"${crates_of[$sum]}" | sed '/^$/d')" "$(printf -- '-%.0s' {1..80})"
    tr -d '\r' <"${text_of[$sum]}"
done
