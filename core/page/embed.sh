#!/bin/sh
# embed.sh NAME FILE ...: writes each FILE's bytes as the C array NAME, a macro's worth for
# `static const unsigned char NAME[] = {...};`.  Pairs of NAME and FILE, to stdout.
echo '/* Made by core/page/embed.sh. */'
while test $# -gt 1; do
    test -r "$2" || {
        echo "embed.sh: cannot read $2" >&2
        exit 1
    }
    echo "static const unsigned char $1[] = {"
    od -An -v -tu1 "$2" | sed 's/[0-9][0-9]*/&,/g'
    echo '};'
    shift 2
done
