#!/bin/sh
# Control tasks through the whole harness: state and pictures, all episodes finished, the
# same bytes however they are run and after a kill, a mode that is not there.  77 = Accord
# was built without MuJoCo.
: "${srcdir:=.}"
test -f plugins/tasks/visual.so || { echo 'skipped: built without MuJoCo'; exit 77; }
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
# The looks are made from seeds here, whatever the user has.
ACCORD_DATA=$dir
XDG_DATA_HOME=$dir
export ACCORD_DATA XDG_DATA_HOME
suite=$srcdir/tests/data/visual.json
bad=0

fail() {
    echo "FAIL: $*"
    bad=1
}
run() { ./accord run --progress none "$@" >"$dir/table" 2>"$dir/log"; }
count() { # count WANT NAME PATTERN FILE...
    want=$1 name=$2 pattern=$3
    shift 3
    got=$(cat "$@" | grep -c "$pattern")
    test "$got" = "$want" || fail "$name: $got, not $want"
}

run "$suite" -o "$dir/one" -j 1 || { cat "$dir/log"; exit 1; }
count 40 'finished state and pictures' '"outcome":"finished"' \
    "$dir"/one/cells/state/*/*/journal.jsonl "$dir"/one/cells/pixels/*/*/journal.jsonl
count 4 'an episode is cut at its end' '"steps":250,"end":"truncated"' \
    "$dir"/one/cells/state/random/*/journal.jsonl
count 4 'random acts where there are choices' '"outcome":"finished"' \
    "$dir"/one/cells/counter/random/*/journal.jsonl
grep -q '"color_hard": *"generated colours.*MuJoCo' "$dir/one/manifest.json" ||
    fail 'the manifest does not say what color_hard is made of'

# ---- the same bytes ----------------------------------------------------------------------
run "$suite" -o "$dir/two" -j 2 --set in_flight=1 || cat "$dir/log"
cmp "$dir/one/results.json" "$dir/two/results.json" || fail 'two workers, other results'
# What a kill at any byte leaves: a journal that is cut, no summaries.
for file in "$dir"/two/cells/*/*/*/journal.jsonl; do
    size=$(wc -c <"$file")
    truncate -s $((size * 2 / 3)) "$file"
    rm -f "${file%journal.jsonl}summary.json"
done
rm -f "$dir/two/results.json"
run --resume "$dir/two" || cat "$dir/log"
cmp "$dir/one/results.json" "$dir/two/results.json" || fail 'resumed, other results'

# ---- modes -------------------------------------------------------------------------------
run "$suite" -o "$dir/bad" --set 'tasks/state/modes=["color_hard"]'
test $? = 2 || fail "a mode that is not there: exit $?"
grep -q 'plugin visual has no mode "color_hard" (it has train)' "$dir/log" ||
    { fail 'no word about the mode:'; cat "$dir/log"; }
exit $bad
