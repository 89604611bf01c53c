#!/bin/sh
# The method on the page about methods compiles as it stands there, in 80 lines.
page=$srcdir/plugins/methods/README.md
code=$(mktemp /tmp/accord-readme-XXXXXX) || exit 99
trap 'rm -f "$code"' EXIT
sed -n '/^```c$/,/^```$/p' "$page" | grep -v '^```' >"$code"
lines=$(wc -l <"$code")
if test "$lines" -lt 20 || test "$lines" -gt 80; then
    echo "the method on $page has $lines lines"
    exit 1
fi
${CC:-cc} -std=c11 -D_GNU_SOURCE -Wall -Werror -I"$srcdir/core/include" -fsyntax-only \
    -x c "$code"
