#!/bin/sh
# The example on the page about neural networks compiles as it stands there, in some 30
# lines, and learns what it says.
page=$srcdir/core/nn/README.md
if ${NM:-nm} core/libaccord-nn.a | grep -qE '__(asan|tsan|ubsan)_'; then
    echo 'skipped: readme_nn: a build with sanitizers is not for third parties' >&2
    exit 77
fi
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
sed -n '/^```c$/,/^```$/p' "$page" | grep -v '^```' >"$work/example.c"
lines=$(sed -n '/^int main/,$p' "$work/example.c" | wc -l)
if test "$lines" -lt 20 || test "$lines" -gt 36; then
    echo "main() of the example on $page has $lines lines"
    exit 1
fi
${CC:-cc} -std=c11 -O2 -Wall -Wextra -Werror -I"$srcdir/core/include" "$work/example.c" \
    core/libaccord-nn.a $NN_LIBS -lm -pthread -o "$work/example" || exit 1
"$work/example" >"$work/out" || {
    echo 'the example fails'
    exit 1
}
cat "$work/out"
tail -n 1 "$work/out" | grep -qE '^step 2000  loss 0\.000[01][0-9]{2}$' || {
    echo 'the example does not learn'
    exit 1
}
