#!/bin/sh
# The program that makes the pocket models: it resumes, and says what is wrong.
pocket=$PWD/plugins/models/pocket/train/pocket
OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
export OPENBLAS_NUM_THREADS OMP_NUM_THREADS
dir=$(mktemp -d) && cd "$dir" || exit 99
trap 'rm -rf "$dir"' EXIT
fail() {
    echo "$*"
    exit 1
}
# refused WORDS ARGUMENTS: ends with 1 and these words.
refused() {
    words=$1
    shift
    "$pocket" "$@" >out 2>&1 && fail "pocket $*: not refused"
    grep -q "$words" out || fail "pocket $*: no \"$words\" in: $(cat out)"
}

mkdir a b
"$pocket" train s base a 4 >log || fail 'train a'
grep -q '^s base step 4 tokens [0-9]* loss [0-9.]* cpu' log || fail "log: $(cat log)"
"$pocket" train s base b 2 >log && "$pocket" train s base b 4 >log || fail 'train b'
for run in a b; do
    "$pocket" export s base $run $run.pocket || fail "export $run"
done
cmp a.pocket b.pocket || fail 'a training that was interrupted gives other weights'

"$pocket" sample s a.pocket a 3 || fail sample
test "$(wc -l <a/s-samples.jsonl)" -gt 0 || fail 'no samples'
"$pocket" corpus s base a 1 >out || fail corpus
grep -q '^\[user\] Task: answer' out || fail "corpus: $(cat out)"

refused 'no model "x"' train x base a
refused 'no phase "skills"' train s skills a
refused 'm-samples.jsonl' train m skills a
refused 'takes' train s base
refused 'usage' nonsense
refused 'cannot' export s base a nowhere/s.pocket
refused 's.pocket' score . 5
dd if=a/s-base.checkpoint of=short bs=1000 count=9 2>/dev/null
mv short a/s-base.checkpoint
refused 's-base.checkpoint' train s base a
exit 0
