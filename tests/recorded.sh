#!/bin/sh
# Recorded answers through the whole harness: rows of our own with every turn that a reply
# can take, then, where ACCORD_DATA has them, twelve real models on all of GSM8K.
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
root=$(cd "$srcdir" && pwd)
data=$ACCORD_DATA
bad=0

# count METHOD LINES PATTERN: so many lines of the method's journal have the pattern.
count() {
    found=$(grep -c "$3" "$dir/own/cells/own/$1/1/journal.jsonl")
    if test "$found" != "$2"; then
        echo "$1: $found lines with $3, not $2"
        bad=1
    fi
}

# Model c answers the last question of four nowhere: that call fails.  The third question
# is a tie of three answers, of which model a's, the first, is wrong.
ACCORD_DATA=$root/tests/data
export ACCORD_DATA
if ! ./accord run "$root/tests/data/recorded/suite.json" -o "$dir/own" --progress none; then
    echo 'accord run of our own rows failed'
    exit 1
fi
count single_a 1 '"outcome":"correct"'
count single_a 2 '"outcome":"wrong"'
count single_a 1 '"outcome":"unparsed"'
count single_c 1 '"outcome":"api_error"'
count vote_abc 3 '"outcome":"correct"'
count vote_abc 12 '"kind":"sample"'
count vote_abc 1 '"name":"tie","value":1'
count vote_samples 8 '"kind":"sample"'
count vote_samples 4 '"sample":1,'
count debate_abc 24 '"role":"agent"'
count debate_abc 4 '"kind":"round","index":1'
count debate_abc 3 '"outcome":"correct"'
count debate_judged 4 '"role":"judge"'
count debate_judged 1 '"outcome":"correct"'
# The vote of three takes 157 tokens a question, as much as debate's answers before the first round.
./accord table "$dir/own" --equal-tokens vote_abc >"$dir/equal"
for line in 'own   vote_abc       played     75.0%       157 ' \
    'own   debate_abc     round@0    75.0%       157 ' \
    'own   debate_abc     round@1    75.0%       368 ' \
    'own   vote_samples   maj@2      75.0%       113 '; do
    grep -q "^$line" "$dir/equal" || {
        echo "accord table --equal-tokens lacks: $line"
        bad=1
    }
done
text=$dir/own/cells/own/single_c/1/text.jsonl
if ! grep -q 'no recorded answer of c to item q3, sample 0; the nearest is item q' "$text"; then
    echo 'the miss does not name the nearest key'
    bad=1
fi

if test ! -f "$data/recorded/gsm8k_12_models.jsonl.gz"; then
    echo 'skipped: recorded GSM8K: ACCORD_DATA does not have it'
    exit $bad
fi
ACCORD_DATA=$data
if ! ./accord run "$root/benchmarks/recorded-gsm8k.json" -o "$dir/gsm8k" --progress none; then
    echo 'accord run of benchmarks/recorded-gsm8k.json failed'
    exit 1
fi
tests/recorded_check "$dir/gsm8k" "$data" || bad=1

# The rows that README.md shows are what the command prints, but for the times.
./accord table "$dir/gsm8k" | sed 's/ [^ ]*$//; s/ *$//' >"$dir/table"
grep '^gsm8k  *[a-z]' "$root/README.md" | sed 's/ [^ ]*$//; s/ *$//' >"$dir/shown"
if test "$(wc -l <"$dir/shown")" -lt 5 || grep -vxFf "$dir/table" "$dir/shown"; then
    echo 'README.md shows another table than accord prints'
    bad=1
fi
exit $bad
