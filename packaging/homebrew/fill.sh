#!/usr/bin/env bash
# Prints the Homebrew formula of a release.
#
#   packaging/homebrew/fill.sh VERSION OWNER/NAME SHA256SUMS > aliyun-configure.rb
set -euo pipefail

usage='usage: packaging/homebrew/fill.sh VERSION OWNER/NAME SHA256SUMS'
version=${1:?$usage}
repository=${2:?$usage}
sums=${3:?$usage}
template=$(dirname "${BASH_SOURCE[0]}")/aliyun-configure.rb

# Without the template's own comment.
formula=$(sed -e 1d -e "s|@VERSION@|$version|g" -e "s|@REPOSITORY@|$repository|g" "$template")
while read -r target; do
    sum=$(awk -v name="aliyun-configure-$target.tar.gz" '$2 == name { print $1 }' "$sums")
    if [ -z "$sum" ]; then
        echo "$sums has no line for aliyun-configure-$target.tar.gz" >&2
        exit 1
    fi
    formula=${formula//@SHA256:$target@/$sum}
done < <(sed -n 's/.*@SHA256:\(.*\)@.*/\1/p' "$template")
if grep -q '@[A-Z0-9]*[@:]' <<<"$formula"; then
    echo "something in the template was not filled in" >&2
    exit 1
fi
printf '%s\n' "$formula"
