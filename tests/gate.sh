#!/bin/sh
# accord gate as a job in CI meets it: exit codes, the files it writes, GitHub's variables.
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
root=$(cd "$srcdir" && pwd)
. "$srcdir/tests/says.sh"
unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY

# A run of our own recorded rows, and one with many questions: sums that a student gets
# right more often, or less.
ACCORD_DATA=$root/tests/data
export ACCORD_DATA
./accord run "$root/tests/data/recorded/suite.json" -o "$dir/own" --progress none >/dev/null ||
    exit 1
says 2 "there is no baseline $dir/none.jsonl: accord gate RUN --write" \
    ./accord gate "$dir/own" --baseline "$dir/none.jsonl"
says 2 'one of --baseline and --write' ./accord gate "$dir/own"
says 2 'usage: accord gate' ./accord gate
says 2 'usage: accord gate' ./accord gate "$dir/own" --margin much --write "$dir/b"
says 2 'the margin must be above 0' ./accord gate "$dir/own" --margin 0 --write "$dir/b"
says 2 'at most 100: it is in percent' \
    ./accord gate "$dir/own" --margin 200 --baseline "$dir/none.jsonl"
says 2 'go with --baseline' ./accord gate "$dir/own" --write "$dir/b" --junit "$dir/junit.xml"
# One of its models has no answer to one question: a quarter broke off.
says 5 'was not written' ./accord gate "$dir/own" --write "$dir/b.jsonl"
says 0 '6 rows, 24 scores' ./accord gate "$dir/own" --write "$dir/b.jsonl" --coverage 0.7
says 5 'not comparable: single_c on own: 25.0% of the episodes broke off' \
    ./accord gate "$dir/own" --baseline "$dir/b.jsonl"
says 0 'gate: pass (6 pass)' ./accord gate "$dir/own" --baseline "$dir/b.jsonl" --coverage 0.7
cp "$dir/b.jsonl" "$dir/again.jsonl"
./accord gate "$dir/own" --write "$dir/again.jsonl" --coverage 0.7 >/dev/null
cmp "$dir/b.jsonl" "$dir/again.jsonl" || bad=1
: >"$dir/empty.jsonl"
says 2 'has no scores' ./accord gate "$dir/own" --baseline "$dir/empty.jsonl"
sed 's/"answer_kind":"number"/"answer_kind":"text"/' "$dir/b.jsonl" >"$dir/other.jsonl"
says 5 'parameter answer_kind' ./accord gate "$dir/own" --baseline "$dir/other.jsonl"

# Baselines of the same run that say it once was better (every answer right), and a little
# better (one more answer right): a regression takes more than four questions.
sed '/"method":"single_a"/s/"score":[01]/"score":1/' "$dir/b.jsonl" >"$dir/better.jsonl"
says 0 'inconclusive: single_a on own' \
    ./accord gate "$dir/own" --baseline "$dir/better.jsonl" --coverage 0.7
says 4 'items would decide (there are 4)' \
    ./accord gate "$dir/own" --baseline "$dir/better.jsonl" --coverage 0.7 --strict

# A made-up run of 60 questions, all wrong now and all right in its baseline.
run=$dir/many
mkdir -p "$run/cells/q/vote/1" "$run/cells/q/odd<&\"/1"
cat >"$run/manifest.json" <<'EOF'
{"schema":"accord.manifest/1","suite":{"suite":"s"},
 "tasks":{"q":{"plugin":"math","score":"accuracy","higher_is_better":true,"min":0,"max":1}},
 "cells":[{"task":"q","method":"vote","seed":1,"modes":["default"],"unit":"item"},
          {"task":"q","method":"odd<&\"","seed":1,"modes":["default"],"unit":"item"}]}
EOF
# summary SCORE FILE
summary() {
    awk -v score="$1" 'BEGIN {
        printf "{\"schema\":\"accord.summary/1\",\"modes\":[{\"mode\":\"default\",\"n\":60,"
        printf "\"answered\":60,\"calls\":60,\"tokens\":[600,60],\"cost\":null,\"items\":{\"id\":["
        for (i = 0; i < 60; i++) printf "%s\"q%d\"", i ? "," : "", i
        printf "],\"score\":["
        for (i = 0; i < 60; i++) printf "%s%d", i ? "," : "", score
        print "]}}]}"
    }' >"$2"
}
summary 1 "$run/cells/q/vote/1/summary.json"
summary 1 "$run/cells/q/odd<&\"/1/summary.json"
says 0 '2 rows, 120 scores' ./accord gate "$run" --write "$dir/many.jsonl"
summary 0 "$run/cells/q/vote/1/summary.json"
says 3 'regress: vote on q: 0.0%, was 100.0%: -100.0 points' \
    ./accord gate "$run" --baseline "$dir/many.jsonl"
says 3 '"verdict":"regress"' ./accord gate "$run" --baseline "$dir/many.jsonl" --json

# What CI reads.
echo 'what another step wrote' >"$dir/step.md"
GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=$dir/step.md ./accord gate "$run" \
    --baseline "$dir/many.jsonl" --junit "$dir/junit.xml" --bmf "$dir/bmf.json" \
    --benchmark "$dir/bigger.json" >"$dir/out"
for line in '^::error title=accord gate%3A vote on q::regress: 0.0%25, was' '^gate: regress'; do
    grep -q "$line" "$dir/out" || {
        echo "no line $line in:"
        cat "$dir/out"
        bad=1
    }
done
grep -q 'what another step' "$dir/step.md" && grep -q '^| regress *| q *| vote' "$dir/step.md" || {
    echo 'the step summary:'
    cat "$dir/step.md"
    bad=1
}
GITHUB_ACTIONS=true says 0 '::warning title=accord gate%3A single_a on own::inconclusive' \
    ./accord gate "$dir/own" --baseline "$dir/better.jsonl" --coverage 0.7 \
    --junit "$dir/unsure.xml"
GITHUB_ACTIONS=true says 5 '::error title=accord gate%3A single_c on own::not comparable: 25.0%25 of' \
    ./accord gate "$dir/own" --baseline "$dir/b.jsonl" --junit "$dir/unfit.xml"
grep -q 'value="0"\|"score":{"value":0' "$dir/bmf.json" || {
    echo 'no score in BMF:'
    cat "$dir/bmf.json"
    bad=1
}
grep -qF '"name":"q@vote","unit":"accuracy, %","value":0,' "$dir/bigger.json" || {
    cat "$dir/bigger.json"
    bad=1
}
if command -v xmllint >/dev/null; then
    for file in junit unsure unfit; do
        xmllint --noout --schema "$root/tests/data/junit.xsd" "$dir/$file.xml" 2>"$dir/out" || {
            cat "$dir/out" "$dir/$file.xml"
            bad=1
        }
    done
    # The schema can refuse.
    sed 's/<testcase classname/<testcase class/' "$dir/junit.xml" >"$dir/wrong.xml"
    if xmllint --noout --schema "$root/tests/data/junit.xsd" "$dir/wrong.xml" 2>/dev/null; then
        echo 'tests/data/junit.xsd accepts a case without classname'
        bad=1
    fi
else
    echo 'skipped: JUnit against its schema: no xmllint'
fi
exit $bad
