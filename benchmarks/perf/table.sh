#!/bin/sh
# What `accord table` takes, start-up and loading included, for a run whose journals have
# 1,000,000 lines: ten methods on 100,000 items, each item an episode of one line.  The
# fastest of five, for right and wrong answers (McNemar against the best) and for scores in
# between.  Wanted: under 1 s.  It reads the summaries, so only these are made.
accord=./accord
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# make_run NAME SCORE: ten sealed cells; SCORE is awk's, of an item's luck r.
make_run() {
    cells=
    for method in 0 1 2 3 4 5 6 7 8 9; do
        cell=$work/$1/cells/q/m$method/1
        mkdir -p "$cell"
        awk -v luck="$method" 'BEGIN {
            n = 100000
            srand(luck)
            printf "{\"schema\":\"accord.summary/1\",\"modes\":[{\"mode\":\"default\",\"n\":%d,", n
            printf "\"answered\":%d,\"calls\":%d,\"tokens\":[%d,9],\"cost\":null,", n, n, n * luck
            printf "\"items\":{\"id\":["
            for (i = 0; i < n; i++) printf "%s\"null-eval-%d\"", i ? "," : "", i
            printf "],\"score\":["
            for (i = 0; i < n; i++) { r = rand(); printf "%s%s", i ? "," : "", '"$2"' }
            print "]}}]}"
        }' >"$cell/summary.json"
        cells="$cells${cells:+,}{\"task\":\"q\",\"method\":\"m$method\",\"seed\":1,"
        cells="$cells\"modes\":[\"default\"],\"unit\":\"item\"}"
    done
    printf '{"schema":"accord.manifest/1","suite":{"suite":"s"},"tasks":{"q":{"plugin":"math",%s' \
        '"score":"accuracy","higher_is_better":true,"min":0,"max":1}},"cells":[' \
        >"$work/$1/manifest.json"
    printf '%s]}\n' "$cells" >>"$work/$1/manifest.json"
}

# fastest WHAT RUN
fastest() {
    best=1000000000000
    for i in 1 2 3 4 5; do
        start=$(date +%s%N)
        $accord table "$work/$2" >"$work/out" || exit 1
        took=$(($(date +%s%N) - start))
        test $took -lt $best && best=$took
    done
    grep -q ' best ' "$work/out" || exit 1
    echo "accord table, $1: $((best / 1000000)) ms"
}

make_run right '(r < 0.85)'
fastest '10 x 100,000 right and wrong answers' right
make_run between 'r'
fastest '10 x 100,000 scores between 0 and 1' between
