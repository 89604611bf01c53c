#!/bin/sh
# Methods that learn control through the whole harness: training with evaluations on the
# way, the same bytes after kills, what a learner keeps and when it is gone, bad input.
# 77 = Accord was built without MuJoCo.
: "${srcdir:=.}"
test -f plugins/tasks/visual.so || { echo 'skipped: built without MuJoCo'; exit 77; }
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
# Clips and overlays are generated here, whatever the user has.
ACCORD_DATA=$dir
XDG_DATA_HOME=$dir
export ACCORD_DATA XDG_DATA_HOME
. "$srcdir/tests/says.sh"
suite=$srcdir/tests/data/control.json

run() { ./accord run --progress none "$@" >"$dir/table" 2>"$dir/log"; }
# What a journal says of training and episodes, without what a clock measured; of lines
# that were written again after a kill the last counts.
lines() { # lines RUN
    for file in "$1"/cells/*/*/*/journal.jsonl; do
        echo "$file" | sed "s|^$1||"
        grep -v '"k":"mark"' "$file" | sed 's/"us":[0-9]*//' |
            awk '{key = $0; sub(/"(value|outcome)".*/, "", key); if (!(key in last)) order[n++] = key
                  last[key] = $0} END {for (i = 0; i < n; i++) print last[order[i]]}' | sort
    done
}
count() { # count WANT NAME PATTERN FILE...
    want=$1 name=$2 pattern=$3
    shift 3
    got=$(cat "$@" | grep -c -- "$pattern")
    test "$got" = "$want" || fail "$name: $got, not $want"
}

# ---- training ----------------------------------------------------------------------------
ACCORD_LOG=info run "$suite" -o "$dir/plain" -j 2 || { cat "$dir/log"; exit 1; }
for method in drq cg2a; do
    cell=$dir/plain/cells/balance/$method/1
    count 2 "$method: episodes of training" '"ep":"train/.*"steps":125,"end":"truncated"' \
        "$cell/journal.jsonl"
    for step in 125 250; do
        count 2 "$method: evaluations at $step" "\"k\":\"eval\",\"step\":$step," \
            "$cell/journal.jsonl"
    done
    # The metrics of an episode's middle are of its middle.
    count 1 "$method: the metrics of step 200" '"step":200,"name":"critic_loss"' \
        "$cell/journal.jsonl"
    count 1 "$method: nothing was skipped" '"step":200,"name":"skipped","value":0}' \
        "$cell/journal.jsonl"
    count 1 "$method: a buffer is announced" \
        "$method: replay buffer: 374 transitions of 48 x 48 pixels, .*mapped from a file" \
        "$dir/log"
    test -e "$cell/state/kept" && fail "$method: the buffer of a sealed cell is still there"
done
for name in norm_ratio cosine.0_1 cosine.1_2 conflict weight.2 mask length; do
    count 1 "cg2a: $name" "\"step\":200,\"name\":\"$name\"" \
        "$dir/plain/cells/balance/cg2a/1/journal.jsonl"
    count 0 "drq: $name" "\"name\":\"$name\"" "$dir/plain/cells/balance/drq/1/journal.jsonl"
done
lines "$dir/plain" >"$dir/plain.lines"

# ---- kill -9, at moments that the journal names -------------------------------------------
kill_at() { # kill_at PATTERN ARGUMENT...: kills the run when a journal has the pattern
    pattern=$1
    shift
    setsid ./accord run --progress none "$@" >/dev/null 2>"$dir/log" &
    pid=$!
    while kill -s 0 $pid 2>/dev/null &&
        ! grep -q -- "$pattern" "$dir/killed/cells/balance/cg2a/1/journal.jsonl" 2>/dev/null
    do sleep 0.1; done
    kill -s KILL -- "-$pid" 2>/dev/null || fail "it ended before $pattern"
    wait $pid 2>/dev/null
}
kill_at '"step":100,"name":"skipped"' "$suite" -o "$dir/killed" -j 2
test -f "$dir/killed/cells/balance/cg2a/1/state/kept/replay" || fail 'no buffer of a killed run'
kill_at '"ep":"eval/125/train' --resume "$dir/killed"
kill_at '"step":200,"name":"skipped"' --resume "$dir/killed"
run --resume "$dir/killed" || { fail 'a killed run does not go on'; cat "$dir/log"; }
cmp "$dir/plain/results.json" "$dir/killed/results.json" || fail 'killed and resumed, other results'
lines "$dir/killed" >"$dir/killed.lines"
cmp "$dir/plain.lines" "$dir/killed.lines" || {
    fail 'killed and resumed, another journal'
    diff "$dir/plain.lines" "$dir/killed.lines" | head -5
}

# ---- a buffer that is gone ---------------------------------------------------------------
rm -rf "$dir/killed"
kill_at '"step":150,"name":"skipped"' "$suite" -o "$dir/killed" -j 2
rm "$dir/killed/cells/balance/cg2a/1/state/kept/replay"
says 5 'the checkpoint needs 125 transitions, and the replay buffer' \
    ./accord run --progress none --resume "$dir/killed"

# ---- bad input ---------------------------------------------------------------------------
refused() { # refused TEXT ARGUMENT...: nothing is run
    text=$1
    shift
    says 2 "$text" ./accord run --dry-run "$suite" -o "$dir/bad" "$@"
}
mkdir "$dir/empty"
refused 'set the task'\''s parameter "size" to 48' --set tasks/balance/params/size=84
refused 'set the task'\''s parameter "size" to 84' --set methods/drq/params/size=paper
refused "$dir/none" --set "methods/cg2a/params/overlay=$dir/none"
refused 'nonsense' --set methods/cg2a/params/augmentations=conv,nonsense
refused 'fits no task' --set tasks/balance/params/observation=state \
    --set tasks/balance/params/size=84 --set 'tasks/balance/modes=["train"]'

# What takes more than a look is said when the cell begins.
says 5 "$dir/empty: no PNG or JPEG file in it" ./accord run --progress none "$suite" -j 2 \
    -o "$dir/nothing" --method cg2a --set "methods/cg2a/params/overlay=$dir/empty"
says 5 'no memory for an update: a batch of 1000000000 and 3 views' ./accord run --progress none \
    "$suite" -o "$dir/much" --method cg2a --set methods/cg2a/params/batch=1000000000

# ---- what is odd, but no error -------------------------------------------------------------
says 0 'nothing is learned: of 1000 init_steps' ./accord run --progress none "$suite" \
    -o "$dir/idle" --method drq --set methods/drq/params/init_steps=1000

# ---- suites ------------------------------------------------------------------------------
for name in quick night night-cup paper; do
    says 0 '' ./accord validate "$srcdir/benchmarks/cg2a-$name.json"
done
exit $bad
