#!/bin/sh
# build.sh SRCDIR OUT COMPILER FLAGS: writes what this build is made of to OUT, three
# macros, and leaves OUT alone when nothing changed.  The commit comes from git where SRCDIR is
# the root of a repository, and else from the COMMIT file of a tarball.
srcdir=$1 out=$2 compiler=$3 flags=$4

commit=unknown
root=$(git -C "$srcdir" rev-parse --show-toplevel 2>/dev/null)
if test -n "$root" && test "$root" = "$(cd "$srcdir" && pwd -P)"; then
    commit=$(GIT_OPTIONAL_LOCKS=0 git -C "$srcdir" describe --always --dirty --abbrev=40 --match=none)
elif test -f "$srcdir/core/COMMIT"; then
    read -r commit <"$srcdir/core/COMMIT"
fi
if test "$out" = -; then
    echo "$commit"
    exit
fi
# Warnings change no code.
kept=
for flag in $flags; do
    case $flag in
    -W*) ;;
    *) kept="$kept${kept:+ }$flag" ;;
    esac
done
text() {
    printf '%s' "$1" | sed 's/[\\"]/\\&/g'
}
cat >"$out.tmp" <<END
/* Made by core/build.sh. */
#define ACCORD_BUILD_COMMIT   "$(text "$commit")"
#define ACCORD_BUILD_COMPILER "$(text "$($compiler --version | sed 1q)")"
#define ACCORD_BUILD_FLAGS    "$(text "$kept")"
END
if cmp -s "$out.tmp" "$out"; then
    rm "$out.tmp"
else
    mv "$out.tmp" "$out"
fi
