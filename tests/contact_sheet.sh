#!/bin/sh
# The contact sheet in the README is what the command draws today: every domain in every mode.
: "${srcdir:=.}"
. "$srcdir/tests/same_picture.sh"
draw_sheet contact_sheet sheet
bad=0
for words in 'row 1     cartpole' 'row 6     reacher' "column 1  train: the model's own look" \
    'column 3  color_hard: generated colours' 'column 5  video_hard: generated films' \
    'column 6  distracting: generated films'; do
    says_legend "$words" || bad=1
done
same_picture "$srcdir/benchmarks/contact-sheet.png" "$work/sheet.png" 300000 \
    'sh benchmarks/contact-sheet' || bad=1
exit $bad
