#!/bin/sh
# What the harness itself costs: the time until `accord --help` has answered (the fastest of
# 20), and the episode steps a second of the null method on the null task in one cell.
accord=./accord
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

best=1000000000
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    start=$(date +%s%N)
    $accord --help >"$work/help"
    took=$(($(date +%s%N) - start))
    test $took -lt $best && best=$took
done
echo "accord --help: $((best / 1000)) us"

steps=1000 episodes=2000
start=$(date +%s%N)
$accord run "${srcdir:-.}/benchmarks/null.json" -j 1 --progress none -o "$work/run" \
    --set tasks/null/params/steps=$steps --set eval/episodes=$episodes >"$work/table" || exit 1
took=$(($(date +%s%N) - start))
echo "null task: $((steps * episodes * 1000 / (took / 1000000))) steps/s, start-up included"
