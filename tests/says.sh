# says.sh - what scripts that try the command share; sourced.  Needs the folder $dir, and
# leaves bad=1 where something fails.
bad=0

fail() {
    echo "FAIL: $*"
    bad=1
}
# says STATUS TEXT COMMAND...: exits with STATUS, and TEXT is in what it prints.
says() {
    status=$1
    text=$2
    shift 2
    "$@" >"$dir/out" 2>&1
    got=$?
    test $got = "$status" || {
        fail "$*: exit $got, not $status"
        cat "$dir/out"
    }
    grep -qF -- "$text" "$dir/out" || {
        fail "$*: does not say: $text"
        cat "$dir/out"
    }
}
