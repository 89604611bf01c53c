#!/bin/sh
# How many agent steps a second a control method trains, in the whole loop, and which share of
# that the environment takes with its pictures and the journal: what the same episodes cost
# before anything is learned, when actions are random.  Cart-pole, laptop networks, one core.
# The episode in which the first updates are made at once is left out.
accord=./accord
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
$accord info visual >/dev/null 2>&1 || {
    echo 'loop: no MuJoCo'
    exit 0
}

for method in sac drq svea naive_augmentation cg2a; do
    $accord run "$srcdir/benchmarks/cg2a-short.json" --method $method -j 1 --progress none \
        --set methods/$method/params/init_steps=250 --set methods/$method/train/steps=500 \
        -o "$work/$method" >"$work/out" 2>&1 || {
        cat "$work/out"
        exit 1
    }
    sed -n 's/.*"ep":"train\/\([0-9]*\)\/.*"steps":\([0-9]*\),.*"us":\([0-9]*\),.*/\1 \2 \3/p' \
        "$work/$method"/cells/*/*/1/journal.jsonl | awk -v method=$method '
        $1 < 125 {idle += $3; n += $2}
        $1 >= 250 {busy += $3; m += $2}
        END {printf "%-18s  %6.1f agent steps/s  environment %4.1f %% (%d steps/s alone)\n",
             method, m * 1e6 / busy, 100 * (idle / n) / (busy / m), n * 1e6 / idle}'
done
