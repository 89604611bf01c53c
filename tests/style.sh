#!/bin/sh
# What a reviewer should not have to say.  77 = clean so far, but a tool is missing.
cd "$srcdir" || exit 99
bad=0
missing=
src=$(find core plugins tests benchmarks -name '*.[ch]' 2>/dev/null)
fail() {
    echo "$*"
    bad=1
}

# Another version formats differently and would fail good code.
for fmt in clang-format-14 clang-format none; do
    $fmt --version 2>/dev/null | grep -q 'version 14\.' && break
done
if test $fmt = none; then
    missing="$missing clang-format-14"
else
    $fmt --dry-run -Werror $src || bad=1
fi

if grep -nE '\b(sprintf|vsprintf|strcpy|strcat|strncpy|strtok|gets|atoi|atof|atol|rand|srand|alloca)[[:space:]]*\(' $src; then
    fail 'banned function'
fi
if grep -nE -- '-Ofast|-ffast-math' Makefile.am configure.ac core/*.am plugins/*.am m4/*.m4; then
    fail 'changes the arithmetic of the whole process'
fi
if grep -nE 'include[[:space:]]+"[^"]*/' $(find plugins -name '*.[ch]') /dev/null; then
    fail 'a plugin includes <accord/...> and files of its own folder'
fi
for dir in $(find core plugins -name '*.c' -exec dirname {} \; | sort -u); do
    test -f "$dir/README.md" || fail "$dir: no README.md"
done
for h in $(find core -name '*.h'); do
    ${CC:-cc} -std=c11 -D_GNU_SOURCE -Icore/include -Icore -fsyntax-only -x c "$h" ||
        fail "$h: does not compile alone"
    grep -qE '^#ifndef ACCORD_[A-Z0-9_]+_H$' "$h" || fail "$h: no guard ACCORD_..._H"
done

# Every function pointer in a public header has a thread tag in the comment above it.
awk '/^    \/\* \[(main|worker|batch|any)\]/ {ok++; seen = 0}
     /^ *[a-z].*\(\*[a-z0-9_]+\)\(/ {
        if (!ok || seen++) {print FILENAME ":" FNR ": no thread tag"; bad = 1}}
     END {exit bad}' core/include/accord/*.h || bad=1

if command -v ctags >/dev/null; then
    ctags --quiet --options=NONE -f - --kinds-C=f --fields=+ne --excmd=number $src |
        awk -F'\t' '{
            first = last = 0
            for (i = 4; i <= NF; i++) {
                if ($i ~ /^line:/) first = substr($i, 6)
                if ($i ~ /^end:/) last = substr($i, 5)
            }
            if (last && last - first + 1 > 60) {
                print $2 ":" first ": " $1 " is " last - first + 1 " lines (60)"; bad = 1
            }} END {exit bad}' || bad=1
else
    missing="$missing ctags"
fi
wc -l $src | awk '$2 != "total" && $1 > 800 {print $2 " is " $1 " lines (800)"; bad = 1}
                  END {exit bad}' || bad=1

if test $bad = 0 && test -n "$missing"; then
    echo "not checked, missing:$missing"
    exit 77
fi
exit $bad
