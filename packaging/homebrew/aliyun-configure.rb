# A template: packaging/homebrew/fill.sh puts a release's numbers where the words between @ signs are.
class AliyunConfigure < Formula
  desc "Profiles and credentials for Alibaba Cloud, as aliyun configure keeps them"
  homepage "https://github.com/@REPOSITORY@"
  version "@VERSION@"
  license "Apache-2.0"

  on_macos do
    on_arm do
      url "https://github.com/@REPOSITORY@/releases/download/v@VERSION@/aliyun-configure-aarch64-apple-darwin.tar.gz"
      sha256 "@SHA256:aarch64-apple-darwin@"
    end
    on_intel do
      url "https://github.com/@REPOSITORY@/releases/download/v@VERSION@/aliyun-configure-x86_64-apple-darwin.tar.gz"
      sha256 "@SHA256:x86_64-apple-darwin@"
    end
  end

  on_linux do
    on_arm do
      url "https://github.com/@REPOSITORY@/releases/download/v@VERSION@/aliyun-configure-aarch64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256:aarch64-unknown-linux-musl@"
    end
    on_intel do
      url "https://github.com/@REPOSITORY@/releases/download/v@VERSION@/aliyun-configure-x86_64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256:x86_64-unknown-linux-musl@"
    end
  end

  conflicts_with "aliyun-cli", because: "both install a program named aliyun"

  def install
    bin.install "aliyun"
    man1.install Dir["man/man1/*.1"]
    (man/"zh_CN/man1").install Dir["man/zh_CN/man1/*.1"]
    doc.install "README.md", "README.zh-CN.md", "CHANGELOG.md", "THIRD-PARTY.txt"
  end

  test do
    ENV["HOME"] = testpath
    assert_match "aliyun-configure #{version} ", shell_output("#{bin}/aliyun --version")
    system bin/"aliyun", "configure", "set", "--profile", "test", "--mode", "AK", "--access-key-id", "LTAI5tTest",
           "--access-key-secret", "test", "--region", "cn-hangzhou"
    assert_equal "cn-hangzhou", shell_output("#{bin}/aliyun configure get region").strip
  end
end
