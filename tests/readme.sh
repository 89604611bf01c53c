#!/bin/sh
# Runs every command of README.md.  A block ```sh is run in a folder with benchmarks/, one
# after the other.  Other kinds: "setup" blocks are what tests/all and CI run anyway,
# "network" blocks would leave this machine, "installed" ones need an installation and are run
# by the test of it, and "long" ones take many minutes (suites.sh and control.sh play parts of
# them); "data" blocks need ACCORD_DATA and "control" blocks MuJoCo.
page=$(cd "$srcdir" && pwd)/README.md
build=$(pwd)
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
ln -s "$(cd "$srcdir" && pwd)/benchmarks" "$dir/benchmarks"
cd "$dir" || exit 99
PATH=$build:$PATH
XDG_DATA_HOME=$dir/user
NO_COLOR=1
export PATH XDG_DATA_HOME NO_COLOR

bad=0
count=0
while :; do
    kind=$(awk -v n=$((count + 1)) '/^```sh/ && ++i == n {print ($2 ? $2 : "run")}' "$page")
    test -n "$kind" || break
    count=$((count + 1))
    awk -v n=$count '/^```sh/ {inside = ++i == n; next} /^```/ {inside = 0} inside' "$page" >block
    test $kind = data && test -n "$ACCORD_DATA" && kind=run
    test $kind = control && accord info visual >/dev/null 2>&1 && kind=run
    case $kind in
    run)
        if ! sh -eux block >out 2>&1 </dev/null; then
            echo "fails in README.md:"
            cat out
            bad=1
        fi
        ;;
    data) echo "skipped: readme: no ACCORD_DATA for: $(head -n 1 block)" ;;
    control) echo "skipped: readme: no MuJoCo for: $(head -n 1 block)" ;;
    setup | network | installed | long) echo "not run here ($kind): $(head -n 1 block)" ;;
    *)
        echo "README.md: a block of an unknown kind: $kind"
        bad=1
        ;;
    esac
done
test $count -ge 5 || {
    echo "README.md has only $count blocks of commands"
    bad=1
}
exit $bad
