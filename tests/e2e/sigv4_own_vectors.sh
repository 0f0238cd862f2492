#!/bin/sh
# Runs our own signing vectors. Needs BUILD, the folder with sigv4_vectors.
set -eu
exec "$BUILD/sigv4_vectors" "$(dirname "$0")/../vectors/sigv4/own.json"
