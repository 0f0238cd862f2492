#!/usr/bin/env python3
"""How long `credctl validate template` takes beside cfn-lint, with the same templates; judges nothing.

    tests/bench/template.py CREDCTL [RUNS]

cfn-lint is called twice: as its command, and in this process with its rules and schemas loaded, so that
only the check is measured. Commands take turns, figures are medians in milliseconds."""
import os
import resource
import statistics
import subprocess
import sys
import time

import cfnlint.api
from cfnlint.config import ConfigMixIn
from cfnlint.core import get_rules
from cfnlint.decode import decode

CREDCTL = os.path.abspath(sys.argv[1])
RUNS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
HERE = os.path.dirname(os.path.abspath(__file__))
NAMES = ["cross-account", "fargate", "deploy-fargate"]


def command(*argv):
    begin = time.perf_counter()
    done = subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if done.returncode != 0:
        sys.exit(f"{argv[0]}: {done.stderr.decode()}")
    return (time.perf_counter() - begin) * 1000


def loaded(path, rules):
    begin = time.perf_counter()
    template, _ = decode(path)
    cfnlint.api.run_template_by_data(template, ConfigMixIn(regions=["us-east-1"]), rules)
    return (time.perf_counter() - begin) * 1000


def main():
    rules = get_rules([], [], ["E", "W"], {}, False, [])
    print(f"{'template':<16}{'credctl':>9}{'cfn-lint':>10}{'ratio':>8}{'loaded':>9}{'ratio':>8}")
    for name in NAMES:
        path = os.path.join(HERE, "../../templates", name + ".yaml")
        loaded(path, rules)  # schemas
        ours, theirs, kept = [], [], []
        for _ in range(RUNS):
            ours.append(command(CREDCTL, "validate", "template", path))
            theirs.append(command("cfn-lint", "--", path))
            kept.append(loaded(path, rules))
        a, b, c = (statistics.median(row) for row in (ours, theirs, kept))
        print(f"{name:<16}{a:>9.1f}{b:>10.0f}{b / a:>8.0f}{c:>9.0f}{c / a:>8.0f}")
    print(f"largest of all commands: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MiB (cfn-lint)")


if __name__ == "__main__":
    main()
