#!/bin/sh
# The lints are tested by breaking each rule once, in a small tree of their own.
lints=$(cd "$srcdir" && pwd)/tests
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
bad=0
CC=${CC:-cc}
NM=${NM:-nm}
export CC NM

# A tree that breaks no rule.
plant() {
    rm -rf "$dir/tree"
    mkdir -p "$dir/tree" && cd "$dir/tree" || exit 99
    mkdir -p core/include/accord core/base core/llm core/report plugins/tasks tests \
        benchmarks m4
    cp "$lints/../.clang-format" .
    touch Makefile.am configure.ac core/core.am plugins/plugins.am m4/flags.m4 README.md
    for folder in core/base core/llm core/report plugins/tasks tests benchmarks; do
        echo 'What lives here.' >$folder/README.md
    done
    cat >core/include/accord/x.h <<'END'
#ifndef ACCORD_X_H
#define ACCORD_X_H

typedef struct accord_x {
    /* [any] Says something. */
    void (*say)(void);
} accord_x;

#endif
END
    cat >core/base/b.h <<'END'
#ifndef ACCORD_B_H
#define ACCORD_B_H

#include <accord/x.h>

#endif
END
    sed 's/_B_H/_L_H/; s,<accord/x.h>,"base/b.h",' core/base/b.h >core/llm/l.h
    sed 's/_B_H/_R_H/; s,<accord/x.h>,"base/b.h",' core/base/b.h >core/report/r.h
    printf '#include "base/b.h"\n\nint accord_b(void);\n\nint accord_b(void) {\n    return 1;\n}\n' \
        >core/base/b.c
    cp core/base/b.c core/report/r.c
    sed -i 's,"base/b.h","report/r.h",' core/report/r.c
    printf '#include <accord/x.h>\n' >plugins/tasks/t.c
}

# lint NAME: runs it on the tree; the status is in $status, what it printed in out.
lint() {
    srcdir=. sh "$lints/$1" >"$dir/out" 2>&1
    status=$?
}

# broken RULE PATTERN: the lint must fail and say PATTERN.
broken() {
    lint "${3:-style.sh}"
    if test $status = 0 || test $status = 77 || ! grep -qe "$2" "$dir/out"; then
        echo "not noticed: $1 (status $status)"
        cat "$dir/out"
        bad=1
    fi
    plant
}

# Formatting and length are checked only where the tools are.
has() {
    command -v "$1" >/dev/null
}

plant
lint style.sh
if test $status != 0 && test $status != 77; then
    echo 'the clean tree fails:'
    cat "$dir/out"
    exit 1
fi

if has clang-format-14; then
    echo 'int  a;' >>core/base/b.c
    broken 'formatting' 'clang-format'
fi
echo 'int accord_c = atoi("1");' >>core/base/b.c
broken 'a banned function' 'banned function'
echo 'int accord_c = fork();' >>core/base/b.c
broken 'fork' 'posix_spawn'
echo 'void accord_c(void) { exit(1); }' >>core/base/b.c
broken 'exit' 'only core/cli/main.c'
echo 'AM_CFLAGS = -ffast-math' >>Makefile.am
broken 'fast maths' 'changes the arithmetic'
printf '/* TO%s: later */\n' DO >>core/base/b.c
broken 'an unfinished place' 'unfinished'
printf 'See /%s/somebody/notes.\n' home >>tests/README.md
broken "a machine's path" 'path of somebody'
echo '#include "llm/l.h"' >>core/base/b.c
broken 'a room above' 'core/base uses a room'
echo '#include "llm/l.h"' >>core/report/r.c
broken 'a room beside' 'core/report uses a room'
mkdir core/attic && cp core/base/b.c core/base/README.md core/attic
broken 'an unknown room' 'core/attic: not a room'
echo '#include "base/b.h"' >>core/include/accord/x.h
broken 'core in a public header' 'a public header includes'
echo '#include "host/loader.h"' >>plugins/tasks/t.c
broken 'core in a plugin' 'a plugin includes'
rm core/base/README.md
broken 'a folder without README' 'core/base: no README.md'
rm tests/README.md
broken 'tests without README' 'tests: no README.md'
sed -i '/include/d; $i\accord_x *accord_b(void);' core/base/b.h
broken 'a header that needs another' 'b.h: does not compile alone'
sed -i 's/ACCORD_B_H/B_H/' core/base/b.h
broken 'a guard with another name' 'b.h: no guard'
sed -i 's/\[any\] //' core/include/accord/x.h
broken 'no thread tag' 'x.h:6: no thread tag'
if has ctags; then
    {
        echo 'int accord_long(void) {'
        yes '    accord_b();' | head -n 60
        echo '    return 1;'
        echo '}'
    } >>core/base/b.c
    broken 'a long function' 'accord_long is 63 lines'
fi
yes '/* a line */' | head -n 801 >>core/base/b.c
broken 'a long file' 'b.c is 808 lines'

# exports.sh looks at what was built: one plugin and one library.
build() {
    printf '%s\n' "$1" >t.c
    $CC -shared -fPIC -fvisibility=hidden t.c -o plugins/tasks/t.so || exit 99
    printf '%s\n' "$2" >l.c
    $CC -c l.c -o l.o && ar rc core/libx.a l.o || exit 99
}
entry='__attribute__((visibility("default"))) int accord_plugin_entry;'
build "$entry" 'int accord_x;'
lint exports.sh
test $status = 0 || {
    echo 'exports.sh fails on what is right:'
    cat "$dir/out"
    bad=1
}
build "$entry __attribute__((visibility(\"default\"))) int more;" 'int accord_x;'
broken 'an export too many' 't.so exports: accord_plugin_entry more' exports.sh
build 'int accord_plugin_entry;' 'int accord_x;'
broken 'no entry' 't.so exports:' exports.sh
build "$entry" 'int stray;'
broken 'a name without prefix' 'libx.a: names without accord_: stray' exports.sh
broken 'nothing built' 'no plugin was built' exports.sh
exit $bad
