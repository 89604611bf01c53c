#!/bin/sh
# accord trend as a job in CI meets it: exit codes, several jobs at once, a full disk, a
# terminal.
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
here=$(pwd)
. "$srcdir/tests/says.sh"
unset GITHUB_SHA

# made_up NAME RIGHT: a run of 100 questions, RIGHT of them right.
made_up() {
    mkdir -p "$dir/$1/cells/q/vote/1"
    cat >"$dir/$1/manifest.json" <<END
{"schema":"accord.manifest/1","suite":{"suite":"s"},"created":"2026-01-01T00:00:00Z",
 "tasks":{"q":{"plugin":"math","score":"accuracy","higher_is_better":true,"min":0,"max":1}},
 "cells":[{"task":"q","method":"vote","seed":1,"modes":["default"],"unit":"item"}]}
END
    awk -v right="$2" 'BEGIN {
        printf "{\"schema\":\"accord.summary/1\",\"modes\":[{\"mode\":\"default\",\"n\":100,"
        printf "\"answered\":100,\"calls\":100,\"tokens\":[600,60],\"cost\":null,\"items\":{\"id\":["
        for (i = 0; i < 100; i++) printf "%s\"q%d\"", i ? "," : "", i
        printf "],\"score\":["
        for (i = 0; i < 100; i++) printf "%s%d", i ? "," : "", i < right
        print "]}}]}"
    }' >"$dir/$1/cells/q/vote/1/summary.json"
}

history=$dir/journal.jsonl
says 2 'usage: accord trend' ./accord trend
says 2 'usage: accord trend' ./accord trend "$history" --coverage much
says 2 'there is no history' ./accord trend "$history"
says 2 'is no run directory' ./accord trend "$history" --append "$dir/none"
day=1
for right in 90 91 89 90 92 60 61 59 60 62; do
    made_up "run$day" $right
    says 0 "run$day was appended to" ./accord trend "$history" --append "$dir/run$day" \
        --date "2026-02-$(printf %02d $day)" --commit "c$day"
    day=$((day + 1))
done
says 0 'worse since 2026-02-06, commit c6: 90.4% -> 60.4%, -30.0 points' ./accord trend "$history"
says 0 '"schema":"accord.trend/1"' ./accord trend "$history" --json --svg "$dir/trend.svg"
says 2 'is no date' ./accord trend "$history" --append "$dir/run1" --date tomorrow
GITHUB_SHA=0123456789abcdef says 0 'commit 0123456789ab;' \
    ./accord trend "$history" --append "$dir/run1" --date 2026-02-20
if command -v xmllint >/dev/null; then
    xmllint --noout "$dir/trend.svg" || bad=1
else
    echo 'skipped: the chart as XML: no xmllint'
fi
rm "$dir/run2/cells/q/vote/1/summary.json"
says 5 'was not appended to' ./accord trend "$history" --append "$dir/run2"

# A history may say anything, but not to the terminal.
sed 's/"suite":"s"/"suite":"\\u001b[31mred"/' "$history" >"$dir/red.jsonl"
says 2 'the suite "?[31mred", and the run' ./accord trend "$dir/red.jsonl" --append "$dir/run1"

# Two jobs at once, again and again: every line of both survives.
both=$dir/both.jsonl
for i in 1 2 3 4 5 6 7 8; do
    made_up a$i 50
    made_up b$i 50
    ./accord trend "$both" --append "$dir/a$i" >/dev/null 2>&1 &
    first=$!
    ./accord trend "$both" --append "$dir/b$i" >/dev/null 2>&1 &
    wait $first || bad=1
    wait $! || bad=1
done
says 0 '16 points since 2026-01-01' ./accord trend "$both"
test "$(wc -l <"$both")" = 16 || {
    echo 'lines were lost'
    bad=1
}

# The disk is full within a line: the file stays as it was.
cp "$history" "$dir/before"
i=0
while test $i -lt 40; do
    made_up full$i 50
    cp "$history" "$dir/before"
    LD_PRELOAD=$here/tests/full_disk.so ./accord trend "$history" --append "$dir/full$i" \
        >"$dir/out" 2>&1 || break
    i=$((i + 1))
done
if grep -qF 'No space left' "$dir/out"; then
    cmp "$history" "$dir/before" || bad=1
else
    echo 'the disk was never full:'
    cat "$dir/out"
    bad=1
fi

# Blocks on a terminal in UTF-8 alone.
if command -v script >/dev/null; then
    LC_ALL=C.UTF-8 TERM=xterm script -qc "./accord trend $history" /dev/null >"$dir/out"
    grep -q '█' "$dir/out" || {
        echo 'no bars on a terminal:'
        cat "$dir/out"
        bad=1
    }
    LC_ALL=C TERM=xterm script -qc "./accord trend $history" /dev/null >"$dir/out"
    if grep -q '█' "$dir/out"; then
        echo 'bars in a locale without them'
        bad=1
    fi
else
    echo 'skipped: bars on a terminal: no script'
fi
exit $bad
