#!/usr/bin/env bash
# The program as a file: what it is, that it starts anywhere, and its completions in real shells.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad() { echo "FAIL $1"; failed=1; }
# is NAME STATUS COMMAND...: the command ends with that status
is() {
    local name=$1 status=$2 got
    shift 2
    "$@" >"$work/out" 2>"$work/err" </dev/null
    got=$?
    [ "$got" -eq "$status" ] || { bad "$name: status $got, not $status"; cat "$work/out" "$work/err"; }
}
has() { grep -q -- "$2" "$work/$1" || { bad "$3: $1 lacks '$2'"; cat "$work/$1"; }; }
bare() { env -i "$@"; }

# --- one static file
if command -v ldd >/dev/null; then
    ldd "$CREDCTL" >"$work/ldd" 2>&1
    grep -qiE 'not a dynamic executable|statically linked|not a valid dynamic' "$work/ldd" || { bad "it is dynamic"; cat "$work/ldd"; }
fi
if command -v readelf >/dev/null; then
    ! readelf -lW "$CREDCTL" | grep INTERP >/dev/null || bad "it asks for an interpreter"
    ! readelf -dW "$CREDCTL" | grep NEEDED >/dev/null || bad "it asks for libraries"
fi

# --- it starts in an empty environment, in a folder that is gone, without any descriptors
is "no environment" 0 bare "$CREDCTL" version
has out '^credctl [0-9]' version
is "--version" 0 bare "$CREDCTL" --version
mkdir "$work/gone"
(cd "$work/gone" && rmdir "$work/gone" && "$CREDCTL" version >/dev/null) || bad "in a folder that is gone"
is help 0 bare "$CREDCTL"
has out '^usage: credctl' help
is "no stdout" 255 sh -c '"$0" version >&-' "$CREDCTL"
has err 'output.failed' "no stdout"
is "no stdin, stderr" 0 sh -c '"$0" version <&- 2>&-' "$CREDCTL"
if [ -e /dev/full ]; then
    is "a full disk" 255 sh -c '"$0" version >/dev/full' "$CREDCTL"
    has err 'output.failed' "a full disk"
fi
# A file opened in the place of a closed stdout must not get the answer.
is "no descriptors at all" 255 sh -c '"$0" session --offline <&- >&- 2>&-' "$CREDCTL"
"$CREDCTL" help | head -n 1 >"$work/out" || bad "a reader that goes away"

# --- wrong usage is 252 and says what was meant
for words in "nope" "version --nope" "version -xyz" "version x" "version --output xml" "version --output" "help nope" \
    "completion tcsh" "schema nope" "session exprt" "--nope" "session --role-arn x" "session --duration-seconds 1" \
    "session --external-id x" "session --timeout 0" "session export --unset --format json"; do
    # shellcheck disable=SC2086 # words
    is "$words" 252 bare "$CREDCTL" $words
    [ ! -s "$work/out" ] || bad "$words: something on stdout"
    has err '\[usage\]' "$words"
    has err '  try: ' "$words"
done
is "a bad CREDCTL_OUTPUT" 252 bare CREDCTL_OUTPUT=xml "$CREDCTL" version
is "nothing found" 253 bare HOME="$work" AWS_EC2_METADATA_DISABLED=true "$CREDCTL" session --offline

# --- completions: accepted by the shells, and tried
for shell in bash zsh fish powershell; do
    is "completion $shell" 0 bare "$CREDCTL" completion "$shell"
    cp "$work/out" "$work/completion.$shell"
    [ -s "$work/completion.$shell" ] || bad "completion $shell is empty"
done
bash -n "$work/completion.bash" || bad "bash refuses its completion"
if command -v shellcheck >/dev/null; then
    shellcheck -s bash -S error "$work/completion.bash" || bad "shellcheck finds errors in the completion"
fi
complete_in_bash() {
    bash -c '. "$1"; shift; COMP_WORDS=(credctl "$@"); COMP_CWORD=$#; _credctl; printf "%s\n" "${COMPREPLY[@]}"' \
        - "$work/completion.bash" "$@"
}
[ "$(complete_in_bash ses)" = session ] || bad "bash: credctl ses<TAB>"
complete_in_bash session exp | grep -x export >/dev/null || bad "bash: credctl session exp<TAB>"
complete_in_bash session export --form | grep -x -- --format >/dev/null || bad "bash: credctl session export --form<TAB>"
complete_in_bash session export --format fi | grep -x fish >/dev/null || bad "bash: credctl session export --format fi<TAB>"
complete_in_bash version --output y | grep -x yaml >/dev/null || bad "bash: credctl version --output y<TAB>"
if command -v zsh >/dev/null; then
    zsh -n "$work/completion.zsh" || bad "zsh refuses its completion"
    for how in source fpath; do
        python3 tests/e2e/zsh_complete.py $how "$work/completion.zsh" "credctl session export --format fi" fish ||
            bad "zsh, $how: credctl session export --format fi<TAB>"
        python3 tests/e2e/zsh_complete.py $how "$work/completion.zsh" "credctl sess" "session" ||
            bad "zsh, $how: credctl sess<TAB>"
    done
else
    echo "zsh is not on this machine"
fi
if command -v fish >/dev/null; then
    fish -n "$work/completion.fish" || bad "fish refuses its completion"
    complete_in_fish() { HOME=$work fish --no-config -c 'source $argv[1]; complete -C $argv[2]' "$work/completion.fish" "$1" | cut -f 1; }
    complete_in_fish 'credctl ses' | grep -x session >/dev/null || bad "fish: credctl ses<TAB>"
    complete_in_fish 'credctl session exp' | grep -x export >/dev/null || bad "fish: credctl session exp<TAB>"
    complete_in_fish 'credctl session export --format fi' | grep -x fish >/dev/null || bad "fish: credctl session export --format fi<TAB>"
else
    echo "fish is not on this machine"
fi
if command -v pwsh >/dev/null; then
    pwsh -NoProfile -Command "Get-Content -Raw '$work/completion.powershell' | Invoke-Expression" || bad "PowerShell refuses its completion"
else
    echo "pwsh is not on this machine"
fi
exit $failed
