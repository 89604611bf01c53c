#!/bin/sh
# The sheet of augmentations is what the command draws today.
: "${srcdir:=.}"
. "$srcdir/tests/same_picture.sh"
test -x benchmarks/visual/augmentations || {
    echo 'skipped: augmentations: the control tasks are not built'
    exit 77
}
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
ACCORD_DATA=
XDG_DATA_HOME=$work
ACCORD_PLUGIN_PATH=$(pwd)/plugins
export ACCORD_DATA XDG_DATA_HOME ACCORD_PLUGIN_PATH

benchmarks/visual/augmentations "$work/sheet.png" >"$work/legend" 2>"$work/err"
status=$?
if test $status != 0; then
    cat "$work/err"
    exit $status
fi
bad=0
for words in 'row 2   shift: ' 'row 3   conv: ' 'row 4   overlay: ' 'row 5   cutout: ' \
    'row 6   cutout_color: ' 'row 7   jitter: ' 'row 8   grayscale: ' 'row 9   rotation: ' \
    'row 10  noise: ' 'row 11  blur: ' 'row 12  conv+overlay: ' \
    'overlay: 64 generated textures; not comparable with published overlay scores'; do
    grep -qF "$words" "$work/legend" || {
        echo "the legend does not say: $words"
        bad=1
    }
done
same_picture "$srcdir/benchmarks/augmentations.png" "$work/sheet.png" 150000 \
    'sh benchmarks/augmentations' || bad=1
exit $bad
