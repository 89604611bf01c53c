#!/bin/sh
# The commands ls, info and plugin new: what they print, what they refuse, how they exit.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
bad=0
accord=$(pwd)/accord
fixtures=$(pwd)/tests
XDG_DATA_HOME=$work/data
export XDG_DATA_HOME
unset ACCORD_PLUGIN_PATH

# expect STATUS TEXT COMMAND...: exits with STATUS and prints TEXT, on stdout when the status
# is 0 and on stderr, with nothing on stdout, when not.
expect() {
    status=$1
    text=$2
    shift 2
    "$@" >"$work/out" 2>"$work/err"
    got=$?
    if test $got != "$status"; then
        echo "$*: exit $got, not $status"
        bad=1
    fi
    if test "$status" = 0; then
        said=$work/out
    else
        said=$work/err
        test -s "$work/out" && { echo "$*: failed, but wrote to stdout"; bad=1; }
    fi
    grep -qF -- "$text" "$said" || {
        echo "$*: does not say: $text"
        cat "$work/out" "$work/err"
        bad=1
    }
}

mkdir -p "$work/here/methods" "$work/here/benchmarks" "$work/here/results/one" \
    "$work/here/results/no_run"
ln -s "$fixtures/fix_good.so" "$fixtures/fix_major.so" "$work/here/methods"
cd "$work/here" || exit 99
echo '{"suite": "tiny", "summary": "a tiny suite"}' >benchmarks/tiny.json
echo '{"gsm8k": {"url": "none"}}' >benchmarks/table.json
echo '{"suite": }' >benchmarks/torn.json
echo '{"suite": {"suite": "tiny"}, "created": "2026-01-02T03:04:05Z"}' \
    >results/one/manifest.json

expect 0 'usage: accord COMMAND' "$accord" --help
expect 2 'usage: accord COMMAND' "$accord"
expect 2 'unknown command "lss" (did you mean "ls"?)' "$accord" lss

expect 0 'usage: accord run (SUITE' "$accord" run -h
expect 2 'accord run: unrecognized option' "$accord" run --bogus
expect 2 'accord: -j 0: expected a whole number in 1 .. 1024' "$accord" run tiny.json -j 0
expect 2 'accord: -j x: expected' "$accord" run tiny.json -j x
expect 2 'accord: run: expected a suite' "$accord" run
expect 2 'accord: run: one suite at a time, and b is one more' "$accord" run a b
expect 2 'name no other' "$accord" run a --resume results/one
expect 2 '--limit cannot change it' "$accord" run --resume results/one --limit 3
expect 2 'neither -o nor --dry-run' "$accord" run --resume results/one -o two
expect 2 '/schema: missing, where accord.manifest/1 should stand' "$accord" table results/one
expect 0 '[--parts | --metrics[=NAME,...] | --equal-tokens METHOD]' "$accord" table --help
expect 2 'give one of --parts and --equal-tokens' "$accord" table results/one --parts --equal-tokens x
expect 2 'give one of --metrics and --parts' "$accord" table results/one --metrics --parts
expect 2 'give one of --metrics and --equal-tokens' "$accord" table results/one --metrics=x --equal-tokens x
expect 2 "option '--equal-tokens' requires an argument" "$accord" table results/one --equal-tokens

expect 0 '--frames DIR' "$accord" show --help
expect 2 'accord: show: --frames needs an --item' "$accord" show results/one --frames pictures
expect 2 'accord: show: --scale goes with --frames DIR' "$accord" show results/one --scale 2
expect 2 'accord: --fps 0: expected a whole number in 1 .. 50' "$accord" show results/one --fps 0
expect 2 'accord show: unrecognized option' "$accord" show results/one --bogus
expect 2 '/schema: missing' "$accord" show results/one --item x --frames pictures
test -e pictures && { echo 'a folder was made for nothing'; bad=1; }

expect 0 'math' "$accord" ls
expect 0 'fix_good            answers with its options' "$accord" ls methods --plugin-path .
grep -q 'fix_major.so: built for ABI 99' "$work/err" || { echo 'ls hid a refusal'; bad=1; }
expect 0 '"id":"fix_good"' "$accord" ls --json --plugin-path .
expect 0 'benchmarks/tiny.json ' "$accord" ls suites
grep -q '^benchmarks/tiny.json  *a tiny suite$' "$work/out" || { echo 'ls lost a summary'; bad=1; }
grep -q 'torn.json:1:' "$work/err" || { echo 'ls hid a torn suite'; bad=1; }
grep -q 'table.json' "$work/out" && { echo 'ls took a table for a suite'; bad=1; }
expect 0 'results/one  tiny  2026-01-02T03:04:05Z' "$accord" ls runs
grep -q 'no_run' "$work/out" && { echo 'ls took a folder for a run'; bad=1; }
expect 2 'nothing to list is called "method" (did you mean "methods"?)' "$accord" ls method
expect 2 'usage: accord ls' "$accord" ls tasks models
expect 2 'usage: accord ls' "$accord" ls --colour

expect 0 'count   int     5         1 .. 9  how many' "$accord" info fix_good --plugin-path .
for line in 'role        method' 'version     1.2' 'needs       accord.models/1' \
    'offers      accord.method/1' '  solver  1 .. 3  who answers  top_p, clusters allowed' \
    '  word    string  "yes"             what to say: yes | no'; do
    grep -qxF -- "$line" "$work/out" || { echo "info lacks: $line"; bad=1; }
done
expect 0 '"name":"count","type":"int","required":false,"default":5,"min":1,"max":9' \
    "$accord" info --json --plugin-path . fix_good
expect 0 'role        task' "$accord" info null
expect 0 'id          fix_good' "$accord" info ./methods/fix_good.so
expect 2 'built for ABI 99' "$accord" info --plugin-path . fix_major
expect 2 'cannot use ./none.so: No such file' "$accord" info ./none.so
expect 2 'no task "mth" (did you mean "math"?)' "$accord" info mth
# Long help goes on below itself, and no word of it is lost.
expect 0 '  holdout ' "$accord" info math
awk 'length > 120 {exit 1}' "$work/out" || { echo 'info has lines that nobody reads'; bad=1; }
grep -A 1 '^  holdout ' "$work/out" | tr -s ' \n' ' ' | grep -q 'whose SHA-256 is 0 mod 5 $' || {
    echo 'info lost a part of the help of holdout'
    bad=1
}
expect 2 'no plugin "zzzzzzzz"' "$accord" info zzzzzzzz
expect 2 'usage: accord info' "$accord" info
expect 0 'usage: accord info PLUGIN' "$accord" info --help

expect 0 'my_vote/my_vote.c' "$accord" plugin new method my_vote
expect 2 'my_vote/my_vote.c exists; nothing was written' "$accord" plugin new method my_vote
expect 0 'other/Makefile' "$accord" plugin new method my_vote -o other
expect 2 'cannot begin a "task", only a "method"' "$accord" plugin new task x
expect 2 '"My-Vote" is no name' "$accord" plugin new method My-Vote
expect 2 'usage: accord plugin new method NAME' "$accord" plugin new method
expect 2 'usage: accord plugin new method NAME' "$accord" plugin old method x
touch file
expect 2 'file' "$accord" plugin new method x -o file

# Nothing is kept back when the disk is full.
if test -w /dev/full; then
    "$accord" ls >/dev/full 2>"$work/err"
    test $? = 1 || { echo 'ls to a full disk does not exit 1'; bad=1; }
fi

# A closed or full stdout is an error in one sentence, and no file takes its place.
"$accord" ls >&- 2>"$work/err" && { echo 'ls into a closed stdout succeeded'; bad=1; }
if test -w /dev/full; then
    "$accord" version >/dev/full 2>"$work/err"
    test $? = 1 || { echo 'version into a full stdout: not exit 1'; bad=1; }
    test "$(cat "$work/err")" = 'accord: cannot write to stdout' || {
        echo 'a full stdout is not said once'
        bad=1
    }
fi
exit $bad
