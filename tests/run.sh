#!/usr/bin/env bash
# The one test command: tests/run.sh [STAGE...], the stages being
# lint dev asan tsan coverage fuzz release e2e.
# Without a stage, all of them. The last line counts the tests; the status says whether all passed.
# Folders: build/{dev,asan,tsan,coverage,fuzz,release}, logs in build/logs; what is fetched is kept in
# ${CREDCTL_DEPS_CACHE:-~/.cache/credctl-build}.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
root=$PWD
logs=$root/build/logs
cache=${CREDCTL_DEPS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/credctl-build}
mkdir -p "$logs" "$cache"
# Tests see the host's certificates and no cloud of their caller's.
unset SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE REQUESTS_CA_BUNDLE
for name in $(compgen -e | grep '^AWS_'); do unset "$name"; done
export AWS_EC2_METADATA_DISABLED=true # a test that wants a metadata service brings its own

fuzz_seconds=${CREDCTL_FUZZ_SECONDS:-5}
passed=0 failed=0 skipped=0

pass() { passed=$((passed + 1)); }
skip() { skipped=$((skipped + 1)); printf 'SKIP %s: %s\n' "$1" "$2"; }
fail() { failed=$((failed + 1)); printf 'FAIL %s\n' "$1"; [ ! -s "${2:-}" ] || tail -n 60 "$2" | sed 's/^/    /'; }

# check NAME COMMAND...: one test. Status 77 is a skip; its last line says why.
check() {
    local name=$1 log=$logs/${1//\//_}.log status
    shift
    "$@" >"$log" 2>&1
    status=$?
    case $status in
    0) pass ;;
    77) skip "$name" "$(tail -n 1 "$log")" ;;
    *) fail "$name (status $status)" "$log" ;;
    esac
    return $status
}

# step NAME COMMAND...: what tests need first. It counts only when it fails.
step() {
    local name=$1 log=$logs/${1//\//_}.log
    shift
    printf '%s\n' "$name"
    "$@" >"$log" 2>&1 || { fail "$name" "$log"; return 1; }
}

# --- what the tests need --------------------------------------------------------------------------

# Debian packages; package=command where another package may bring the command.
packages="gcc clang clang-tidy clang-format libclang-rt-14-dev ninja-build cmake pkg-config make perl
    libcurl4-openssl-dev libssl-dev libcjson-dev libyaml-dev libexpat1-dev libevent-dev libcmocka-dev
    dpkg-dev musl-tools linux-libc-dev ca-certificates iproute2 nginx-light=nginx openssl curl socat
    util-linux libfaketime valgrind man-db mandoc zsh fish python3 python3-venv nodejs=node npm=npm
    chromium fonts-dejavu-core poppler-utils=pdftotext"
python_pins="moto[server]==5.2.1 boto3==1.43.11 awscli==1.45.11 cfn-lint==1.51.0"
node_pins="@aws-sdk/credential-providers@3.1169.0 @aws-sdk/client-sts@3.1169.0 @modelcontextprotocol/sdk@1.32.2 @modelcontextprotocol/client@2.4.0"

as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi; }

install_packages() {
    local missing=() entry
    for entry in $packages; do
        case $entry in *=*) ! command -v "${entry#*=}" >/dev/null || continue ;; esac
        dpkg-query -W -f '${Status}\n' "${entry%=*}" 2>/dev/null | grep "^install ok installed" >/dev/null ||
            missing+=("${entry%=*}")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    as_root apt-get -q update &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get -qy install --no-install-recommends "${missing[@]}"
}

# keep FOLDER COMMAND: runs the command on the folder once; a half-filled folder is started again.
keep() {
    (
        flock 9
        [ ! -e "$1/.complete" ] || exit 0
        rm -rf "$1" && mkdir -p "$1" && "$2" "$1" && touch "$1/.complete"
    ) 9>"$1.lock"
}

key_of() { printf '%s' "$*" | sha256sum | cut -c1-16; }

# shellcheck disable=SC2086 # pins are lists
install_python() { python3 -m venv "$1/venv" && "$1/venv/bin/pip" install --quiet $python_pins; }

# shellcheck disable=SC2086
install_node() { npm install --silent --no-audit --no-fund --prefix "$1" $node_pins; }

# PYTHON has moto, boto3, awscli and cfn-lint: the machine's own, or one in the cache.
find_peers() {
    local python node
    python=$cache/python-$(key_of "$python_pins")
    node=$cache/node-$(key_of "$node_pins")
    if ! python3 -c 'import moto, boto3, awscli, cfnlint, flask' 2>/dev/null; then
        step setup/python keep "$python" install_python
        PATH=$python/venv/bin:$PATH
    fi
    PYTHON=$(command -v python3)
    step setup/node keep "$node" install_node
    NODE_PATH=$node/node_modules
    export PATH PYTHON NODE_PATH
}

# --- stages ---------------------------------------------------------------------------------------

launcher=()
! command -v ccache >/dev/null || launcher=(-DCMAKE_C_COMPILER_LAUNCHER=ccache)

# configure FOLDER OPTION..., then build it
configure() { cmake -S . -B "build/$1" -G Ninja "${launcher[@]}" "${@:2}"; }
build() { step "$1/configure" configure "$@" && step "$1/build" cmake --build "build/$1"; }

unit_tests() {
    local folder=build/$1 log=$logs/$1_ctest.log results=$root/build/$1/junit.xml line
    rm -f "$results"
    ctest --test-dir "$folder" --output-on-failure --no-tests=ignore --parallel 2 \
        --output-junit "$results" >"$log" 2>&1
    [ -s "$results" ] || fail "$1/ctest" "$log"
    while read -r line; do
        case $line in
        *'status="run"'*) pass ;;
        *'status="notrun"'*) skip "$1/$(sed -E 's/.*name="([^"]*)".*/\1/' <<<"$line")" "not run" ;;
        *) fail "$1/$(sed -E 's/.*name="([^"]*)".*/\1/' <<<"$line")" ;;
        esac
    done < <(grep '<testcase ' "$results" 2>/dev/null)
    ! grep -qs 'status="fail"' "$results" || tail -n 120 "$log"
}

c_files() { git ls-files --cached --others --exclude-standard -- 'src/*.c' 'src/*.h' 'include/*.h' 'tests/*.c' 'tests/*.h'; }

format() { c_files | xargs clang-format --dry-run -Werror; }

# clang-tidy falls back to its own checks, with status 0, when it cannot read the file.
tidy_config() { ! clang-tidy --dump-config src/main.c 2>&1 | grep 'error:'; }

# One file; an earlier clean result counts while nothing that went into it has changed.
tidy_one() {
    local seen findings
    seen=$cache/tidy/$({
        cat .clang-tidy CMakeLists.txt
        clang -E -C -dD -D_GNU_SOURCE -DCREDCTL_VERSION= -Iinclude "$1"
    } 2>&1 | sha256sum | cut -d' ' -f1)
    [ ! -e "$seen" ] || return 0
    findings=$(clang-tidy --quiet -p build/dev "$1" 2>&1) || { printf '%s\n' "$findings"; return 1; }
    touch "$seen"
}
export -f tidy_one
export cache

tidy() {
    mkdir -p "$cache/tidy"
    c_files | grep '^src/.*\.c$' | xargs -P 2 -I {} bash -c 'tidy_one {}'
}

# No file is longer than a reader's patience.
short_files() {
    c_files | xargs wc -l | awk '$1 > 500 && $2 != "total" {print $2 " has " $1 " lines, more than 500"; long = 1}
        END {exit long}'
}

stage_lint() {
    check lint/clang-format format
    check lint/clang-tidy-config tidy_config
    step lint/configure configure dev -DCMAKE_BUILD_TYPE=RelWithDebInfo && check lint/clang-tidy tidy
    check lint/short-files short_files
    check lint/rooms sh tests/lint/rooms.sh "$root"
    check lint/ledger sh tests/lint/ledger.sh "$root"
}

stage_dev() {
    build dev -DCMAKE_BUILD_TYPE=RelWithDebInfo || return
    check dev/circles sh tests/lint/circles.sh build/dev
    unit_tests dev
}

export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1

stage_asan() {
    build asan -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_COMPILER=clang -DCREDCTL_SANITIZE=address,undefined &&
        unit_tests asan
}

stage_tsan() {
    build tsan -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_COMPILER=clang -DCREDCTL_SANITIZE=thread &&
        unit_tests tsan
}

# The tests have been counted in other builds: here only what they reach counts.
stage_coverage() {
    build coverage -DCMAKE_BUILD_TYPE=None \
        "-DCMAKE_C_FLAGS=-Og -g --coverage -fprofile-update=atomic -DCREDCTL_COVERAGE" || return
    find build/coverage -name '*.gcda' -delete
    step coverage/tests ctest --test-dir build/coverage --output-on-failure --parallel 2 &&
        check coverage/lines python3 tests/coverage.py build/coverage 80 85 &&
        sed -n '/^$/,$p' "$logs/coverage_lines.log"
}

# The seeds first, then a few seconds of new inputs, which are not kept.
fuzz_one() {
    local name=$1 status found
    local seeds=tests/fuzz/corpus/${name#fuzz_}
    found=$(mktemp -d "$root/build/fuzz/$name.XXXXXX")
    [ -d "$seeds" ] || seeds=
    # shellcheck disable=SC2086 # no folder, no argument
    "build/fuzz/$name" -max_total_time="$fuzz_seconds" -timeout=10 -rss_limit_mb=1024 -verbosity=0 -error_exitcode=1 \
        -artifact_prefix="$logs/$name-" "$found" $seeds >"$logs/$name.found" 2>&1
    status=$?
    rm -rf "$found"
    echo "status $status" >>"$logs/$name.found"
}
export -f fuzz_one
export root logs fuzz_seconds

fuzz_result() { cat "$logs/$1.found" && [ "$(tail -n 1 "$logs/$1.found")" = "status 0" ]; }

stage_fuzz() {
    build fuzz -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_C_COMPILER=clang -DCREDCTL_FUZZ=ON || return
    local names name
    names=$(find tests/fuzz -name 'fuzz_*.c' -exec basename {} .c \; | sort)
    rm -f "$logs"/fuzz_*.found
    xargs -P 2 -I {} bash -c 'fuzz_one {}' <<<"$names"
    for name in $names; do
        check "fuzz/$name" fuzz_result "$name"
    done
}

stage_release() {
    local prefix
    step release/libraries src/cmake/deps.sh || return
    prefix=$(grep '^/' "$logs/release_libraries.log" | tail -n 1)
    build release -DCMAKE_BUILD_TYPE=Release -DCREDCTL_STATIC=ON -DCREDCTL_DEPS_PREFIX="$prefix" &&
        check release/static cmake -DEXE="$root/build/release/credctl" -P src/cmake/check-static.cmake &&
        grep -h bytes "$logs/release_static.log"
}

stage_e2e() {
    [ -x build/release/credctl ] || stage_release
    find_peers
    export CREDCTL=$root/build/release/credctl BUILD=$root/build/release
    if [ -d ../shared ]; then export SHARED; SHARED=$(cd ../shared && pwd); fi
    # Nobody's cache but the test's own: one test must not be served what another one fetched.
    local script runner kept
    for script in tests/e2e/*.sh tests/e2e/*_test.py; do
        [ -x "$script" ] || continue
        case $script in *.py) runner=$PYTHON ;; *) runner=bash ;; esac
        kept=$(mktemp -d "$root/build/e2e.XXXXXX")
        check "e2e/$(basename "$script")" env CREDCTL_DEPS_CACHE="$cache" XDG_CACHE_HOME="$kept" \
            timeout -k 5 "${CREDCTL_E2E_SECONDS:-300}" "$runner" "$script"
        rm -rf "$kept"
    done
}

# --------------------------------------------------------------------------------------------------

stages=("$@")
[ $# -gt 0 ] || stages=(lint dev asan tsan coverage fuzz release e2e)
for stage in "${stages[@]}"; do
    declare -F "stage_$stage" >/dev/null || { echo "tests/run.sh: no stage '$stage'" >&2; exit 2; }
done

step setup/packages install_packages
for stage in "${stages[@]}"; do
    printf '== %s\n' "$stage"
    before=$SECONDS passed_before=$passed failed_before=$failed
    "stage_$stage"
    printf -- '-- %s: %d passed, %d failed, %d s\n' "$stage" $((passed - passed_before)) \
        $((failed - failed_before)) $((SECONDS - before))
done

summary="$passed passed, $failed failed"
[ "$skipped" -eq 0 ] || summary="$summary, $skipped skipped"
echo "$summary"
[ "$failed" -eq 0 ]
