#!/bin/sh
# Runs the signing vectors: our own, and those beside the repository when they are there.
# Needs BUILD (the folder with sigv4_vectors) and, for the others, SHARED.
set -eu
own=$(dirname "$0")/../vectors/sigv4/own.json
"$BUILD/sigv4_vectors" "$own"
if [ ! -r "${SHARED:-}/fixtures/sigv4/cases.json" ]; then
    echo "no \$SHARED/fixtures/sigv4/cases.json: only our own vectors were run" >&2
    exit 77
fi
"$BUILD/sigv4_vectors" "$SHARED/fixtures/sigv4/cases.json"
