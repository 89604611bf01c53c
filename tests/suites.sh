#!/bin/sh
# Every suite of benchmarks/ is valid; those of ECON are what their README says, a dry run
# prices their training and probes, and a small part of the pocket one plays.
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
. "$srcdir/tests/says.sh"
suites=$srcdir/benchmarks

for suite in "$suites"/*.json; do
    test "${suite##*/}" = data.json && continue
    ./accord validate "$suite" >"$dir/out" 2>&1 && continue
    if test -z "$ACCORD_DATA" && grep -q 'no data file' "$dir/out"; then
        echo "skipped: suites: no ACCORD_DATA for $suite"
    elif grep -q '"visual"' "$suite" && ! ./accord info visual >/dev/null 2>&1; then
        echo "skipped: suites: no MuJoCo for $suite"
    else
        fail "$suite is not valid"
        cat "$dir/out"
    fi
done

# cell METHOD KEY: what the dry run says of the first cell of a method.
cell() {
    tr '{' '\n' <"$dir/plan" | grep "\"method\":\"$1\"" | head -n 1 |
        sed "s/.*\"$2\":\\([^,}]*\\).*/\\1/"
}

# same WHAT FOUND EXPECTED
same() {
    test "$2" = "$3" || fail "$1 is $2, not $3"
}

./accord run "$suites/econ-pocket.json" --dry-run --json >"$dir/plan" || fail 'no dry run'
same 'cells of econ-pocket' "$(tr '{' '\n' <"$dir/plan" | grep -c '"method":"econ')" 80
for method in econ econ_fixed econ_random econ_no_strategy econ_majority econ_no_stage2 \
    econ_3x3 econ_mixed; do
    same "training of $method" "$(cell $method train_episodes)" 200
    same "evaluation of $method" "$(cell $method episodes)" 100
done
# 16 questions, each executor's 3 x 3 deviations and none: 16 x 28, at both ends of training and,
# where nothing is learnt, at one.
same 'probes of econ' "$(cell econ probe_episodes)" 896
same 'probes of econ_fixed' "$(cell econ_fixed probe_episodes)" 448
same 'probes of econ_random' "$(cell econ_random probe_episodes)" 0

if test -n "$ACCORD_DATA"; then
    says 0 'cost at most: ' ./accord run "$suites/econ-paper.json" --dry-run
    grep -q '^of the calls, at most [1-9][0-9]* are training and [1-9][0-9]* probes$' "$dir/out" ||
        fail 'the price of econ-paper leaves training or probes out'
fi

# The view at equal tokens of what is played: a method, then each other one beside it.
set -- --limit 3 --seed 1 --task blocks --progress none
sed 's/"episodes": 200, "checkpoint_every": 200/"episodes": 8/; s/"probe": "ends"/"probe": "none"/
s/{"max_tokens": 200/{"entity": 32, "belief": 16, "max_tokens": 200/' \
    "$suites/econ-pocket.json" >"$dir/small.json"
says 0 'blocks  econ_mixed ' ./accord run "$dir/small.json" -o "$dir/run" "$@"
says 0 'blocks  econ              played' ./accord table "$dir/run" --equal-tokens econ
for point in 'econ_3x3          stage@0' 'vote              maj@' 'debate            round@' \
    'single_t02        played'; do
    grep -q "^blocks  $point" "$dir/out" || fail "nothing of $point beside econ"
done
grep -q 'item x seed' "$dir/out" || fail 'a learner is not judged by items and seeds'
says 0 '"mode"' ./accord table "$dir/run" --equal-tokens econ -f json
exit $bad
