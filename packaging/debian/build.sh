#!/usr/bin/env bash
# Builds a Debian package around a static binary, with dpkg-deb alone, and prints its path.
#
#   packaging/debian/build.sh BINARY ARCHITECTURE FOLDER        ARCHITECTURE as Debian says it: amd64, arm64
#
# ALIYUN_CONFIGURE_REPOSITORY  the GitHub repository, OWNER/NAME, for the package's home page
# DEB_MAINTAINER               who answers for the package: NAME <ADDRESS>
#
# The program is /usr/bin/aliyun. No package of Debian's has a file of that name; the Alibaba Cloud CLI, where it comes as
# a package, is expected to be `aliyun-cli`. The package conflicts with it instead of sharing the name through
# alternatives: each of the two answers to arguments that the other doesn't know, so which one a script gets must not
# depend on a switch. It doesn't say `Replaces` either: whoever wants one has to remove the other. The CLI that was unpacked
# by hand into /usr/local/bin is not touched, and comes first in the PATH.
set -euo pipefail

usage='usage: packaging/debian/build.sh BINARY ARCHITECTURE FOLDER'
binary=$(realpath "${1:?$usage}")
architecture=${2:?$usage}
mkdir -p "${3:?$usage}"
folder=$(realpath "$3")
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

case "$architecture" in
    amd64) target=x86_64-unknown-linux-musl ;;
    arm64) target=aarch64-unknown-linux-musl ;;
    *)
        echo "there is no build for $architecture: amd64 and arm64 are known" >&2
        exit 2
        ;;
esac
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
# In Debian's order 0.2.0~rc.1 comes before 0.2.0, as it should.
version=${version/-/\~}
description=$(sed -n 's/^description = "\(.*\)"$/\1/p' Cargo.toml | head -n 1 | tr -d '`')
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
export SOURCE_DATE_EPOCH

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
doc=$root/usr/share/doc/aliyun-configure
install -d -m 755 "$root/DEBIAN" "$root/usr/bin" "$doc"
install -m 755 "$binary" "$root/usr/bin/aliyun"
install -m 644 README.md README.zh-CN.md "$doc"
gzip -9n <CHANGELOG.md >"$doc/changelog.gz"
packaging/notices.sh "$target" | gzip -9n >"$doc/THIRD-PARTY.txt.gz"
packaging/manual.sh "$root/usr/share/man"
find "$root/usr/share/man" -type f -exec gzip -9n {} +

cat >"$doc/copyright" <<COPYRIGHT
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: aliyun-configure
Comment: The licences of the libraries in the program are in THIRD-PARTY.txt.gz.

Files: *
Copyright: the authors of aliyun-configure
License: Apache-2.0
 On Debian systems the text of the Apache License, version 2.0, is in
 /usr/share/common-licenses/Apache-2.0.
COPYRIGHT

{
    cat <<CONTROL
Package: aliyun-configure
Version: $version
Architecture: $architecture
Maintainer: ${DEB_MAINTAINER:-aliyun-configure maintainers <maintainers@aliyun-configure.invalid>}
Installed-Size: $(du -sk --apparent-size "$root/usr" | cut -f 1)
Section: utils
Priority: optional
Recommends: ca-certificates
Conflicts: aliyun-cli
CONTROL
    if [ -n "${ALIYUN_CONFIGURE_REPOSITORY:-}" ]; then
        echo "Homepage: https://github.com/$ALIYUN_CONFIGURE_REPOSITORY"
    fi
    cat <<CONTROL
Description: profiles and credentials for Alibaba Cloud
 $description.
 .
 The program is named aliyun, as that of the Alibaba Cloud CLI, and reads and
 writes the same config file. It makes no other API calls.
CONTROL
} >"$root/DEBIAN/control"

(cd "$root" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
chmod 644 "$doc"/* "$root/DEBIAN/control" "$root/DEBIAN/md5sums"
find "$root" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +

package=$folder/aliyun-configure_${version}_$architecture.deb
dpkg-deb --root-owner-group -Zxz --build "$root" "$package" >&2
echo "$package"
