#!/bin/sh
# What a reviewer should not have to say.  77 = clean so far, but a tool is missing.
cd "$srcdir" || exit 99
bad=0
missing=
src=$(find core plugins tests benchmarks -name '*.[ch]' 2>/dev/null)
# Everything that is written by people and distributed.
texts="$src $(find core plugins tests benchmarks m4 .ci README.md Makefile.am configure.ac -type f \
    \( -name '*.am' -o -name '*.ac' -o -name '*.m4' -o -name '*.md' -o -name '*.sh' -o -name '*.json' -o -name '*.js' -o -name '*.css' \
    -o -name all -o -name quickstart -o -name run -o -name '*.in' \) 2>/dev/null)"
fail() {
    echo "$*"
    bad=1
}

# --- the formatter; another version formats differently and would fail good code
for fmt in clang-format-14 clang-format none; do
    $fmt --version 2>/dev/null | grep -q 'version 14\.' && break
done
if test $fmt = none; then
    missing="$missing clang-format-14"
else
    $fmt --dry-run -Werror $src || bad=1
fi

# --- words that do not belong
if grep -nE '\b(sprintf|vsprintf|strcpy|strcat|strncpy|strtok|gets|atoi|atof|atol|rand|srand|alloca)[[:space:]]*\(' $src; then
    fail 'banned function'
fi
# The run token and the worker's threads do not survive a fork; a shell is no interface.
if grep -nE '\b(fork|vfork|system|popen)[[:space:]]*\(' $(find core plugins -name '*.[ch]') /dev/null |
    grep -v '/\*'; then
    fail 'processes are started with posix_spawn'
fi
if grep -nE '(^|[^_[:alnum:]])exit[[:space:]]*\(' $(find core -name '*.[ch]') /dev/null |
    grep -v '^core/cli/main.c:'; then
    fail 'only core/cli/main.c ends the process'
fi
if grep -nE -- '-Ofast|-ffast-math' Makefile.am configure.ac core/*.am plugins/*.am m4/*.m4; then
    fail 'changes the arithmetic of the whole process'
fi
if grep -nE '\b(TO[D]O|FIX[M]E)\b' $texts; then
    fail 'unfinished: an issue is the place for it'
fi
if grep -nE '(^|[^[:alnum:]_.])/(wor[k]|hom[e]|roo[t]|tm[p]/wt)/' $texts; then
    fail "a path of somebody's machine"
fi

# --- rooms: a folder of core uses those below it (DESIGN, section 2)
may_use() {
    case $1 in
    base) echo base ;;
    nn | stats | llm | pictures) echo base "$1" ;;
    host) echo base llm host ;;
    run) echo base llm pictures host run ;;
    report) echo base stats report ;;
    judge) echo base stats report judge ;;
    page) echo base stats report judge page ;;
    cli) echo base nn stats llm pictures host run report judge page cli ;;
    esac
}
for dir in $(find core -mindepth 1 -maxdepth 1 -type d ! -name include); do
    room=${dir#core/}
    allowed=$(may_use "$room" | tr ' ' '|')
    test -n "$allowed" || fail "$dir: not a room that tests/style.sh knows"
    if grep -nE 'include[[:space:]]+"[^"]*/' $(find "$dir" -name '*.[ch]') /dev/null |
        grep -vE "\"($allowed)/"; then
        fail "$dir uses a room that is not below it"
    fi
done
if grep -nE 'include[[:space:]]+"' $(find core/include -name '*.h') /dev/null; then
    fail 'a public header includes <accord/...> and the C library'
fi
if grep -nE 'include[[:space:]]+"[^"]*/' $(find plugins -name '*.[ch]') /dev/null; then
    fail 'a plugin includes <accord/...> and files of its own folder'
fi
for dir in $(find core plugins benchmarks -name '*.c' \
    -exec dirname {} \; | sort -u) benchmarks tests; do
    test -f "$dir/README.md" || fail "$dir: no README.md"
done

# --- headers stand alone; a public one needs nothing of core
for h in $(find core -name '*.h'); do
    inside=-Icore
    test "${h#core/include/}" = "$h" || inside=
    ${CC:-cc} -std=c11 -D_GNU_SOURCE -Icore/include $inside -fsyntax-only -x c "$h" ||
        fail "$h: does not compile alone"
    grep -qE '^#ifndef ACCORD_[A-Z0-9_]+_H$' "$h" || fail "$h: no guard ACCORD_..._H"
done

# --- every function pointer in a public header has a thread tag in the comment above it
awk '/^    \/\* \[(main|worker|batch|any)\]/ {ok++; seen = 0}
     /^ *[a-z].*\(\*[a-z0-9_]+\)\(/ {
        if (!ok || seen++) {print FILENAME ":" FNR ": no thread tag"; bad = 1}}
     END {exit bad}' core/include/accord/*.h || bad=1

# --- length
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
