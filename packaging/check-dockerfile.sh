#!/usr/bin/env bash
# Checks the Dockerfile as far as that goes without Docker; with hadolint too, where that is installed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

awk '
    function wrong(what) { printf "Dockerfile:%d: %s\n", line, what; failed = 1 }
    function check(text,    word, count, i) {
        count = split(text, word, /[ \t]+/)
        if (word[1] !~ /^(ARG|FROM|RUN|WORKDIR|COPY|ENV|USER|LABEL|ENTRYPOINT|CMD)$/) wrong("no instruction: " word[1])
        if (!base && word[1] !~ /^(ARG|FROM)$/) wrong(word[1] " before FROM")
        if (word[1] == "FROM") {
            base = word[2]; user = entrypoint = home = ""
            if (base != "scratch" && base !~ /:[0-9]/) wrong("a base image needs a version: " base)
            if (word[3] == "AS") stage[word[4]] = 1
        }
        if (word[1] == "COPY") {
            for (i = 2; i < count && word[i] ~ /^--/; i++)
                if (word[i] ~ /^--from=/ && !(substr(word[i], 8) in stage)) wrong("no such stage: " word[i])
            if (count - i < 1) wrong("COPY needs a source and a place")
        }
        if (word[1] == "USER") user = word[2]
        if (word[1] == "ENTRYPOINT") { entrypoint = text; if (text !~ /^ENTRYPOINT \[".*"\]$/) wrong("there is no shell for " text) }
        if (word[1] == "ENV" && text ~ /[ \t]HOME=\//) home = 1
    }
    /^[ \t]*(#|$)/ { next }
    { line = NR; text = text $0 }
    /\\$/ { sub(/\\$/, " ", text); next }
    { check(text); text = "" }
    END {
        if (text != "") wrong("the last line goes on")
        if (base != "scratch") wrong("the image must be from scratch, not " base)
        if (user !~ /^[1-9][0-9]*(:[1-9][0-9]*)?$/) wrong("the user must be a number other than 0, not \"" user "\"")
        if (!entrypoint) wrong("no ENTRYPOINT")
        if (!home) wrong("HOME is not set")
        exit failed
    }
' packaging/Dockerfile

# What the builder gets must be enough for cargo to know all crates and targets.
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
sed -n 's|^!/||p' packaging/Dockerfile.dockerignore | while read -r path; do cp -r --parents "$path" "$context"; done
cargo metadata --locked --format-version 1 --manifest-path "$context/Cargo.toml" >/dev/null
sed -n 's/^.*cp \([A-Za-z]*\) .*$/\1/p' packaging/Dockerfile | while read -r path; do
    test -e "$context/$path" || {
        echo "Dockerfile: the builder does not get $path" >&2
        exit 1
    }
done
wanted=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
grep -q "^FROM rust:$wanted-" packaging/Dockerfile || {
    echo "Dockerfile: builds with another Rust than Cargo.toml's $wanted" >&2
    exit 1
}

if command -v hadolint >/dev/null; then
    hadolint packaging/Dockerfile
else
    echo "skipped hadolint: it is not installed"
fi
echo "Dockerfile: all checks passed"
