#!/usr/bin/env bash
# Writes the man pages into a folder that is laid out as /usr/share/man is: those in English in man1, those in Chinese in
# zh_CN/man1.
#
#   packaging/manual.sh FOLDER
set -euo pipefail

mkdir -p "${1:?usage: packaging/manual.sh FOLDER}"
folder=$(realpath "$1")
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cargo run --quiet --locked --example man -- "$folder" >&2
find "$folder" -type d -exec chmod 755 {} +
find "$folder" -type f -exec chmod 644 {} +
