#!/bin/sh
# Providers read settings, variables and files through the ledger and in no other way: what they
# read decides whose credentials they find, and the ledger is the key under which these are kept.
# Usage: ledger.sh <source dir>
set -eu
cd "$1"
status=0
for file in src/providers/*.c; do
    case $file in src/providers/ledger*.c) continue ;; esac
    found=$(grep -nE '\b(cc_env|cc_setting|cc_settings_endpoint|cc_section_(value|property|nested)|cc_read_file|cc_read_secret|cc_file_facts)\(|->(env|env_all|read_file|file_facts)\(' "$file" || true)
    [ -z "$found" ] || { printf '%s: reads past the ledger: %s\n' "$file" "$found" >&2; status=1; }
done
exit $status
