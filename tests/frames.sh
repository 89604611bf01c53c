#!/bin/sh
# accord show --frames: the pictures are those that the method saw, and what cannot be shown is
# a sentence.
: "${srcdir:=.}"
here=$(pwd)
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
ACCORD_PLUGIN_PATH=$here/tests/plugins
export ACCORD_PLUGIN_PATH
bad=0

fail() {
    echo "FAIL: $*"
    bad=1
}
# show STATUS TEXT ARGUMENT...: accord show exits with STATUS and says TEXT, on stdout when the
# status is 0, else on stderr.
show() {
    want=$1
    words=$2
    shift 2
    "$here/accord" show "$@" >"$work/out" 2>"$work/err"
    got=$?
    test $got = "$want" || fail "show $*: exit $got, not $want"
    if test "$want" = 0; then said=$work/out; else said=$work/err; fi
    grep -qF -- "$words" "$said" || {
        fail "show $*: does not say: $words"
        cat "$work/out" "$work/err"
    }
}
play() { # play DIR ARGUMENT...
    dir=$1
    shift
    "$here/accord" run --progress none -o "$dir" "$@" >"$work/out" 2>"$work/err" || {
        fail "run $*"
        cat "$work/err"
    }
}

suite=$srcdir/tests/data/run-dots.json
run=$work/run

can() { # can png: this build writes them
    "$here/tests/picture" "$work/none.$1" >/dev/null 2>&1
    test $? != 77
}
of_png() { # of_png TEXT: what is said of the PNG files, where there are some
    if can png; then echo "$1"; else echo 'steps, return'; fi
}
if ! can png && ! can gif; then
    play "$run" "$suite" --task turns --seed 1 --limit 1
    show 2 'this accord was built without libpng and giflib (Debian: libpng-dev, libgif-dev)' \
        "$run" --item "$(sed -n 's/.*"item":"\([^"]*\)".*/\1/p' \
        "$run/cells/turns/wander/1/journal.jsonl" | head -n 1)" --frames "$work/none"
    test -e "$work/none" && fail 'a folder without pictures was left'
    echo 'skipped: frames: built without libpng and giflib'
    exit $bad
fi

# ---- the very pictures -------------------------------------------------------------------
# One episode is played; every frame that its method saw goes into a file.  Plugins are created
# and asked before that, which shows nothing.
for mode in day night; do
    DOTS_TRACE=$work/seen.$mode
    export DOTS_TRACE
    play "$work/one.$mode" "$suite" --task dots --seed 2 --limit 1 --set "tasks/dots/modes=[\"$mode\"]"
    unset DOTS_TRACE
    item=$(sed -n 's/.*"item":"\([^"]*\)".*/\1/p' \
        "$work/one.$mode/cells/dots/wander/2/journal.jsonl" | head -n 1)
    show 0 '5 steps, return' "$work/one.$mode" --item "$item" --frames "$work/$mode"
    grep -q 'as in the run$' "$work/out" || fail 'the return is not compared'
    "$here/tests/picture" "$work/$mode"/frame-*.png >"$work/shown.$mode"
    status=$?
    if test $status = 77; then
        echo 'skipped: frames: built without libpng'
    else
        test $status = 0 || fail "no PNG can be read"
        cmp "$work/seen.$mode" "$work/shown.$mode" || fail "$mode: other pictures than were seen"
        test "$(wc -c <"$work/shown.$mode")" = $((6 * 3 * 12 * 9)) || fail 'not six frames'
    fi
done
if test -s "$work/shown.day" && cmp -s "$work/shown.day" "$work/shown.night"; then
    fail 'day and night look the same'
fi

gif() { # gif FILE FACTS: frames, width, height, time of a frame
    facts=$("$here/tests/picture" "$1")
    status=$?
    if test $status = 77; then
        echo 'skipped: frames: built without giflib'
    elif test "$facts" != "$2"; then
        fail "$1: $facts, not $2"
    fi
}
# The shorter side, 9, becomes at least 256 pixels.
gif "$work/day/episode.gif" '6 261 348 40'
ls "$work/day" | grep -q tmp && fail 'an unfinished file was left'

# ---- how it is asked for -----------------------------------------------------------------
play "$run" "$suite"
show 0 '7 steps, return' "$run" --cell turns/wander/1 --item dot-3 --frames "$work/turns"
gif "$work/turns/episode.gif" '8 261 348 40'
show 0 "$(of_png '21 x 24 pixels')" "$run" --cell turns/wander/1 --item dot-3 --frames "$work/large" \
    --frame-size 24 --scale 2 --fps 10
gif "$work/large/episode.gif" '8 42 48 100'
show 0 "$(of_png 'frame-0000.png .. frame-0005.png: 6 frames of 9 x 12 pixels')" "$run" \
    --cell blind/wander/2 --item dot-1 --frames "$work/blind"
show 0 '5 steps' "$run" --cell dots/wander/1 --item dot-0 --mode night --step 0 --frames "$work/deep/down"
show 0 '      5 steps  ' "$run" --cell dots/wander/1
show 0 ' in 5 steps, to the limit of time; ' "$run" --cell dots/wander/1 --item dot-0
show 0 'actions: 5 of 2 x float32, recorded' "$run" --cell dots/wander/1 --item dot-0

frames="--item dot-0 --frames $work/none"
show 2 'several cells: --cell dots/wander/1, --cell dots/wander/2' "$run" $frames --mode day
show 2 'several modes: --mode day, --mode night' "$run" --cell dots/wander/1 $frames
show 2 'was not evaluated in mode dusk' "$run" --cell dots/wander/1 $frames --mode dusk
show 2 'was not evaluated at step 9' "$run" --cell turns/wander/1 $frames --step 9
show 2 'no item "dot-00" in turns/wander/1 (did you mean "dot-0"?)' "$run" \
    --cell turns/wander/1 --item dot-00 --frames "$work/none"
show 2 'no cell "turn/wander/1" in' "$run" --cell turn/wander/1 $frames
show 2 '--frames needs an --item' "$run" --cell turns/wander/1 --frames "$work/none"
show 2 '--fps goes with --frames DIR' "$run" --item dot-0 --fps 3
show 2 '--json does not go with --frames' "$run" $frames --json
show 2 '--fps 51: expected a whole number in 1 .. 50' "$run" $frames --fps 51
show 2 '--scale 0: expected' "$run" $frames --scale 0
show 2 '--frame-size 3x: expected' "$run" $frames --frame-size 3x
turns="$run --cell turns/wander/1 $frames"
show 2 'is not empty' "$run" --cell turns/wander/1 --item dot-0 --frames "$work/turns"
show 2 '/tasks/turns/params/size: 600 is not in 4 .. 512' $turns --frame-size 600
test -e "$work/none" && fail 'a folder without pictures was left'

# ---- what goes wrong ---------------------------------------------------------------------
DOTS_WIND=1 show 5 'took another course than in the run: return' "$run" \
    --cell turns/wander/1 --item dot-0 --frames "$work/wind"
test "$(ls "$work/wind")" = "$(ls "$work/turns")" || fail 'another course is not shown'
DOTS_SHORT=2 show 5 'in 3 steps, not' "$run" --cell turns/wander/1 --item dot-0 \
    --frames "$work/short"
DOTS_CRASH=4 show 2 'task turns: plugin dots crashed while step 4 was played again' $turns
show 1 'cannot make folder /dev/null/x' "$run" --cell turns/wander/1 --item dot-0 --frames /dev/null/x

# Files of at most 8 or 16 kB, as on a full disk: enough for the PNG.
(
    ulimit -f 16
    exec "$here/accord" show "$run" --cell turns/wander/1 --item dot-0 --frames "$work/full"
) >"$work/out" 2>"$work/err"
status=$?
if "$here/tests/picture" "$work/turns/episode.gif" >/dev/null; then
    test $status = 1 || fail "a full disk: exit $status, not 1"
    grep -q "cannot write $work/full/episode.gif: File too large" "$work/err" ||
        fail "a full disk: $(cat "$work/err")"
    test -e "$work/full" && fail 'half an episode was left'
fi

# A run of before, and one whose suite means another task now.
cp -r "$run" "$work/old"
text=$work/old/cells/turns/wander/1/text.jsonl
sed -i '/"k":"actions"/d' "$text"
show 2 'has no actions of eval/0/day/0/dot-0: the run is older' "$work/old" \
    --cell turns/wander/1 $frames
cp "$run/cells/dots/wander/1/text.jsonl" "$text"
show 2 'task turns has changed since the run: its actions are 1 int32 now' "$work/old" \
    --cell turns/wander/1 $frames
sed -i 's/"data":"..../"data":"!!!!/' "$work/old/cells/dots/wander/1/text.jsonl"
show 2 'no base64 at character 0' "$work/old" --cell dots/wander/1 $frames --mode day
sed -i 's/dot-/point-/g' "$work/old"/cells/blind/wander/1/*.jsonl
show 2 'item point-0 is dot-0 now' "$work/old" --cell blind/wander/1 --item point-0 \
    --frames "$work/none"

# Tasks that show nothing.
play "$work/walk" "$srcdir/tests/data/run-kill.json" --task walk --method walker --seed 1
item=$(sed -n 's/.*"ep":"eval[^"]*\/\(eval-[^"]*\)".*/\1/p' \
    "$work/walk/cells/walk/walker/1/journal.jsonl" | head -n 1)
show 2 'task walk shows no pictures: what its methods see is discrete' "$work/walk" \
    --item "$item" --frames "$work/none"
show 2 'task walk: plugin null has no option "size"' "$work/walk" --item "$item" \
    --frames "$work/none" --frame-size 100
play "$work/sums" "$srcdir/tests/data/run-kill.json" --task sums --method honest --seed 1 --limit 2
item=$(sed -n 's/.*"item":"\([^"]*\)".*/\1/p' "$work/sums/cells/sums/honest/1/journal.jsonl" |
    head -n 1)
show 2 'task sums asks for text: there are no frames' "$work/sums" --item "$item" \
    --frames "$work/none"
play "$work/null" "$srcdir/benchmarks/null.json" --limit 2 --set tasks/null/params/steps=1
show 2 'ends after one step: its actions are not recorded' "$work/null" --item eval-0 \
    --frames "$work/none" --cell null/null/1
test -e "$work/none" && fail 'a folder without pictures was left'
exit $bad
