#!/bin/sh
# ECON through the whole harness: labels in training and probes only, controls that learn
# nothing, accounts by role, and a run that is killed goes on to the same bytes.
: "${srcdir:=.}"
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
suite=$srcdir/tests/data/econ/suite.json
OPENBLAS_NUM_THREADS=1
export OPENBLAS_NUM_THREADS
bad=0

fail() {
    echo "FAIL: $*"
    bad=1
}
# lines METHOD PATTERN: how many lines of the cell's journal have it.
lines() { grep -c -- "$2" "$work/plain/cells/maths/$1/1/journal.jsonl"; }
count() { # count METHOD WANT PATTERN
    test "$(lines "$1" "$3")" = "$2" || fail "$1: $(lines "$1" "$3") lines with $3, not $2"
}

./accord run "$suite" -o "$work/plain" -j 2 --progress none >"$work/out" 2>&1 || {
    cat "$work/out"
    exit 1
}

# Checklist 8: no label is read in evaluation, and what is not learned trains on nothing.
for method in econ fixed clusters; do
    count $method 0 '"k":"score","ep":"eval/'
    count $method 4 '"k":"ep","ep":"eval/'
done
count fixed 0 '"ep":"train/'
count econ 12 '"k":"ep","ep":"train/'
test "$(lines econ '"k":"score","ep":"train/')" -gt 0 || fail 'econ never asked the checker'

# Checklist 9: calls by role, with the stage as round.
count clusters 4 '"k":"call","ep":"eval/.*"role":"strategy"'
count clusters 8 '"k":"call","ep":"eval/.*"role":"refine"'
count clusters 16 '"k":"call","ep":"eval/.*"role":"executor","round":0'
count econ 8 '"k":"call","ep":"eval/.*"role":"executor","round":1'
count fixed 0 '"role":"coordinator"'

# Probes: before, at 6 of 12 episodes and after; 2 items, 1 + 2 x 4 variants.  Training
# comes in rounds of 4: the mark 6 falls on 8.
for step in 0 8 12; do
    count econ 18 "\"k\":\"ep\",\"ep\":\"probe/$step/"
    count econ 1 "\"step\":$step,\"name\":\"bne_gap_cross\""
done
count fixed 18 '"k":"ep","ep":"probe/0/'
count fixed 1 '"name":"cumulative_regret"'

# Killed at four moments, it goes on to the same bytes.
kills=0
for moment in 0.3 0.7 1.1 1.6; do
    dir=$work/killed$moment
    setsid ./accord run "$suite" -o "$dir" -j 2 --progress none >/dev/null 2>&1 &
    pid=$!
    sleep $moment
    kill -s KILL -- "-$pid" 2>/dev/null && kills=$((kills + 1))
    wait $pid 2>/dev/null
    test -f "$dir/manifest.json" || continue
    ./accord run --resume "$dir" --progress none >"$work/out" 2>&1 || {
        fail "resume after $moment s"
        cat "$work/out"
    }
    cmp "$work/plain/results.json" "$dir/results.json" || fail "killed after $moment s"
done
test $kills -gt 0 || fail 'no run lived long enough to be killed'
exit $bad
