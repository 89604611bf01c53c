#!/bin/sh
# The published plans of TravelPlanner, answered again in a whole run: the rates that the
# table shows are the published ones.
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
root=$(cd "$srcdir" && pwd)
data=$ACCORD_DATA
tasks=travelplanner/train_tasks.jsonl
bad=0

# play NAME [SKIP]: a run with the plans of all tasks of ACCORD_DATA but SKIP.
play() {
    if ! tests/travel_answers "$ACCORD_DATA/$tasks" $2 >"$dir/$1.jsonl" ||
        ! ./accord run "$root/tests/data/travel/suite.json" -o "$dir/$1" --progress none \
            --set "models/published/params/file=$dir/$1.jsonl" >"$dir/$1.out" ||
        ! ./accord table "$dir/$1" --parts -f csv >"$dir/$1.csv"; then
        echo "$1: accord failed"
        cat "$dir/$1.out"
        exit 1
    fi
}

# rate NAME PART HELD N: the mean of a part is HELD of N.
rate() {
    if ! awk -F, -v part="$2" -v held="$3" -v n="$4" '
        $5 == part { d = $6 * n - held; if ($7 == n && d * d < 1e-18) found = 1 }
        END { exit !found }' "$dir/$1.csv"; then
        echo "$1: $2 is not $3 of $4"
        cat "$dir/$1.csv"
        bad=1
    fi
}

ACCORD_DATA=$root/tests/data
export ACCORD_DATA
play own
rate own final_pass 2 3
rate own delivery 3 3
rate own 'commonsense (micro)' 22 24
rate own 'commonsense (macro)' 2 3
rate own 'hard (micro)' 6 8
rate own 'hard (macro)' 2 3
rate own hard/room_type 1 2

# A task without an answer changes no denominator: that of task 2 asks for a budget only.
play silent 2
rate silent final_pass 1 3
rate silent delivery 2 3
rate silent 'commonsense (micro)' 14 24
rate silent 'hard (micro)' 5 8
grep -q '"outcome":"api_error".*"parts":\[0,0,0,0,0,0,0,0,0,0,"nan","nan","nan","nan"\]' \
    "$dir/silent/cells/trips/single/1/journal.jsonl" || {
    echo 'the silent task has not the parts of its item'
    bad=1
}

if test ! -f "$data/$tasks"; then
    echo 'skipped: published trips: ACCORD_DATA does not have them'
    exit $bad
fi
ACCORD_DATA=$data
play published
rate published final_pass 44 45
rate published delivery 45 45
rate published 'commonsense (micro)' 358 360
rate published 'commonsense (macro)' 44 45
rate published 'hard (micro)' 101 105
rate published 'hard (macro)' 44 45
grep -q '"note":"json: Within Sandbox: day 4: attraction: San Angelo' \
    "$dir/published/cells/trips/single/1/journal.jsonl" || {
    echo 'task 42 does not fail for the stated reason'
    bad=1
}
exit $bad
