#!/usr/bin/env bash
# How many requests a second `session serve` answers, against libevent's bare evhttp with the same
# bytes, in one run. Usage: tests/bench/serve.sh [BUILD]   (default: build/release; needs wrk)
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${1:-build/release}
seconds=${CREDCTL_BENCH_SECONDS:-3}
command -v wrk >/dev/null || { echo "wrk is missing"; exit 77; }
folder=$(mktemp -d)
export AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=benchmark AWS_SESSION_TOKEN
AWS_SESSION_TOKEN=$(printf 'x%.0s' {1..800})

taskset -c 0 "$build/credctl" session serve --address 127.0.0.1:18931 --token-file "$folder/token" 2>"$folder/log" &
ours=$!
trap 'kill $ours ${bare:-} 2>/dev/null; rm -rf "$folder"' EXIT
until [ -s "$folder/token" ] && grep -q serving "$folder/log"; do sleep 0.05; done
token=$(cat "$folder/token")
curl -sf -H "Authorization: $token" http://127.0.0.1:18931/ >"$folder/document"
taskset -c 0 "$build/serve_bare" 18932 "$folder/document" &
bare=$!
sleep 0.3

rate() { taskset -c 1 wrk -t1 -c"$2" -d"${seconds}s" -H "Authorization: $token" "http://127.0.0.1:$1/" | awk '/Requests\/sec/ { print $2 }'; }
cpu() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }

printf '%-12s %10s %10s %6s %10s %10s\n' connections ours bare ratio 'ours us' 'bare us'
for connections in 1 16 64; do
    a=$(cpu $ours) && ours_rate=$(rate 18931 $connections) && b=$(cpu $ours)
    c=$(cpu $bare) && bare_rate=$(rate 18932 $connections) && d=$(cpu $bare)
    awk -v n=$connections -v o="$ours_rate" -v p="$bare_rate" -v oc=$((b - a)) -v pc=$((d - c)) -v s="$seconds" \
        'BEGIN { printf "%-12d %10.0f %10.0f %6.2f %10.1f %10.1f\n", n, o, p, o / p, oc * 1e4 / (o * s), pc * 1e4 / (p * s) }'
done
awk '/VmRSS/ { print "memory of ours:", $2, $3 }' /proc/$ours/status
