#!/bin/sh
# accord rescore as a user meets it: the same grader moves nothing, another one moves what a
# run with it would have said, and what cannot be graded again is refused with a sentence.
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
root=$(cd "$srcdir" && pwd)
. "$srcdir/tests/says.sh"

# The rows of the recorded suite, with a second column of answers: that of q2 differs.
ACCORD_DATA=$dir/data
export ACCORD_DATA
mkdir -p "$ACCORD_DATA/recorded"
cp "$root/tests/data/recorded/answers.jsonl" "$ACCORD_DATA/recorded"
sed 's/"answer": \("[0-9]*"\)/"answer": \1, "other": \1/; s/"other": "11"/"other": "9"/' \
    "$root/tests/data/recorded/questions.jsonl" >"$ACCORD_DATA/recorded/questions.jsonl"
suite=$root/tests/data/recorded/suite.json
other=tasks/own/params/answer_field=other
./accord run "$suite" -o "$dir/run" --progress none >/dev/null || exit 1
./accord run "$suite" -o "$dir/asked" --set $other --progress none >/dev/null || exit 1
cp -r "$dir/run" "$dir/kept"

# ---- the same grader ---------------------------------------------------------------------
says 0 ' moved' ./accord rescore "$dir/run" -o "$dir/same"
grep -q 'accord show' "$dir/out" && fail 'the same grader moved something'
cmp "$dir/run/results.json" "$dir/same/results.json" || fail 'other results'
for file in "$dir"/run/cells/*/*/*/*.jsonl; do
    cmp "$file" "$dir/same${file#"$dir/run"}" || fail 'other lines'
done
grep -q '"rescored"' "$dir/same/manifest.json" || fail 'the manifest is silent'
./accord table "$dir/same" >/dev/null || fail 'the new run has no table'

# ---- another grader: what a run with it says -----------------------------------------------
says 0 'q2: wrong (0.0%) -> correct (100.0%)' ./accord rescore "$dir/run" --set $other
says 0 "accord show $dir/graded --cell own/single_c/1 --item q2" \
    ./accord rescore "$dir/run" --set $other -o "$dir/graded"
cmp "$dir/asked/results.json" "$dir/graded/results.json" || fail 'not what a run would say'
sed -n 's/^ *accord show/.\/accord show/p' "$dir/out" | head -n 1 >"$dir/command"
says 0 'q2' sh "$dir/command"
./accord rescore "$dir/run" --set $other --json >"$dir/json" || fail 'no JSON'
moves=$(grep -o '"mode":"default","item":"q[0-9]*"' "$dir/json" | sort | uniq -c)
for run in run asked; do
    for cell in "$dir/$run"/cells/own/*/1; do
        grep '"k":"ep"' "$cell/journal.jsonl" | sed 's/.*"item":"\([^"]*\)".*"outcome":"\([^"]*\)".*/\1 \2/' |
            sort | sed "s/^/$(basename "$(dirname "$cell")") /"
    done >"$dir/$run.verdicts"
done
want=$(diff "$dir/run.verdicts" "$dir/asked.verdicts" | grep -c '^<')
got=$(grep -o '"before":{' "$dir/json" | wc -l)
test "$want" -gt 0 && test "$want" = "$got" || fail "moved: $got of $want ($moves)"
echo "$moves" | grep -qv 'q2"' && fail "another question moved: $moves"

# A file that only the new grader reads stands in the new manifest.
sed 's/"answer": "11"/"answer": "29"/' "$ACCORD_DATA/recorded/questions.jsonl" \
    >"$ACCORD_DATA/recorded/second.jsonl"
says 0 'q2: wrong (0.0%) -> correct (100.0%)' ./accord rescore "$dir/run" -o "$dir/second" \
    --set tasks/own/params/file=recorded/second.jsonl
grep -q '"recorded/second.jsonl": "' "$dir/second/manifest.json" || fail 'no hash of the new file'

# ---- a learner's training stays; what a crash ended stays ------------------------------------
ACCORD_PLUGIN_PATH=$(pwd)/tests/plugins
export ACCORD_PLUGIN_PATH
./accord run "$root/tests/data/run-kill.json" --task sums --method student -o "$dir/learned" --progress none \
    >/dev/null || exit 1
./accord rescore "$dir/learned" -o "$dir/learned2" >"$dir/out" || fail 'a learner'
cmp "$dir/learned/results.json" "$dir/learned2/results.json" || fail 'a learner: other results'
./accord run "$root/tests/data/run-trouble.json" -o "$dir/crash" --progress none \
    --set methods/trouble/params/how=abort >/dev/null 2>&1 || exit 1
./accord rescore "$dir/crash" -o "$dir/crash2" >"$dir/out" || fail 'a crash'
cmp "$dir/crash/results.json" "$dir/crash2/results.json" || fail 'a crash: other results'
grep -q '"outcome":"plugin_crash"' "$dir"/crash2/cells/*/*/*/journal.jsonl || fail 'no crash'

# ---- refusals ------------------------------------------------------------------------------
says 2 'is there already' ./accord rescore "$dir/run" -o "$dir/same"
says 2 'is there already' ./accord rescore "$dir/run" -o "$dir/run"
says 2 'with other parameters of its tasks' ./accord rescore "$dir/run" --set seeds=2
says 2 'the suite has no task "owl" (did you mean "own"?)' \
    ./accord rescore "$dir/run" --set tasks/owl/params/answer_field=other
says 2 'has no such option' ./accord rescore "$dir/run" --set tasks/own/params/answer_fild=other
says 2 'usage: accord rescore' ./accord rescore
says 2 'usage: accord rescore' ./accord rescore "$dir/run" "$dir/same"
says 1 'manifest.json' ./accord rescore "$dir/none"
./accord run "$root/benchmarks/null.json" --limit 2 -o "$dir/null" --progress none >/dev/null || exit 1
says 2 'would have to be played again' ./accord rescore "$dir/null"

# damage NAME SCRIPT TEXT: a copy with an edited text.jsonl is refused.
damage() {
    rm -rf "$dir/bad" "$dir/bad2"
    cp -r "$dir/run" "$dir/bad"
    texts=$dir/bad/cells/own/single_a/1/text.jsonl
    sed "$2" "$texts" >"$dir/edited" && mv "$dir/edited" "$texts"
    says 2 "$3" ./accord rescore "$dir/bad" -o "$dir/bad2"
    test -e "$dir/bad2" && fail "$1 left a run behind"
    test -e "$dir/bad2.making" && fail "$1 left half a run behind"
}
damage 'a broken line' '2s/}$//' 'text.jsonl, line 2'
damage 'a lost answer' '/"k":"action"/d' 'text.jsonl has no answer of it'
damage 'an answer without text' 's/"k":"action","ep":\("[^"]*"\).*/"k":"action","ep":\1}/' \
    'without its text'
rm "$texts"
says 1 'cannot open' ./accord rescore "$dir/bad"

# A cell that was never finished is left out, and said.
rm -rf "$dir/bad"
cp -r "$dir/run" "$dir/bad"
journal=$dir/bad/cells/own/single_a/1/journal.jsonl
sed '$d' "$journal" >"$dir/edited" && mv "$dir/edited" "$journal"
rm "$dir/bad/cells/own/single_a/1/summary.json"
says 5 'left out: own/single_a/1 was never finished' ./accord rescore "$dir/bad" -o "$dir/part"
says 0 'incomplete: 1 of 6 cells' ./accord table "$dir/part"

# Other questions are another run's: first a file that models answered from, then theirs.
echo >>"$ACCORD_DATA/recorded/answers.jsonl"
says 0 ' moved' ./accord rescore "$dir/run"
echo >>"$ACCORD_DATA/recorded/questions.jsonl"
says 2 'questions.jsonl has changed since the run began' ./accord rescore "$dir/run"

diff -r "$dir/run" "$dir/kept" || fail 'the run itself was changed'
exit $bad
