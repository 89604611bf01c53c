#!/bin/sh
# Runs of whole suites on fixture plugins: kills, crashes, hangs, signals, budgets, full
# disks.  Every check is an equality of bytes, a count of lines or an exit status.
: "${srcdir:=.}"
here=$(pwd)
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
ACCORD_PLUGIN_PATH=$here/tests/plugins
export ACCORD_PLUGIN_PATH
bad=0

ok() { echo "ok: $*"; }
fail() {
    echo "FAIL: $*"
    bad=1
}
# accord run, quietly; the log of the last one stays in $work/log.
run() { "$here/accord" run --progress none "$@" >"$work/table" 2>"$work/log"; }
# expect STATUS NAME ARGUMENT...: a run ends with this status.
expect() {
    want=$1 name=$2
    shift 2
    run "$@"
    got=$?
    if test $got = "$want"; then ok "$name"; else
        fail "$name: exit $got, not $want"
        cat "$work/log"
    fi
}
same() { # same NAME FILE FILE
    if cmp "$2" "$3"; then ok "$1"; else
        fail "$1"
        diff "$2" "$3" | head -5
    fi
}
courses() { # courses DIR: the recorded actions of all episodes; those played again count once
    cat "$1"/cells/*/*/*/text.jsonl | grep '"k":"actions"' | sort -u
}
outcomes() { # outcomes DIR OUTCOME: how many episodes of all cells ended so
    cat "$1"/cells/*/*/*/journal.jsonl | grep -c "\"outcome\":\"$2\""
}
count() { # count NAME WANT GOT
    if test "$2" = "$3"; then ok "$1"; else fail "$1: $3, not $2"; fi
}
says() { # says NAME TEXT: the log has the text
    if grep -qF -- "$2" "$work/log"; then ok "$1"; else
        fail "$1: no word of \"$2\" in:"
        cat "$work/log"
    fi
}

suite=$srcdir/tests/data/run-kill.json
trouble=$srcdir/tests/data/run-trouble.json

# ---- the same bytes, however it is run ---------------------------------------------------
expect 0 'a suite runs' "$suite" -o "$work/plain" -j 2
plain=$work/plain/results.json
courses "$work/plain" >"$work/courses"
count 'each of 4 episodes of a walk is recorded, for two seeds' 8 "$(wc -l <"$work/courses")"
expect 0 'one worker' "$suite" -o "$work/j1" -j 1
same 'one worker or two: the same results' "$plain" "$work/j1/results.json"
seeds=$(ls -tr "$work"/j1/cells/*/*/*/summary.json | sed 's|/summary.json$||; s|.*/||')
count 'cells are played seed after seed' "$(printf '%s\n' "$seeds" | sort)" "$seeds"
count 'of both seeds' 2 "$(printf '%s\n' "$seeds" | uniq | wc -l)"
expect 0 'many in flight' "$suite" -o "$work/wide" --set in_flight=64
same 'four or 64 in flight: the same results' "$plain" "$work/wide/results.json"
expect 0 'resume of a finished run' --resume "$work/plain"
same 'a finished run stays as it is' "$plain" "$work/j1/results.json"
expect 2 'a second run into the same folder is refused' "$suite" -o "$work/plain"
"$here/accord" run "$suite" -o "$work/closed" --progress none <&- >&- 2>&-
same 'stdin, stdout and stderr closed: the same results' "$plain" "$work/closed/results.json"

# ---- what is no longer as it was ---------------------------------------------------------
cp -r "$work/plain" "$work/other"
sed 's/"sha256": "../"sha256": "zz/; s/"commit": ".*"/"commit": "another"/' \
    "$work/plain/manifest.json" >"$work/other/manifest.json"
expect 0 'a finished run does not ask what has changed' --resume "$work/other"
test -s "$work/log" && fail 'a finished run that warned'
rm "$work/other/cells/sums/student/1/summary.json"
expect 0 'a run goes on with changed plugins' --resume "$work/other"
says 'and says which' 'has changed since the run began: the open cells are played with'
says 'a run of another accord goes on' 'the run was begun by accord of commit another'
same 'to the same results' "$plain" "$work/other/results.json"
printf '{}' >"$work/other/cells/sums/student/1/summary.json"
expect 2 'a summary that says nothing is no summary' --resume "$work/other"
says 'and is named' 'summary.json: /schema: missing, where accord.summary/1 should stand'
for role in probe solver; do
    grep -q "\"role\":\"$role\"" "$work/plain/cells/sums/student/1/journal.jsonl" ||
        fail "no call of role $role"
done

# ---- kill -9 at 20 random moments --------------------------------------------------------
kills=0
round=0
while test $kills -lt 20 && test $round -lt 60 && test $bad = 0; do
    round=$((round + 1))
    dir=$work/killed$round
    arguments="$suite -o $dir -j 2"
    while :; do
        moment=$(awk -v seed="$kills$round" 'BEGIN {srand(seed); printf "%.3f", 0.02 + rand() * 0.5}')
        setsid "$here/accord" run --progress none $arguments >/dev/null 2>"$work/log" &
        pid=$!
        sleep "$moment"
        if test $kills -lt 20 && kill -s KILL -- "-$pid" 2>/dev/null; then
            kills=$((kills + 1))
            wait $pid 2>/dev/null
        else
            wait $pid
            status=$?
            break
        fi
        # Nothing to resume where not even the manifest was written.
        if test -f "$dir/manifest.json"; then arguments="--resume $dir"; else rm -rf "$dir"; fi
    done
    count "run $round ends well after $kills kills" 0 $status
    same "killed and resumed, the same bytes (round $round)" "$plain" "$dir/results.json"
    courses "$dir" >"$work/killed.courses"
    same "and the same actions (round $round)" "$work/courses" "$work/killed.courses"
done
count 'kills' 20 $kills

# ---- plugins that go wrong ---------------------------------------------------------------
expect 0 'the honest run' "$trouble" -o "$work/none"
for how in abort hang fail peek eat; do
    expect 0 "$how on one item" "$trouble" -o "$work/$how" \
        --set methods/trouble/params/how=$how --set limits/memory_mb=512
    case $how in hang) outcome=timeout ;; *) outcome=plugin_crash ;; esac
    count "$how costs one episode" 1 "$(outcomes "$work/$how" $outcome)"
    grep -h '"k":"ep"' "$work/$how"/cells/*/*/*/journal.jsonl | grep "\"outcome\":\"$outcome\"" |
        grep -q '"item":"sum-007"' || fail "$how: another item failed"
    for side in none $how; do
        grep -h '"k":"ep"' "$work/$side"/cells/*/*/*/journal.jsonl | grep -v sum-007 |
            sed 's/"us":[0-9]*//' | sort >"$work/$side.lines"
    done
    same "$how: the other 99 are as if nothing had happened" "$work/none.lines" "$work/$how.lines"
done
grep -qF 'it does not want to' "$work/fail"/cells/*/*/*/journal.jsonl || fail 'the reason is lost'
grep -qF 'only items of the train split are scored' "$work/peek"/cells/*/*/*/journal.jsonl ||
    fail 'peeking is no error'
expect 5 'a plugin that always aborts' "$trouble" -o "$work/always" \
    --set methods/trouble/params/how=always
says 'ten crashes give the cell up' 'ten episodes killed their worker'

# ---- limits of an episode ----------------------------------------------------------------
expect 0 'a model that is too slow' "$trouble" -o "$work/slow" --set limits/episode_seconds=0.05 \
    --set models/m/params/delay_us=200000
count 'every episode is late' 100 "$(outcomes "$work/slow" timeout)"
panel=$srcdir/tests/data/run-panel.json
expect 0 'a panel' "$panel" -o "$work/panel"
cp "$work/table" "$work/panel.table"
expect 0 'a panel with few tokens' "$panel" -o "$work/poor" --set limits/episode_tokens=20
count 'the second round of a debate is refused' 300 \
    "$(cat "$work/poor/cells/sums/debate/1/journal.jsonl" | grep -c '"error":"budget"')"
count 'the other calls are not' 0 \
    "$(cat "$work"/panel/cells/*/*/*/journal.jsonl | grep -c '"error":"')"
for kind in sample round; do
    grep -q "by $kind" "$work/panel.table" || fail "no curve over $kind in the table"
done

# ---- a model behind a server -------------------------------------------------------------
server=$srcdir/tests/data/run-server.json
TEST_KEY=this-is-secret
export TEST_KEY
start_server() { # start_server SCRIPT: sets OPENAI_BASE_URL and $served
    rm -f "$work/served"
    "$here/tests/serve" "$1" >"$work/served" &
    served=$!
    while ! test -s "$work/served"; do sleep 0.02; done
    OPENAI_BASE_URL=$(head -n 1 "$work/served")
    export OPENAI_BASE_URL
}
stop_server() { # sets $requests: how many came
    kill $served
    wait $served
    requests=$(tail -n 1 "$work/served")
}
start_server flaky
expect 0 'a server that fails in six ways first' "$server" -o "$work/flaky" --json
stop_server
count 'six requests are sent again' 106 "$requests"
count 'no call fails in the end' 0 "$(cat "$work/flaky"/cells/*/*/*/journal.jsonl | grep -c '"error":"')"
grep -q '"cost_per_question":2e-05' "$work/table" || fail 'no cost in the table'
if grep -r -l -q "$TEST_KEY" "$work/flaky"; then fail 'the key stands in the run'; fi

start_server honest
setsid "$here/accord" run --progress none "$server" -o "$work/cut" >/dev/null 2>"$work/log" &
pid=$!
while ! test -s "$work/cut/cells/sums/single/1/journal.jsonl"; do sleep 0.01; done
kill -s KILL -- "-$pid"
wait $pid 2>/dev/null
expect 0 'a killed run against a server goes on' --resume "$work/cut"
stop_server
test "$requests" -ge 100 && test "$requests" -le 104 ||
    fail "$requests requests for 100 calls and at most 4 cut ones"
same 'with the results of the other run' "$work/flaky/results.json" "$work/cut/results.json"

start_server stuck
batch=$work/batch/cells/sums/vote/1/journal.jsonl
setsid "$here/accord" run --progress none "$srcdir/tests/data/run-batch.json" -o "$work/batch" \
    >/dev/null 2>"$work/log" &
pid=$!
while test "$(grep -c '"k":"call"' "$batch" 2>/dev/null)" != 4; do sleep 0.01; done
kill -s KILL -- "-$pid"
wait $pid 2>/dev/null
expect 0 'a run killed with four of five answers goes on' --resume "$work/batch"
stop_server
count 'and asks only for the fifth again' 6 "$requests"

expect 0 'nobody listens' "$server" -o "$work/deaf" --set models/m/retries=0
count 'every episode is an api_error' 100 "$(outcomes "$work/deaf" api_error)"

# ---- signals, budgets, disks -------------------------------------------------------------
setsid "$here/accord" run --progress none "$suite" -o "$work/int" -j 2 >/dev/null 2>"$work/log" &
pid=$!
while ! test -s "$work/int/cells/sums/honest/1/journal.jsonl"; do sleep 0.05; done
kill -INT $pid
wait $pid
count 'SIGINT exits 130' 130 $?
says 'it tells how to go on' "accord run --resume $work/int"
expect 0 'resume after SIGINT' --resume "$work/int"
same 'interrupted and resumed, the same bytes' "$plain" "$work/int/results.json"

setsid "$here/accord" run --progress none "$suite" -o "$work/term" -j 2 >/dev/null 2>"$work/log" &
pid=$!
while ! test -s "$work/term/cells/sums/honest/1/journal.jsonl"; do sleep 0.05; done
kill -TERM $pid
wait $pid
count 'SIGTERM exits 143' 143 $?

expect 6 'a budget of tokens ends a run' "$trouble" -o "$work/budget" --set budget/tokens=600 \
    --set in_flight=2
spent=$(cat "$work/budget"/cells/*/*/*/journal.jsonl | grep -c '"k":"call"')
test "$spent" -ge 40 && test "$spent" -le 50 || fail "600 tokens were $spent calls of 15"
expect 6 'a spent budget stays spent' --resume "$work/budget"
count 'and nothing more is called' "$spent" \
    "$(cat "$work/budget"/cells/*/*/*/journal.jsonl | grep -c '"k":"call"')"

LD_PRELOAD=$here/tests/full_disk.so
export LD_PRELOAD
expect 5 'a full disk leaves the run incomplete' "$trouble" -o "$work/full"
unset LD_PRELOAD
says 'and says where and why' 'cells/sums/trouble/1/journal.jsonl: No space left on device'
expect 0 'resume on a larger disk' --resume "$work/full"
same 'nothing was lost' "$work/none/results.json" "$work/full/results.json"

expect 2 'a folder that cannot be written' "$trouble" -o /dev/null/run
says 'is named' '/dev/null'
expect 2 'no such suite' "$work/none.json"
expect 2 'no such run' --resume "$work/nothing"
exit $bad
