#!/usr/bin/env bash
# From a fresh clone on Debian 12 to a first answer: installs what the build needs, builds the
# static release in build/release, and runs it here and in a simulated ECS task.
# Run as root, or as a user who may use sudo.
set -euo pipefail
cd "$(dirname "$0")/.."

as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }
step() { printf '\n== %s\n' "$*"; }

step "packages"
missing=()
for package in gcc make perl cmake ninja-build dpkg-dev musl-tools linux-libc-dev ca-certificates \
    python3 iproute2 util-linux; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep 'ok installed' >/dev/null || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
    as_root apt-get -q update
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qy install --no-install-recommends "${missing[@]}"
fi

step "libraries (once: about two minutes), then credctl"
prefix=$(src/cmake/deps.sh)
cmake -S . -B build/release -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCREDCTL_STATIC=ON -DCREDCTL_DEPS_PREFIX="$prefix"
cmake --build build/release
ls -l build/release/credctl

# 1 is an answer too: this host is not one of AWS's.
step "credctl detect, on this host"
build/release/credctl detect || [ $? -eq 1 ]

step "credctl detect, in a simulated ECS task (examples/ecs_task.py)"
python3 examples/ecs_task.py build/release/credctl detect
