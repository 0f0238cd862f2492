#!/usr/bin/env python3
"""Shows that a test would see each entry of the ledger that is missing.

    tests/lint/ledger_mutations.py [SOURCE_DIR]      some five minutes; needs cmake, ninja and a compiler

Takes away one entry at a time: each call by which a provider reads (it still reads, and nothing is
noted), each note that the ledger makes, each note of a hop's parameter. Then the test of the ledger is
built and must fail. Then each row of the table of a hop's parameters, before the tests of that table
and of STS. In a copy of the tree; nothing is left behind. Names what survived."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

LEDGER, HOPS = ["providers_ledger_test"], ["aws_assume_test", "aws_sts_test"]
CALL = re.compile(r"\bcc_input_(?!clean\b)(\w+)\(")  # cc_input_clean reads nothing
NOTE = re.compile(r"^\s+(note(?:_bytes|_number|_list|_token|_login)?\()", re.M)
ROW = re.compile(r"^    (ROW|CC_ROW_AS)\(", re.M)
UNNOTED = """
#define CC_UNNOTED(search, call) \\
    __extension__({ \\
        size_t count_ = (search)->ledger.count; \\
        __typeof__(call) got_ = (call); \\
        (search)->ledger.count = count_; \\
        got_; \\
    })
"""


def end_of(text, at):
    """The position behind the bracket that closes the one at `at`."""
    depth = 0
    while True:
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        at += 1
        if depth == 0:
            return at


def mutants(tree):
    """File, place, what is put there instead, and the tests of which one must fail."""
    path = os.path.join(tree, "src/aws/assume.c")
    text = open(path).read()
    for found in ROW.finditer(text):
        yield path, found.start(), end_of(text, found.end() - 1) + 1, "", HOPS
    folder = os.path.join(tree, "src/providers")
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        text = open(path).read()
        if not name.endswith(".c"):
            continue
        for found in [] if name.startswith("ledger") else CALL.finditer(text):
            end = end_of(text, found.end() - 1)
            call = text[found.start():end]
            search = call[found.end() - found.start():].split(",")[0].rstrip(")")
            void = found.group(1) in ("environment", "option", "hop", "call", "imds")
            yield path, found.start(), end, "((void)0)" if void else f"CC_UNNOTED({search}, {call})", LEDGER
        for found in NOTE.finditer(text) if name == "ledger.c" else []:
            start = found.start(1)
            yield path, start, end_of(text, found.end(1) - 1), "((void)0)", LEDGER


def main():
    source = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "../.."))
    work = tempfile.mkdtemp(prefix="ledger-mutations-")
    tree, build = os.path.join(work, "tree"), os.path.join(work, "build")
    killed, survived = 0, []
    try:
        shutil.copytree(source, tree, ignore=shutil.ignore_patterns("build", ".git"))
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        # Without warnings: what a mutation leaves unused is of no interest.
        subprocess.run(["cmake", "-S", tree, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug",
                        "-DCMAKE_C_FLAGS=-w -Wno-error -O0"], check=True, **quiet)
        header = os.path.join(tree, "include/credctl/providers/provider.h")
        with open(header) as f:
            text = f.read()
        with open(header, "w") as f:
            f.write(text.replace("#endif", UNNOTED + "#endif") if text.count("#endif") == 1 else text + UNNOTED)
        subprocess.run(["ninja", "-C", build, *LEDGER, *HOPS], check=True, **quiet)
        for test in LEDGER + HOPS:
            subprocess.run([os.path.join(build, "tests", test)], cwd=tree, check=True, **quiet)
        for path, start, end, instead, tests in list(mutants(tree)):
            with open(path) as f:
                text = f.read()
            with open(path, "w") as f:
                f.write(text[:start] + instead + text[end:])
            built = subprocess.run(["ninja", "-C", build, *tests], **quiet).returncode == 0
            fails = built and any(subprocess.run([os.path.join(build, "tests", t)], cwd=tree, **quiet).returncode
                                  for t in tests)
            with open(path, "w") as f:
                f.write(text)
            line = text.count("\n", 0, start) + 1
            what = " ".join(text[start:end].split())
            if fails:
                killed += 1
            else:
                survived.append(f"{os.path.relpath(path, tree)}:{line}: {what}{'' if built else ' (does not build)'}")
    finally:
        shutil.rmtree(work)
    print("\n".join(survived))
    print(f"{killed} of {killed + len(survived)} missing entries are seen")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
