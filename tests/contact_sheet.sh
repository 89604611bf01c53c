#!/bin/sh
# The contact sheet in the README is what the command draws today: every domain in every mode.
# Physics may differ in the last bits with another MuJoCo or processor, so a little is allowed.
: "${srcdir:=.}"
test -x benchmarks/visual/sheet || {
    echo 'skipped: contact_sheet: the control tasks are not built'
    exit 77
}
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
ACCORD_DATA=
XDG_DATA_HOME=$work
ACCORD_PLUGIN_PATH=$(pwd)/plugins
export ACCORD_DATA XDG_DATA_HOME ACCORD_PLUGIN_PATH

benchmarks/visual/sheet "$work/sheet.png" >"$work/legend" 2>"$work/err"
status=$?
if test $status != 0; then
    cat "$work/err"
    exit $status
fi
bad=0
for words in 'row 1     cartpole' 'row 6     reacher' "column 1  train: the model's own look" \
    'column 3  color_hard: generated colours' 'column 5  video_hard: generated films' \
    'column 6  distracting: generated films'; do
    grep -qF "$words" "$work/legend" || {
        echo "the legend does not say: $words"
        bad=1
    }
done
size=$(wc -c <"$srcdir/benchmarks/contact-sheet.png")
test "$size" -lt 300000 || {
    echo "benchmarks/contact-sheet.png has $size bytes"
    bad=1
}
tests/picture "$work/sheet.png" >"$work/now" && tests/picture "$srcdir/benchmarks/contact-sheet.png" >"$work/then" || exit 99
n=$(wc -c <"$work/then")
test "$n" = "$(wc -c <"$work/now")" || {
    echo 'benchmarks/contact-sheet.png has another size'
    exit 1
}
# cmp -l prints the bytes that differ, in octal.
cmp -l "$work/then" "$work/now" | awk -v n="$n" '
    function value(octal) {return int(octal / 100) * 64 + int(octal / 10) % 10 * 8 + octal % 10}
    {d = value($2) - value($3); sum += d < 0 ? -d : d; wrong++}
    END {printf "%d of %d bytes differ, by %.3f on average over all\n", wrong, n, sum / n
         exit sum / n > 1}' || {
    echo 'draw it again: sh benchmarks/contact-sheet'
    bad=1
}
exit $bad
