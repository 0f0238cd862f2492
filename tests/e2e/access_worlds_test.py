#!/usr/bin/env python3
"""test-access against a fake AWS that evaluates policies: tests/access has the fake, the scenarios and random worlds.

CREDCTL_WORLDS=FIRST-LAST plays other worlds than the first 300, CREDCTL_ACCESS=GLOB only scenarios with such ids.
"""
import concurrent.futures
import fnmatch
import glob
import json
import os
import sys

ACCESS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "access")
sys.path.insert(0, ACCESS)
import run_scenarios as runner  # noqa: E402
import worlds  # noqa: E402

CREDCTL = os.path.abspath(os.environ["CREDCTL"])
FIRST, LAST = (int(n) for n in os.environ.get("CREDCTL_WORLDS", "0-299").split("-"))
ONLY = os.environ.get("CREDCTL_ACCESS", "*")


def scenarios():
    for path in sorted(glob.glob(os.path.join(ACCESS, "scenarios", "*.json")) + glob.glob(os.path.join(ACCESS, "own", "*.json"))):
        with open(path) as file:
            scenario = json.load(file)
        if fnmatch.fnmatch(scenario["id"], ONLY):
            yield scenario


def play(scenario):
    return runner.play(scenario, CREDCTL)[0]


def play_world(seed):
    return worlds.judge(worlds.world(seed), CREDCTL)


def main():
    failed = played = 0
    todo = [(s["id"], s["about"], play, s) for s in scenarios()]
    todo += [("world-%d" % n, worlds.world(n)["about"], play_world, n) for n in range(FIRST, LAST + 1)] if ONLY == "*" else []
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for (name, about, _, _), bad in zip(todo, pool.map(lambda row: row[2](row[3]), todo)):
            played += 1
            failed += bool(bad)
            if bad:
                print("FAIL %s (%s)" % (name, about))
                for complaint in bad[:6]:
                    print("     " + complaint[:400])
    print("%d played, %d failed" % (played, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
