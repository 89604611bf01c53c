# setup.sh - the set-up that `sh tests/all` and `sh benchmarks/quickstart` share: packages,
# autoreconf, configure, make.  Sourced in the top folder; everything is built in .build/.

# What Accord is built with, what its tests need, and what a lint uses if the system has it
# (newer releases ship other versions of clang-format, which format differently).
build_packages='autoconf automake gcc libc6-dev make pkg-config libcurl4-openssl-dev libjansson-dev libopenblas-dev zlib1g-dev'
test_packages='check clang git xz-utils'
lint_packages='clang-format-14 universal-ctags'
# What makes it faster, and what the control tasks stand on.
speed_packages='libdnnl-dev libmujoco-dev'
# What frames are written with (`accord show --frames`) and the user's clips are read with.
picture_packages='libpng-dev libgif-dev libjpeg-dev'
# What tests compare results with.
reference_packages='libosmesa6 python3-scipy libxml2-utils'

jobs=$(nproc 2>/dev/null || echo 2)
LC_ALL=C
export LC_ALL

say() {
    printf '%s\n' "$*"
}

is_installed() {
    test "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed
}

# missing PACKAGE...: those that are not installed.
missing() {
    for package; do
        is_installed "$package" || printf ' %s' "$package"
    done
}

# Prints how to become root without being asked anything; fails if there is no way.
as_root() {
    if test "$(id -u)" = 0; then
        echo env
    elif sudo -n true 2>/dev/null; then
        echo sudo
    else
        return 1
    fi
}

# apt_install COMMAND PACKAGE...: COMMAND is what as_root printed.
apt_install() {
    root=$1
    shift
    $root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y \
        --no-install-recommends "$@" >.build/apt.log 2>&1
}

# need_packages REQUIRED OPTIONAL: installs what is missing, or says what to install and
# ends with status 2.  An optional package that the system does not have is no failure.
need_packages() {
    if ! command -v dpkg-query >/dev/null; then
        say "not a Debian system: please provide what these packages give: $1 $2"
        return
    fi
    wanted=$(missing $1)
    extra=$(missing $2)
    test -n "$wanted$extra" || return 0
    if root=$(as_root); then
        say "installing:$wanted$extra"
        $root apt-get update -qq >.build/apt-update.log 2>&1 || :
        for package in $extra; do
            apt_install $root $package || say "not available here: $package"
        done
        test -z "$wanted" || apt_install $root $wanted || tail -n 5 .build/apt.log
        wanted=$(missing $wanted)
        test -n "$wanted" || return 0
    elif test -z "$wanted"; then
        say "not installed (their checks are skipped):$extra"
        return 0
    fi
    say "Packages are missing.  As root: apt-get install$wanted$(missing $2)" >&2
    exit 2
}

# A build in the source folder would be picked up by the builds outside it.
prepare_source() {
    if test -f config.status; then
        say 'the source folder is configured itself: make distclean'
        make -s distclean >/dev/null 2>&1 || rm -f config.status
    fi
    # Later changes are noticed by make itself.
    if test -n "$(find configure Makefile.in ! -newer configure.ac 2>&1)"; then
        autoreconf -fi >.build/autoreconf.log 2>&1 || {
            cat .build/autoreconf.log
            return 1
        }
    fi
}

# Configures this folder, unless it was configured with the same arguments.
configure_here() {
    if test -f config.status && test "$(cat configured-with 2>/dev/null)" = "$*"; then
        return 0
    fi
    ../../configure -q "$@" && echo "$*" >configured-with
}

# build NAME CONFIGURE-ARGUMENT...: configures and makes .build/NAME; quiet unless it fails.
build() {
    name=$1
    shift
    mkdir -p ".build/$name"
    (
        cd ".build/$name" && configure_here "$@" && make -s -j"$jobs" all
    ) >".build/$name.build.log" 2>&1 || {
        tail -n 60 ".build/$name.build.log"
        return 1
    }
}
