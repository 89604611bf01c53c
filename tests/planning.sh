#!/bin/sh
# Planning through the whole harness: the planner is right in every play, says why where a
# task states no PDDL, and a method without an answer is told so as often as it may be.
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
root=$(cd "$srcdir" && pwd)
ACCORD_DATA=$root/tests/data
export ACCORD_DATA
bad=0

# count TASK METHOD LINES PATTERN: so many lines of the cell's journal have the pattern.
count() {
    found=$(grep -c "$4" "$dir/run/cells/$1/$2/1/journal.jsonl")
    if test "$found" != "$3"; then
        echo "$1 $2: $found lines with $4, not $3"
        bad=1
    fi
}

# Exit 5 would say that a cell was given up: four failures are too few for that.
./accord run "$root/tests/data/planning/suite.json" -o "$dir/run" --progress none \
    >"$dir/out" 2>&1 || {
    cat "$dir/out"
    exit 1
}
for task in records interactive backprompt logistics; do
    count $task planner 4 '"outcome":"correct"'
    count $task planner 4 '"parts":\[1,1,1,0\]'
done
count files planner 2 '"outcome":"correct"'
count sums planner 4 'has no \\"pddl\\"'
count records null 4 '"outcome":"unparsed"'
count records null 4 'no plan was found in the reply'
count interactive null 4 '"steps":12,"end":"truncated"'
count backprompt null 4 '"steps":3,"end":"truncated"'
exit $bad
