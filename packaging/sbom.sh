#!/usr/bin/env bash
# Writes the list of all crates in the program for one target, in CycloneDX's JSON: aliyun-configure-TARGET.cdx.json.
# Needs cargo-cyclonedx.
#
#   packaging/sbom.sh TARGET FOLDER
set -euo pipefail

usage='usage: packaging/sbom.sh TARGET FOLDER'
target=${1:?$usage}
mkdir -p "${2:?$usage}"
folder=$(realpath "$2")
cd "$(dirname "${BASH_SOURCE[0]}")/.."

name=aliyun-configure-$target.cdx
# cargo-cyclonedx writes one file beside the manifest of each crate in the workspace.
remove() { rm -f "$name.json" "tests/fake-cloud/$name.json"; }
trap remove EXIT
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
export SOURCE_DATE_EPOCH
cargo cyclonedx --no-build-deps --format json --spec-version 1.5 --target "$target" --override-filename "$name"
# The place of the checkout would be in the names of this crate.
sed "s|path+file://$PWD|path+file:///aliyun-configure|g" "$name.json" >"$folder/$name.json"
echo "$folder/$name.json"
