#!/bin/sh
# Runs the signing vectors beside the repository. Needs BUILD, the folder with sigv4_vectors, and
# SHARED; skipped (77) where they are not.
set -eu
vectors=${SHARED:-}/fixtures/sigv4/cases.json
if [ ! -r "$vectors" ]; then
    echo "skipped: $vectors is not there" >&2
    exit 77
fi
exec "$BUILD/sigv4_vectors" "$vectors"
