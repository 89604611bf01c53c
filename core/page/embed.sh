#!/bin/sh
# embed.sh NAME FILE [NAME FILE ...]: writes the bytes of each FILE to stdout as the C array NAME.
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
