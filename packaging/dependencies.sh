#!/usr/bin/env bash
# Counts the crates that end up in the binary to ship, this one left out, and fails when there are more than agreed.
set -euo pipefail

# The one place where the number stands.
most=120
target=x86_64-unknown-linux-musl

cd "$(dirname "${BASH_SOURCE[0]}")/.."
crates=$(cargo tree --locked -e normal --prefix none --target "$target" | sed 's/ (\*)$//' | sort -u | grep -vc '^aliyun-configure ')
echo "$crates crates in the binary for $target; at most $most are agreed"
if [ "$crates" -gt "$most" ]; then
    echo "A dependency has come in, or one has grown. See which with \`cargo tree -e normal --target $target\`, and leave out" \
        "what is not worth it (features too). If it is, enter it in docs/supply-chain.md and CONTRIBUTING.md and set \`most\` in" \
        "packaging/dependencies.sh to $crates." >&2
    exit 1
fi
if [ "$crates" -lt "$most" ]; then
    echo "It has become smaller: set \`most\` in packaging/dependencies.sh to $crates, so that it stays so."
fi
