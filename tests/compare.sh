#!/bin/sh
# accord compare as a user meets it: whole runs of our own rows, what it refuses and how it
# exits; then, where ACCORD_DATA and SciPy are there, six pairs of real models against SciPy.
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
root=$(cd "$srcdir" && pwd)
data=$ACCORD_DATA
. "$srcdir/tests/says.sh"

ACCORD_DATA=$root/tests/data
export ACCORD_DATA
suite=$root/tests/data/recorded/suite.json
./accord run "$suite" -o "$dir/one" --progress none >/dev/null || exit 1
./accord run "$suite" -o "$dir/two" --limit 3 --progress none >/dev/null || exit 1

says 0 'vote_abc against single_a on own: not significant, +50.0 points' \
    ./accord compare "$dir/one" --baseline single_a
# The first flipped item's command shows a transcript.
sed -n 's/^    gained  accord/.\/accord/p' "$dir/out" | head -n 1 >"$dir/command"
test -s "$dir/command" || {
    echo 'no flipped item comes with a command'
    bad=1
}
says 0 'q' sh "$dir/command"
says 0 'same score on all 3 items' ./accord compare "$dir/one" "$dir/two"
says 0 'item q0' ./accord compare "$dir/one" "$dir/two"
says 0 'single_a against vote_abc' ./accord compare "$dir/one" --pairs
says 0 'vote_abc of one against single_a of two on own' \
    ./accord compare "$dir/one" "$dir/two" --baseline single_a
says 2 'no method "single" in' ./accord compare "$dir/one" --baseline single
says 2 'is no run directory' ./accord compare "$dir"
says 2 'usage: accord compare' ./accord compare
says 2 'usage: accord compare' ./accord compare "$dir/one" "$dir/two" "$dir/one"
says 2 'it goes with neither a second run' ./accord compare "$dir/one" "$dir/two" --pairs
./accord compare "$dir/one" >"$dir/first" && ./accord compare "$dir/one" >"$dir/second"
cmp "$dir/first" "$dir/second" || bad=1

# A run of which a cell is missing, and one whose task is another.
rm "$dir/two/cells/own/single_c/1/summary.json"
says 0 'two is incomplete: 1 of 6 cells' ./accord compare "$dir/one" "$dir/two"
sed 's/"higher_is_better": *true/"higher_is_better":false/' "$dir/two/manifest.json" >"$dir/m"
mv "$dir/m" "$dir/two/manifest.json"
says 5 'not comparable: own, higher_is_better:' ./accord compare "$dir/one" "$dir/two"

python=
for p in python3 /usr/bin/python3; do
    $p -c 'from scipy.stats import binomtest, bootstrap' 2>/dev/null && python=$p && break
done
if test ! -f "$data/recorded/gsm8k_12_models.jsonl.gz"; then
    echo 'skipped: compare against SciPy: ACCORD_DATA does not have the recorded models'
elif test -z "$python"; then
    echo 'skipped: compare against SciPy: no SciPy of 1.7 or newer'
else
    ACCORD_DATA=$data
    ./accord run "$root/benchmarks/recorded-gsm8k.json" -o "$dir/gsm8k" --progress none \
        >/dev/null || exit 1
    ./accord compare "$dir/gsm8k" --baseline single_gpt_4o --json >"$dir/answer" || bad=1
    ./accord compare "$dir/gsm8k" >"$dir/words" || bad=1
    # What README.md shows of it.
    awk '/^```text/ {on = 1; next} /^```/ {on = 0} on && / on gsm8k|^    \(95 %|^    p = /' \
        "$root/README.md" >"$dir/shown"
    test "$(grep -cxFf "$dir/shown" "$dir/words")" -ge "$(wc -l <"$dir/shown")" &&
        test -s "$dir/shown" || {
        echo 'README.md shows another comparison than this one:'
        cat "$dir/words"
        bad=1
    }
    $python "$root/tests/compare_scipy.py" "$dir/gsm8k" <"$dir/answer" || bad=1
fi
exit $bad
