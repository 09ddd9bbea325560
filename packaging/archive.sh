#!/usr/bin/env bash
# Packs the binary for one target as a release has it: aliyun-configure-TARGET.tar.gz, or .zip for Windows, with the
# licences, both READMEs and, but on Windows, the man pages. The same binary gives the same archive. Runs on Linux, for every target.
#
#   packaging/archive.sh TARGET BINARY FOLDER
set -euo pipefail

usage='usage: packaging/archive.sh TARGET BINARY FOLDER'
target=${1:?$usage}
binary=$(realpath "${2:?$usage}")
mkdir -p "${3:?$usage}"
folder=$(realpath "$3")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
name=aliyun-configure-$target
program=aliyun
case "$target" in *-windows-*) program=aliyun.exe ;; esac

install -d -m 755 "$work/$name"
install -m 755 "$binary" "$work/$name/$program"
install -m 644 LICENSE README.md README.zh-CN.md CHANGELOG.md "$work/$name"
packaging/notices.sh "$target" >"$work/$name/THIRD-PARTY.txt"
chmod 644 "$work/$name/THIRD-PARTY.txt"
case "$target" in *-windows-*) ;; *) packaging/manual.sh "$work/$name/man" ;; esac
find "$work/$name" -exec touch --date="@$epoch" {} +

cd "$work"
case "$target" in
    *-windows-*)
        rm -f "$folder/$name.zip"
        find "$name" | LC_ALL=C sort | TZ=UTC zip -q -X -9 "$folder/$name.zip" -@
        echo "$folder/$name.zip"
        ;;
    *)
        tar --sort=name --mtime="@$epoch" --owner=0 --group=0 --numeric-owner --format=ustar -cf - "$name" |
            gzip -9n >"$folder/$name.tar.gz"
        echo "$folder/$name.tar.gz"
        ;;
esac
