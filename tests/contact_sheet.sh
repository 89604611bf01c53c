#!/bin/sh
# The contact sheet in the README is what the command draws today: every domain in every mode.
: "${srcdir:=.}"
. "$srcdir/tests/same_picture.sh"
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
same_picture "$srcdir/benchmarks/contact-sheet.png" "$work/sheet.png" 300000 \
    'sh benchmarks/contact-sheet' || bad=1
exit $bad
