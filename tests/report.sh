#!/bin/sh
# accord report as a user meets it: the page of a run of questions and of a run of steps, and,
# where there is Chromium, the page as a browser shows it.
root=$(cd "$srcdir" && pwd)
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
ACCORD_PLUGIN_PATH=$(pwd)/tests/plugins
export ACCORD_PLUGIN_PATH
. "$srcdir/tests/says.sh"

holds() { # holds FILE TEXT
    grep -qF -- "$2" "$1" || fail "$1: does not hold: $2"
}

for run in panel dots; do
    ./accord run "$root/tests/data/run-$run.json" -o "$dir/$run" --progress none >/dev/null ||
        exit 1
done
says 0 '600 episodes, 600 transcripts' ./accord report "$dir/panel" -o "$dir/panel.html"
says 0 '0 transcripts' ./accord report "$dir/dots" -o "$dir/dots.html"
says 0 'left out' ./accord report "$dir/panel" --transcripts 0.1 -o "$dir/small.html"
says 0 'episodes' ./accord report "$dir/panel" "$dir/dots" -o "$dir/both.html"
says 2 'usage: accord report' ./accord report
says 2 'expected megabytes' ./accord report "$dir/panel" --transcripts much
says 2 'is no run directory' ./accord report "$dir"
holds "$dir/panel.html" 'No clear winner on sums: vote leads'
holds "$dir/panel.html" 'How sure?'
# The doubt is worded as accord compare words it.
./accord compare "$dir/panel" --pairs | awk '/^    / {sub(/^ */, " "); printf "%s", $0; next}
    {printf "\n%s", $0}' | grep 'not significant' >"$dir/doubt"
test -s "$dir/doubt" || fail 'accord compare finds no doubt'
while read -r line; do
    holds "$dir/panel.html" "$line"
done <"$dir/doubt"
holds "$dir/dots.html" 'No verdict: nothing to compare with'
holds "$dir/dots.html" 'Performance profiles'
holds "$dir/both.html" 'sums is in'
test "$(wc -c <"$dir/panel.html")" -lt 2000000 || fail 'the page is over 2 MB'
cp -R "$dir/panel" "$dir/begun"
rm "$dir"/begun/cells/*/*/*/summary.json
says 0 'transcripts' ./accord report "$dir/begun" -o "$dir/begun.html"
holds "$dir/begun.html" 'no cell of this run is finished'
if grep -nE '(src|href)="?https?:|@import|url\(' "$dir"/*.html; then
    fail 'the page loads something'
fi

browser=
for b in chromium chromium-browser google-chrome; do
    command -v $b >/dev/null && browser=$b && break
done
test -n "$browser" || {
    echo 'skipped: report in a browser: no Chromium'
    exit $bad
}

# seen FILE HASH: $dir/dom is what the browser made of the page; it must not complain.
seen() {
    rm -rf "$dir/profile"
    "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync \
        --user-data-dir="$dir/profile" --enable-logging=stderr --dump-dom \
        "file://$1#$2" >"$dir/dom" 2>"$dir/log" || fail "$browser cannot open $1"
    if grep -i 'CONSOLE' "$dir/log"; then
        fail "$1#$2: the browser complains"
    fi
}
rows() {
    grep -o 'aria-current="true"\|<td><button' "$dir/dom" | grep -c '<td><button'
}

seen "$dir/panel.html" ''
holds "$dir/dom" '600 of 600 episodes; the first 200 are shown'
test "$(rows)" = 200 || fail "$(rows) rows, not 200"
holds "$dir/dom" '<a href="#leaderboard">Leaderboard</a>'
seen "$dir/panel.html" 'q=sum-048'
holds "$dir/dom" '6 of 600 episodes'
test "$(rows)" = 6 || fail "$(rows) rows, not 6"
seen "$dir/panel.html" 'q=sum-048+debate&outcome=wrong'
ep=$(sed -n 's/.*<tr data-ep="\([0-9]*\)".*/\1/p' "$dir/dom" | head -n 1)
seen "$dir/panel.html" "q=sum-048+debate&outcome=wrong&ep=$ep"
holds "$dir/dom" '1 of 600 episodes'
holds "$dir/dom" '<h3>sum-048</h3>'
holds "$dir/dom" 'Question: What is 50 + 26?'
holds "$dir/dom" '<b>agent 2</b>'
holds "$dir/dom" 'temperature 0.7'
holds "$dir/dom" 'Round 1'
holds "$dir/dom" 'Others on the same item'
seen "$dir/panel.html" 'q=no-such-item'
holds "$dir/dom" '0 of 600 episodes'
seen "$dir/dots.html" 'ep=0'
holds "$dir/dom" '--frames DIR'
seen "$dir/both.html" 'method=wander'
holds "$dir/dom" '48 of 648 episodes'

# That the test sees what it looks for.
sed "s/^  show();/  console.error('x'); show();/" "$dir/panel.html" |
    sed "s/^  byId('viewer').hidden = false;/  no_such_function();/" >"$dir/broken.html"
"$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync \
    --user-data-dir="$dir/profile2" --enable-logging=stderr --dump-dom \
    "file://$dir/broken.html" >/dev/null 2>"$dir/log"
grep -qi 'CONSOLE.*no_such_function' "$dir/log" || fail 'an error of the script is not noticed'
exit $bad
