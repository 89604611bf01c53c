#!/bin/sh
# The sheet of augmentations is what the command draws today.
: "${srcdir:=.}"
. "$srcdir/tests/same_picture.sh"
draw_sheet augmentations augmentations
bad=0
for words in 'row 2   shift: ' 'row 3   conv: ' 'row 4   overlay: ' 'row 5   cutout: ' \
    'row 6   cutout_color: ' 'row 7   jitter: ' 'row 8   grayscale: ' 'row 9   rotation: ' \
    'row 10  noise: ' 'row 11  blur: ' 'row 12  conv+overlay: ' \
    'overlay: 64 generated textures; not comparable with published overlay scores'; do
    says_legend "$words" || bad=1
done
same_picture "$srcdir/benchmarks/augmentations.png" "$work/sheet.png" 150000 \
    'sh benchmarks/augmentations' || bad=1
exit $bad
