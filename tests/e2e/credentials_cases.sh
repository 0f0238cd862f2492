#!/usr/bin/env bash
# The shared cases of the credential chain, and our own in the same format, in every mode.
# Needs SHARED (the folder with fixtures/credentials) and CREDCTL (the program to judge).
set -uo pipefail
own=$(cd "$(dirname "$0")/../credentials" && pwd)/own_cases.json
runner=${SHARED:-}/fixtures/credentials/run_cases.py
if [ ! -e "$runner" ]; then
    echo "SHARED does not name the folder with fixtures/credentials/run_cases.py"
    exit 77
fi
status=0
for mode in netns proxy override; do
    if [ $mode = netns ] && ! unshare --user --map-root-user --net --mount true 2>/dev/null; then
        echo "network namespaces do not work here: mode netns is left out"
        continue
    fi
    for cases in "${runner%/*}/cases.json" "$own"; do
        echo "--- $mode, $cases"
        python3 "$runner" --credctl "$CREDCTL" --strict --slack 2.5 --mode $mode --cases "$cases" || status=1
    done
done
exit $status
