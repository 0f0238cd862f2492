#!/bin/sh
# Plays the recorded environments against the static program, when they are at hand.
# Environment: CREDCTL (the program), SHARED (the folder that holds fixtures/detect), BUILD.
set -eu
: "${CREDCTL:?the program to judge}"
fixtures=${SHARED:-}/fixtures/detect
skip() { printf 'skipped: %s\n' "$1"; exit 77; }

[ -f "$fixtures/harness/run_case.py" ] || skip "no recorded cases at ${SHARED:-\$SHARED}/fixtures/detect"
command -v ip >/dev/null || skip "iproute2 is not installed"
unshare -n true 2>/dev/null || unshare -rn true 2>/dev/null || skip "no network namespaces here"
! ldd "$CREDCTL" >/dev/null 2>&1 || skip "$CREDCTL is not static: it cannot run in an empty root"

exec python3 "$fixtures/harness/run_case.py" --bin "$CREDCTL" --args 'detect --output json' -j 2 \
    --slack-ms "${DETECT_SLACK_MS:-300}"
