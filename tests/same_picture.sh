# same_picture COMMITTED DRAWN MOST COMMAND: true when the committed picture has at most MOST
# bytes and is the one that was drawn just now.  Physics may differ in the last bits with another
# MuJoCo or processor, so a little is allowed.  $work is a folder for what lies between.
same_picture() {
    size=$(wc -c <"$1")
    test "$size" -le "$3" || {
        echo "$1 has $size bytes"
        return 1
    }
    tests/picture "$2" >"$work/now" && tests/picture "$1" >"$work/then" || exit 99
    n=$(wc -c <"$work/then")
    test "$n" = "$(wc -c <"$work/now")" || {
        echo "$1 has another height or width; draw it again: $4"
        return 1
    }
    # cmp -l prints the bytes that differ, in octal.
    cmp -l "$work/then" "$work/now" | awk -v n="$n" '
        function value(octal) {return int(octal / 100) * 64 + int(octal / 10) % 10 * 8 + octal % 10}
        {d = value($2) - value($3); sum += d < 0 ? -d : d; wrong++}
        END {printf "%d of %d bytes differ, by %.3f on average over all\n", wrong, n, sum / n
             exit sum / n > 1}' || {
        echo "draw it again: $4"
        return 1
    }
}

# draw_sheet TEST PROGRAM: draws $work/sheet.png with benchmarks/visual/PROGRAM, its words in
# $work/legend, without a data set; skips the test where the program is not built.
draw_sheet() {
    test -x "benchmarks/visual/$2" || {
        echo "skipped: $1: the control tasks are not built"
        exit 77
    }
    work=$(mktemp -d) || exit 99
    trap 'rm -rf "$work"' EXIT
    ACCORD_DATA=
    XDG_DATA_HOME=$work
    ACCORD_PLUGIN_PATH=$(pwd)/plugins
    export ACCORD_DATA XDG_DATA_HOME ACCORD_PLUGIN_PATH

    "benchmarks/visual/$2" "$work/sheet.png" >"$work/legend" 2>"$work/err"
    status=$?
    test $status = 0 && return
    cat "$work/err"
    exit $status
}

# says_legend WORDS: true when the legend has them.
says_legend() {
    grep -qF "$1" "$work/legend" && return
    echo "the legend does not say: $1"
    return 1
}
