#!/usr/bin/env bash
# Prints the notes of a release: its section of the changelog, and how to check what was downloaded.
#
#   packaging/notes.sh VERSION
set -euo pipefail

version=${1:?usage: packaging/notes.sh VERSION}
cd "$(dirname "${BASH_SOURCE[0]}")/.."

awk -v version="$version" '
    /^## \[/ { inside = index($0, "## [" version "]") == 1; next }
    inside
' CHANGELOG.md
cat <<'NOTES'

To check a file that you downloaded: `sha256sum --ignore-missing --check SHA256SUMS`, and, for where it comes from,
`gh attestation verify FILE --repo OWNER/NAME`. SECURITY.md says more.
NOTES
