# compare_scipy.py RUN: computes six comparisons of a run from its summaries with SciPy
# and holds what `accord compare RUN --baseline single_gpt_4o --json` says on stdin to it.
import json
import sys

import numpy as np
from scipy import stats

PAIRS = ["single_llama_31_405b", "single_claude_35_sonnet", "single_deepseek_chat",
         "single_qwen2_7b", "single_gemma_2_2b", "vote_best5"]
BASELINE = "single_gpt_4o"
bad = 0


def scores(run, method):
    with open(f"{run}/cells/gsm8k/{method}/1/summary.json") as f:
        items = json.load(f)["modes"][0]["items"]
    return dict(zip(items["id"], items["score"]))


def hold(what, found, wanted, tolerance):
    global bad
    if not abs(found - wanted) <= tolerance:
        print(f"{what}: {found}, SciPy says {wanted}")
        bad = 1


def wilson(x, n):
    ci = stats.binomtest(int(x), n).proportion_ci(method="wilson")
    return x / n, ci.low, ci.high


def newcombe(both, b, c, neither):
    # Newcombe 1998, method 10: phi is drawn to 0 by n/2 in its numerator.
    n = both + b + c + neither
    p1, l1, u1 = wilson(both + b, n)
    p2, l2, u2 = wilson(both + c, n)
    margins = (both + b) * (c + neither) * (both + c) * (b + neither)
    cross = both * neither - b * c
    if cross > n / 2:
        cross -= n / 2
    elif cross >= 0:
        cross = 0
    phi = cross / np.sqrt(margins) if margins else 0
    low = np.sqrt((p1 - l1) ** 2 - 2 * phi * (p1 - l1) * (u2 - p2) + (u2 - p2) ** 2)
    high = np.sqrt((u1 - p1) ** 2 - 2 * phi * (u1 - p1) * (p2 - l2) + (p2 - l2) ** 2)
    return p1 - p2 - low, p1 - p2 + high


run = sys.argv[1]
answer = json.load(sys.stdin)
base = scores(run, BASELINE)
p_all = []
for c in answer["comparisons"]:
    mine = scores(run, c["a"]["method"])
    d = np.array([mine[i] - base[i] for i in base])
    only_a, only_b = int((d > 0).sum()), int((d < 0).sum())
    m, least = only_a + only_b, min(only_a, only_b)
    coins = stats.binom(m, 0.5)
    p = min(1, 2 * (coins.cdf(least - 1) + coins.pmf(least) / 2))
    p_all.append((p, c))
    if c["a"]["method"] not in PAIRS:
        continue
    name = c["a"]["method"]
    both = int(sum(mine[i] == 1 and base[i] == 1 for i in base))
    hold(f"{name} delta", c["delta"], d.mean(), 1e-12)
    hold(f"{name} b", c["only_a"], only_a, 0)
    hold(f"{name} c", c["only_b"], only_b, 0)
    hold(f"{name} p", c["p"], p, 1e-9)
    low, high = newcombe(both, only_a, only_b, len(d) - both - m)
    hold(f"{name} low", c["ci"][0], low, 1e-6)
    hold(f"{name} high", c["ci"][1], high, 1e-6)
    detectable = (stats.norm.ppf(0.975) + stats.norm.ppf(0.8)) * stats.sem(d)
    hold(f"{name} detectable", c["detectable"], detectable, 1e-9)
    for method, key in (("percentile", "percentile"), ("BCa", "bca")):
        ci = stats.bootstrap((d,), np.mean, n_resamples=9999, method=method, batch=500,
                             random_state=1).confidence_interval
        hold(f"{name} {key} low", c["bootstrap"][key][0], ci.low, 1.5e-3)
        hold(f"{name} {key} high", c["bootstrap"][key][1], ci.high, 1.5e-3)
p_all.sort(key=lambda x: x[0])
worst = 0
for j, (p, c) in enumerate(p_all):
    worst = max(worst, min(1, (len(p_all) - j) * p))
    hold(f"{c['a']['method']} after Holm", c["p_holm"], worst, 1e-9)
sys.exit(bad)
