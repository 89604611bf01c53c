#!/bin/sh
# The pocket models from their seeds, or from where it was interrupted: every piece that
# is there already is not made again, and training goes on at its last checkpoint.
#   rebuild.sh PROGRAM FOLDER OUT    the program `pocket`, a folder for what is under way,
#                                    and one for the weights and the manifest
set -e
pocket=$1 dir=$2 out=$3
mkdir -p "$dir/base" "$dir/done" "$out"
OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
export OPENBLAS_NUM_THREADS OMP_NUM_THREADS

# A model that answers, and what it says to problems of the train split.
base() {
    "$pocket" train "$1" base "$dir" &&
        { test -f "$dir/base/$1.pocket" ||
            "$pocket" export "$1" base "$dir" "$dir/base/$1.pocket"; } &&
        { test "$1" = s || test -f "$dir/$1-samples.jsonl" ||
            "$pocket" sample "$1" "$dir/base/$1.pocket" "$dir" 4000; }
}
# What is learnt on these samples.
skills() {
    "$pocket" train "$1" skills "$dir" && "$pocket" train "$1" all "$dir" &&
        "$pocket" export "$1" all "$dir" "$dir/done/$1.pocket"
}

# Two at a time, one on each core.
{ base m && skills m && base s && cp "$dir/base/s.pocket" "$dir/done" &&
    : >"$dir/first"; } &
{ base m2 && skills m2 && : >"$dir/second"; } &
wait
test -f "$dir/first" && test -f "$dir/second"
test -f "$dir/scores.json" ||
    { "$pocket" score "$dir/done" 500 >"$dir/scores.part" &&
        mv "$dir/scores.part" "$dir/scores.json"; }
"$pocket" manifest "$dir" "$dir/scores.json" >"$dir/done/manifest.json"
cp "$dir"/done/*.pocket "$dir/done/manifest.json" "$out"
