#!/bin/sh
# The project's own regression tracking: today's scores of the tracked suite pass the gate of
# results/baselines, and a method made worse on purpose does not.
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
root=$(cd "$srcdir" && pwd)
baseline=$root/results/baselines/tracked.jsonl

# gate STATUS TEXT SETTING...: the gate of such a run exits with STATUS and says TEXT.
gate() {
    status=$1
    text=$2
    shift 2
    rm -rf "$dir/run"
    ./accord run "$root/benchmarks/tracked.json" -o "$dir/run" --progress none "$@" \
        >"$dir/out" 2>&1 || {
        cat "$dir/out"
        exit 1
    }
    ./accord gate "$dir/run" --baseline "$baseline" >"$dir/out" 2>&1
    got=$?
    if test $got != "$status" || ! grep -qF -- "$text" "$dir/out"; then
        echo "tracked suite $*: exit $got, not $status, or it does not say: $text"
        cat "$dir/out"
        exit 1
    fi
}

gate 0 'gate: pass (6 pass)'
gate 3 'regress: single on maths' --method single --set methods/single/params/temperature=1.8
