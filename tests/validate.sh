#!/bin/sh
# accord validate and accord version as a user meets them: what stands on which stream,
# and the exit status.
dir=$(mktemp -d) || exit 99
trap 'rm -r "$dir"' EXIT
bad=0
cat >"$dir/good.json" <<'END'
{"suite": "good", "methods": {"n": {"plugin": "null"}}, "seeds": [1],
 "tasks": {"t": {"plugin": "null", "eval": {"episodes": 3}}}}
END

# check STATUS STDOUT STDERR ARGUMENTS...
check() {
    status=$1 out=$2 err=$3
    shift 3
    (cd "$dir" && "$accord" "$@" >out 2>err)
    got=$?
    if test $got != "$status" || test "$(cat "$dir/out")" != "$out" ||
        test "$(cat "$dir/err")" != "$err"; then
        echo "accord $*: status $got"
        cat "$dir/out" "$dir/err"
        bad=1
    fi
}
accord=$PWD/accord

fine='good.json: suite good is fine: 1 method, 1 task'
usage='usage: accord validate SUITE [--set PATH=VALUE ...] [--plugin-path DIRS] [--json]'
check 0 "$fine, 0 models, 1 cell" '' validate good.json
check 0 '{"suite":"good","valid":true,"cells":1,"skipped":0}' '' \
    validate good.json --json --set 'seeds=[4,5]'
check 2 '' 'accord: good.json: /tasks/t/evl: unknown key (did you mean "eval"?)' \
    validate good.json --set tasks/t/evl/episodes=4
check 2 '' 'accord: good.json: /tasks/t: the task has no last item: say how many with "eval": {"episodes": n}' \
    validate good.json --set 'tasks/t/eval={}'
check 2 '' "$usage" validate
check 2 '' "$usage" validate good.json other.json
check 2 '' 'usage: accord version [--json]' version now

# Duplicate names are found by the line they stand on.
printf '{"suite": "x",\n"seeds": [1],\n"seeds": [2]}' >"$dir/twice.json"
check 2 '' "accord: twice.json:3:7: duplicate object key near '\"seeds\"'" \
    validate twice.json

check 2 '' 'accord: . is a folder' validate .

# A model that nobody asks is worth a word and no more.
cat >"$dir/rows.jsonl" <<'END'
{"question_id": "q-#0", "model": "a", "sample_index": 0, "response": "it is 4"}
END
check 0 "$fine, 1 model, 1 cell" 'warn: suite: good.json: /models/m: no method uses it' \
    validate good.json \
    --set 'models={"m":{"plugin":"replay","params":{"file":"./rows.jsonl"}}}'

./accord version --json | tr -d '\n' |
    grep -q '"accord": {.*"commit": ".*"compiler": ".*"flags": ".*"libraries": {' || {
    echo 'accord version --json lacks something'
    bad=1
}
exit $bad
