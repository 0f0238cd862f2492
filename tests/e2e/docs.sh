#!/usr/bin/env bash
# The pages say what the program does: man page, and every example of README.md and docs/.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
status=0

if ! diff -u docs/credctl.1 <("$CREDCTL" help --man); then
    echo "docs/credctl.1 is not what \`credctl help --man\` prints"
    status=1
fi
if ! diff -u docs/answers.md <("$CREDCTL" help --fields); then
    echo "docs/answers.md is not what \`credctl help --fields\` prints"
    status=1
fi
if command -v mandoc >/dev/null; then
    mandoc -T lint -W error docs/credctl.1 || status=1
    mandoc -T ascii docs/credctl.1 | sed 's/.\x08//g' | grep SYNOPSIS >/dev/null || { echo "the man page has no synopsis"; status=1; }
else
    echo "mandoc is not on this machine: the man page is not checked"
fi
for command in $("$CREDCTL" schema --output json | sed -n 's/^  "\([a-z-]*\)": {$/\1/p'); do
    [ "$command" = error ] || grep -q "credctl $command" docs/credctl.1 || { echo "the man page lacks $command"; status=1; }
done
# Links between the pages lead somewhere.
while IFS=: read -r page link; do
    target=$(dirname "$page")/${link%%#*}
    [ -e "$target" ] || { echo "$page: $link leads nowhere"; status=1; }
done < <(grep -oE '\]\([^):]+\)' README.md docs/*.md | sed -E 's/\]\(([^)]*)\)$/\1/' | grep -v ':#')
python3 tests/e2e/docs_examples.py || status=1
exit $status
