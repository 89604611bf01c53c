#!/bin/sh
# `accord data` as a user meets it: sentences, exit codes, nothing half-written.  The
# downloads themselves are in check_fetch.c.
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
bad=0
mkdir -p "$dir/env/own"
echo '{"a": 1}' >"$dir/env/own/a.jsonl"
sum=$(sha256sum "$dir/env/own/a.jsonl" | cut -c1-64)
ACCORD_DATA=$dir/env
XDG_DATA_HOME=$dir/user
no_proxy=127.0.0.1
export ACCORD_DATA XDG_DATA_HOME no_proxy

# table NAME SHA256 BYTES: a table with one set, whose server does not exist.
table() {
    printf '{"sets": {"own": {"licence": "MIT", "files": [{"name": "%s", "sha256": "%s",
        "url": "http://127.0.0.1:1/a.jsonl", "bytes": %s}]}}}' "$1" "$2" "$3" \
        >"$dir/table.json"
}

# expect STATUS PATTERN ARGUMENT...: runs accord data; PATTERN stands in what it prints.
expect() {
    wanted=$1
    pattern=$2
    shift 2
    ./accord data "$@" >"$dir/out" 2>&1
    status=$?
    if test $status != "$wanted" || ! grep -qe "$pattern" "$dir/out"; then
        echo "accord data $*: status $status (expected $wanted), no \"$pattern\" in:"
        cat "$dir/out"
        bad=1
    fi
}

expect 0 'gsm8k/test.jsonl' ls
expect 0 '"file":"gsm_hard/gsmhardv2.jsonl","bytes":1138151' ls --json
expect 2 'usage: accord data'
expect 2 'usage: accord data' get
expect 2 'no data set "gsm8" (did you mean "gsm8k"?)' get gsm8
expect 2 'unable to open .*none.json: No such file' ls --table "$dir/none.json"

table own/a.jsonl "$sum" 9
expect 0 "verified .*own/a.jsonl .*$dir/env/own/a.jsonl" ls --table "$dir/table.json"
expect 0 "$dir/env/own/a.jsonl (MIT)" get own --table "$dir/table.json"
table own/a.jsonl "$(echo | sha256sum | cut -c1-64)" 9
expect 0 differs ls --table "$dir/table.json"
expect 5 'cannot download http://127.0.0.1:1/a.jsonl' get own --table "$dir/table.json"
expect 2 'no data set "none"' get own none --table "$dir/table.json"
test -z "$(find "$dir/user" -type f 2>/dev/null)" || {
    echo 'a failed download left a file'
    bad=1
}

table ../a.jsonl "$sum" 9
expect 2 '/sets/own/files/0: "name" must be a path below the data folder' get own --table "$dir/table.json"
table own/../../a.jsonl "$sum" 9
expect 2 'must be a path below' get own --table "$dir/table.json"
table own/a.jsonl "$(echo "$sum" | tr a-f A-F)x" 9
expect 2 '"sha256" must be 64' get own --table "$dir/table.json"
table own/a.jsonl "$sum" '"many"'
expect 2 'bytes: expected a whole number, found a text' ls --table "$dir/table.json"
exit $bad
