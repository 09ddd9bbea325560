"""Types the commands of README.md and docs/install.md at a shell on a terminal, as they stand there, and answers what the
README says is asked.

    packaging/newcomer.py COMMAND...     the command starts the shell, in a clone of the checkout
"""

import os
import pty
import re
import select
import sys
import time

PROMPT = "newcomer$ "
# A whole build on a slow machine ends within these seconds.
PATIENCE = 900
SECRET = "a-newcomers-secret"


class Shell:
    """A shell on a terminal, and what that shows."""

    def __init__(self, command):
        self.shown = ""
        process, self.terminal = pty.fork()
        if process == 0:
            os.execvp(command[0], command)
        self.type("PS1='newcomer''$ '")
        self.await_text(PROMPT)

    def type(self, line):
        os.write(self.terminal, f"{line}\n".encode())

    def await_text(self, text):
        """Waits until the text is shown, and returns everything up to its end, which counts as seen."""
        end = time.monotonic() + PATIENCE
        while text not in self.shown:
            if not select.select([self.terminal], [], [], max(0, end - time.monotonic()))[0]:
                sys.exit(f"waited too long for {text!r}; the terminal shows:\n{self.shown}")
            try:
                heard = os.read(self.terminal, 65536)
            except OSError:
                heard = b""
            if not heard:
                sys.exit(f"the shell is gone, and {text!r} was not shown:\n{self.shown}")
            self.shown = plain(self.shown + heard.decode(errors="replace"))
        seen, self.shown = self.shown.split(text, 1)
        return seen + text

    def run(self, line):
        """Types a command that asks nothing, and returns what it shows; it must end well."""
        self.type(line)
        shown = self.await_text(PROMPT)
        self.type("echo code=$?")
        if "\ncode=0\n" not in self.await_text(PROMPT):
            sys.exit(f"`{line}` failed:\n{shown}")
        print(f"ok: {line}", flush=True)
        return shown


def plain(text):
    """Returns the text without control sequences and carriage returns."""
    return re.sub("\x1b\\[[0-9;?]*[a-zA-Z]", "", text).replace("\r", "")


def section(readme, heading):
    return readme.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def blocks(text, language):
    return re.findall(f"```{language}\n(.*?)```", text, re.DOTALL)


def expect(is_so, what):
    if not is_so:
        sys.exit(what)


def install(shell, readme):
    text = section(readme, "Install")
    for line in "".join(blocks(text, "sh")).splitlines():
        shell.run(line)
    expect("/.cargo/bin/aliyun\n" in shell.run("command -v aliyun"), "cargo has put it elsewhere")
    shell.run("aliyun --version")
    shell.run("python3 -m venv ~/environment && . ~/environment/bin/activate")
    pip = re.search("`(pip install [^`]+)`", text).group(1)
    shell.run(pip)
    expect("/environment/bin/aliyun\n" in shell.run("hash -r; command -v aliyun"), "pip has put it elsewhere")
    shell.run("aliyun --version")


def answer_question(shell, answer):
    """Types an answer, and returns what the terminal shows of it; asterisks stand for a secret."""
    if answer != "********":
        shell.type(answer)
        return ""
    os.write(shell.terminal, SECRET.encode())
    shown = shell.await_text(answer)
    shell.type("")
    return shown


def first_profile(shell, readme):
    """Starts the program as the README says, and types what stands behind the questions there."""
    text = section(readme, "Your first profile")
    [command], [session] = blocks(text, "sh"), blocks(text, "text")
    shell.type(command.strip())
    shown = ""
    for line in session.splitlines():
        question, answer = re.fullmatch(r"(.*?:)( .*)?|.*", line).groups()
        if question is None or "Only support" in line:
            shown += shell.await_text(f"{line}\n")
        else:
            shown += shell.await_text(question)
            shown += answer_question(shell, (answer or "").strip())
    # There is no cloud behind its names here, so the call that follows fails, as the README says it may.
    shown += shell.await_text(PROMPT)
    failed = re.search("`(!!! Configure Failed[^`]*)`", text).group(1)
    expect(failed in shown, f"no {failed!r} in:\n{shown}")
    expect(SECRET not in shown, f"the secret is shown:\n{shown}")
    expect(session in shown.replace(": \n", ":\n"), f"the README does not show this session:\n{shown}")
    region = re.search("Default Region Id .*: (.+)", session).group(1)
    expect(f"\n{region}\n" in shell.run("aliyun configure get region"), "the profile is not saved")


def remove(shell, page):
    """Removes what pip and cargo have installed; what they leave is what the page says."""
    home = "/home/newcomer/.cargo"
    shell.run(f"ls {home}/bin/aliyun {home}/.crates.toml {home}/.crates2.json {home}/registry target")
    shell.run("ls ~/environment/bin/aliyun ~/environment/lib/python3*/site-packages/aliyun_configure-*.dist-info")
    shell.type("pip " + blocks(section(page, "pip"), "sh")[-1].strip().split("/pip ")[1])
    shell.await_text("Proceed (Y/n)?")
    shell.type("")
    shell.await_text(PROMPT)
    shell.run(blocks(section(page, "cargo"), "sh")[-1].strip())
    shell.run("! ls -d ~/environment/bin/aliyun ~/environment/lib/python3*/site-packages/aliyun*")
    shell.run(f"! ls {home}/bin/aliyun")
    shell.run("! grep aliyun ~/.cargo/.crates.toml")
    shell.run("ls ~/.aliyun/config.json")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def main():
    readme, page = read("README.md"), read("docs/install.md")
    shell = Shell(sys.argv[1:])
    install(shell, readme)
    first_profile(shell, readme)
    remove(shell, page)


main()
