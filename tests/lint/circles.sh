#!/bin/sh
# No files that call each other in a circle: whoever reads one would have to read them all.
# Usage: circles.sh <build dir>   (in the source dir; reads the symbols of the objects built there)
set -eu
objects=$1/CMakeFiles/credctl_core.dir
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

find "$objects/src" -name '*.o' | while read -r object; do
    file=${object#"$objects"/}
    [ -e "${file%.o}" ] || continue # an old build knows files that are gone
    nm -g --defined-only "$object" | awk -v f="${file%.o}" '{print $NF, f}' >>"$work/defined"
    nm -u "$object" | awk -v f="${file%.o}" '{print $NF, f}' >>"$work/used"
done
[ -s "$work/defined" ] || { echo "nothing was built in $objects" >&2; exit 1; }
sort -o "$work/defined" "$work/defined"
sort -o "$work/used" "$work/used"
# A table of rows names every row, and a row may ask the table: that is no call.
join "$work/used" "$work/defined" | awk '$2 != $3 && $3 !~ /\/table\.c$/ {print $2, $3}' | sort -u >"$work/calls"
if ! tsort <"$work/calls" >/dev/null 2>"$work/loops"; then
    sed 's/^tsort: -: input contains a loop:/these files call each other in a circle:/; s/^tsort: //' "$work/loops" >&2
    exit 1
fi
