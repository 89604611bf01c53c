#!/bin/sh
# A third party's day: installs this build into a prefix, begins a plugin outside of the tree,
# builds it with nothing but the prefix, and plays it.
if ${NM:-nm} core/libaccord-plugin.a | grep -qE '__(asan|tsan|ubsan)_'; then
    echo 'skipped: sdk: a build with sanitizers is not for third parties' >&2
    exit 77
fi
command -v pkg-config >/dev/null || {
    echo 'skipped: sdk: pkg-config is missing' >&2
    exit 77
}
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
prefix=$work/prefix
die() {
    echo "$*"
    cat "$work/log" 2>/dev/null
    exit 1
}

# Every folder is named: configure may have been told one outside of the prefix.
env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL "${MAKE:-make}" -s install DESTDIR= \
    prefix="$prefix" exec_prefix="$prefix" bindir="$prefix/bin" libdir="$prefix/lib" \
    includedir="$prefix/include" datarootdir="$prefix/share" datadir="$prefix/share" \
    >"$work/log" 2>&1 || die 'make install fails'
for file in bin/accord include/accord/plugin.h lib/libaccord-plugin.a \
    lib/pkgconfig/accord.pc lib/accord/tasks/math.so \
    include/accord/nn.h lib/libaccord-nn.a lib/pkgconfig/accord-nn.pc; do
    test -f "$prefix/$file" || die "$file is not installed"
done

PATH=$prefix/bin:$PATH
PKG_CONFIG_LIBDIR=$prefix/lib/pkgconfig # no other Accord is found
XDG_DATA_HOME=$work/data
export PATH PKG_CONFIG_LIBDIR XDG_DATA_HOME
unset ACCORD_PLUGIN_PATH ACCORD_DATA PKG_CONFIG_PATH MAKEFLAGS MFLAGS MAKELEVEL
cd "$work" || exit 99
accord ls tasks >log 2>&1 || die 'the installed command does not run'
grep -q '^math ' log || die 'the installed command does not find its plugins'

accord plugin new method my_vote >log 2>&1 || die 'accord plugin new fails'
test "$(wc -l <my_vote/my_vote.c)" -le 60 || die 'a new method is longer than 60 lines'
cd my_vote || exit 99
pkg_config="pkg-config --define-variable=prefix=$prefix --define-variable=exec_prefix=$prefix"
pkg_config="$pkg_config --define-variable=includedir=$prefix/include"
pkg_config="$pkg_config --define-variable=libdir=$prefix/lib"
make CC="${CC:-cc}" CFLAGS='-O2 -Wall -Wextra -Wno-unused-parameter -Werror' \
    PKG_CONFIG="$pkg_config" >"$work/log" 2>&1 || die 'a new plugin does not build'
test "$($pkg_config --variable=plugindir accord)" = "$prefix/lib/accord" ||
    die 'accord.pc does not say where plugins lie'
got=$(${NM:-nm} -D --defined-only methods/my_vote.so | awk '$3 !~ /^_(init|fini)$/ {print $3}')
test "$got" = accord_plugin_entry || die "a new plugin exports: $got"

accord info --plugin-path . my_vote >"$work/log" 2>&1 || die 'accord info does not find it'
ACCORD_PLUGIN_PATH=. accord info my_vote >"$work/log" 2>&1 ||
    die 'accord info does not find it through ACCORD_PLUGIN_PATH'
grep -q '^role        method$' "$work/log" || die 'accord info does not know its role'

make CC="${CC:-cc}" PKG_CONFIG="$pkg_config" run >"$work/log" 2>&1 || die 'its suite fails'
grep -qE '^math +my_vote +[0-9.]+% ' "$work/log" || die 'its suite shows no table'

# <accord/nn.h> from the prefix alone.
cat >nn.c <<'END'
#include <accord/nn.h>
#include <stdio.h>

int main(void) {
    char text[200];

    accord_nn_tape_destroy(accord_nn_tape_create(1 << 20));
    accord_nn_backend(text, sizeof(text));
    puts(text);
    return 0;
}
END
${CC:-cc} nn.c $($pkg_config --cflags --libs accord-nn) -o nn >"$work/log" 2>&1 ||
    die 'accord-nn.pc does not link'
${CC:-cc} -shared -fPIC nn.c $($pkg_config --cflags --libs accord-nn) -o nn.so \
    >"$work/log" 2>&1 || die 'accord-nn.pc does not link into a plugin'
! ${NM:-nm} -D --defined-only nn.so | grep accord_ || die 'libaccord-nn.a shows its names'
./nn >"$work/log" 2>&1 || die 'a program with libaccord-nn.a does not run'
grep -q '^openblas ' "$work/log" || die 'it does not say what computes'
