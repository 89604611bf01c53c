"""Holds core/stats to SciPy: recorded models in pairs, and random numbers with their edges.

The arguments are tests/stats_calc and, where it is there, the file of recorded answers.
"""
import gzip
import json
import math
import subprocess
import sys

import numpy as np
from scipy import stats

rng = np.random.default_rng(20261129)
questions, checks = [], []
failed = 0


def ask(check, name, n, *parts):
    """A question to stats_calc; check(label, numbers) looks at its answer."""
    flat = [repr(float(v)) for part in parts for v in np.asarray(part, dtype=float).ravel()]
    questions.append(" ".join([name, str(n), *flat]))
    checks.append(check)


def same(label, found, expected, tolerance=1e-9, floor=1e-12):
    """Equal up to a relative tolerance; what SciPy cannot know either is not compared."""
    global failed
    if math.isnan(expected) and math.isnan(found):
        return
    if not abs(found - expected) <= floor + tolerance * abs(expected):
        print(f"{label}: {found!r} is not {expected!r}")
        failed += 1


def near(label, found, expected, slack):
    """Equal up to what chance may do."""
    global failed
    if not abs(found - expected) <= slack:
        print(f"{label}: {found!r} is not within {slack!r} of {expected!r}")
        failed += 1


def resampled_means(d, n=10000):
    return np.array([d[rng.integers(len(d), size=len(d))].mean() for _ in range(n)])


def mid_p(b, c):
    m = b + c
    return min(1, 2 * stats.binom.cdf(min(b, c), m, 0.5) - stats.binom.pmf(min(b, c), m, 0.5)) if m else 1


def newcombe(a, b):
    """Newcombe 1998, method 10, from its definition."""
    n = len(a)
    both, up, down, none = (int(np.sum((a == i) & (b == j))) for i, j in ((1, 1), (1, 0), (0, 1), (0, 0)))
    (p, l1, u1), (q, l2, u2) = ((r / n, *stats.binomtest(r, n).proportion_ci(method="wilson"))
                                for r in (both + up, both + down))
    cross, margins = both * none - up * down, (both + up) * (down + none) * (both + down) * (up + none)
    if cross > 0:
        cross = max(cross - n / 2, 0)
    phi = cross / math.sqrt(margins) if margins else 0
    return (p - q - math.sqrt((p - l1) ** 2 - 2 * phi * (p - l1) * (u2 - q) + (u2 - q) ** 2),
            p - q + math.sqrt((u1 - p) ** 2 - 2 * phi * (u1 - p) * (q - l2) + (q - l2) ** 2))


def verdicts():
    """Random tables of verdicts: rare flips, none, all wrong."""
    for n, right, flip in ((1, 0.5, 0.5), (10, 0.5, 0.3), (30, 1, 0), (30, 0, 0), (50, 0.5, 0.9), (100, 0.8, 0.1)):
        a = (rng.uniform(size=n) < right).astype(float)
        b = np.where(rng.uniform(size=n) < flip, 1 - a, a)

        def check(found, a=a, b=b, n=n):
            up, down = int((a > b).sum()), int((a < b).sum())
            same(f"{n} verdicts: McNemar, exact", found[13], stats.binomtest(up, up + down).pvalue if up + down else 1)
            low, high = newcombe(a, b)
            same(f"{n} verdicts: Newcombe, low", found[18], low)
            same(f"{n} verdicts: Newcombe, high", found[19], high)

        ask(check, "pair", n, a, b)


def pair(label, a, b):
    """Verdicts of two methods on the same questions."""
    d = a - b
    n = len(d)
    up, down = int((d > 0).sum()), int((d < 0).sum())

    def check(found):
        mean, se, lo, hi, p, boot_mean, boot_se, boot_lo, boot_hi, boot_p, bca_lo, bca_hi, flip = found[:13]
        exact, mid, asymptotic = found[13:16]
        same(f"{label}: mean difference", mean, d.mean())
        same(f"{label}: standard error", se, stats.sem(d))
        same(f"{label}: SE with covariance", se, math.sqrt(
            stats.sem(a) ** 2 + stats.sem(b) ** 2 - 2 * np.cov(a, b)[0, 1] / n))
        same(f"{label}: t test", p, stats.ttest_rel(a, b).pvalue)
        interval = stats.t.interval(0.95, n - 1, d.mean(), stats.sem(d))
        same(f"{label}: t interval, low", lo, interval[0])
        same(f"{label}: t interval, high", hi, interval[1])
        same(f"{label}: McNemar, exact", exact, stats.binomtest(up, up + down).pvalue if up + down else 1)
        same(f"{label}: McNemar, mid-p", mid, mid_p(up, down))
        same(f"{label}: McNemar, asymptotic", asymptotic,
             stats.chi2.sf((up - down) ** 2 / (up + down), 1) if up + down else 1)
        low, high = newcombe(a, b)
        same(f"{label}: Newcombe, low", found[18], low)
        same(f"{label}: Newcombe, high", found[19], high)
        means = resampled_means(d)
        slack = 0.2 * stats.sem(d) + 1 / n
        near(f"{label}: bootstrap, SE", boot_se, means.std(), 0.06 * stats.sem(d))
        near(f"{label}: bootstrap, low", boot_lo, np.quantile(means, 0.025), slack)
        near(f"{label}: bootstrap, high", boot_hi, np.quantile(means, 0.975), slack)
        bca = stats.bootstrap((d,), np.mean, n_resamples=10000, batch=1000, random_state=rng).confidence_interval
        near(f"{label}: BCa, low", bca_lo, bca.low, slack)
        near(f"{label}: BCa, high", bca_hi, bca.high, slack)

    ask(check, "pair", n, a, b)


def recorded(path):
    """Six pairs of models: next to each other, far apart, and both kinds of flips."""
    right = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            right.setdefault(row["model"], {})[row["question_id"]] = float(row["correct"])
    for first, second in (
            ("claude-3-5-sonnet-20240620", "gpt-4o-2024-05-13"),
            ("Meta-Llama-3.1-405B-Instruct@hyperbolic", "claude-3-5-sonnet-20240620"),
            ("deepseek-chat", "Qwen2-72B-Instruct"),
            ("yi-large", "Qwen2-7B-Instruct"),
            ("Yi-1.5-9B-Chat", "Qwen2-7B-Instruct"),
            ("gemma-2-2b-it", "gpt-4o-2024-05-13")):
        ids = sorted(right[first].keys() & right[second].keys())
        if len(ids) != 1319:
            print(f"{first} and {second} share {len(ids)} questions")
            sys.exit(1)
        pair(f"{first} - {second}", np.array([right[first][i] for i in ids]),
             np.array([right[second][i] for i in ids]))


def small_pairs():
    """Ties, equal methods, one question, clear cuts: what small tables are made of."""
    for n in (2, 3, 5, 8, 12):
        for kind in range(4):
            a = rng.integers(0, 3, n) / 2 if kind else rng.normal(size=n)
            b = a.copy() if kind == 3 else rng.integers(0, 3, n) / 2

            def check(found, a=a, b=b, n=n):
                d = a - b
                same("small: mean", found[0], d.mean())
                if d.std() > 0:
                    same("small: SE", found[1], stats.sem(d))
                    same("small: p", found[4], stats.ttest_1samp(d, 0).pvalue)
                flips = stats.permutation_test((d,), np.sum, permutation_type="samples", n_resamples=np.inf)
                if d.any():
                    same("small: sign flips", found[12],
                         np.mean(np.abs(flips.null_distribution) >= abs(d.sum()) - 1e-9))

            ask(check, "pair", n, a, b)
    ask(lambda found: same("one question: mean", found[0], 1), "pair", 1, [1], [0])


def skewed():
    """Costs, where BCa differs from the percentile interval."""
    for n in (15, 40, 150):
        d = rng.lognormal(0, 1.2, n) - 1

        def check(found, d=d):
            sem = stats.sem(d)
            for method, low, high in (("percentile", found[7], found[8]), ("BCa", found[10], found[11])):
                theirs = stats.bootstrap((d,), np.mean, n_resamples=40000, batch=1000, method=method,
                                         random_state=rng).confidence_interval
                near(f"skewed: {method}, low", low, theirs.low, 0.15 * sem)
                near(f"skewed: {method}, high", high, theirs.high, 0.35 * sem)

        ask(check, "pair", n, d, np.zeros(n))


def clusters():
    """Unequal sizes; the formula, and a bootstrap of whole clusters."""
    for n, groups in ((12, 3), (60, 8), (300, 25), (300, 250), (7, 1)):
        cluster = np.minimum(rng.geometric(1.5 / (groups + 1), n) - 1, groups - 1)
        x = rng.normal(size=groups)[cluster] + rng.normal(size=n)

        def check(found, x=x, cluster=cluster, n=n):
            mean, se, lo, hi, p, design, boot_se = found
            ids = np.unique(cluster)
            g = len(ids)
            same("clusters: mean", mean, x.mean())
            if g < 2:
                same("one cluster: SE", se, math.nan)
                return
            sums = np.array([(x[cluster == c] - x.mean()).sum() for c in ids])
            theirs = math.sqrt(g / (g - 1) * (sums ** 2).sum()) / n
            same("clusters: SE", se, theirs)
            same("clusters: p", p, 2 * stats.t.sf(abs(x.mean() / theirs), g - 1))
            same("clusters: high", hi, x.mean() + theirs * stats.t.ppf(0.975, g - 1))
            same("clusters: design effect", design, (theirs / stats.sem(x)) ** 2)
            totals = np.array([[x[cluster == c].sum(), (cluster == c).sum()] for c in ids])
            drawn = totals[rng.integers(g, size=(20000, g))].sum(axis=1)
            spread = (drawn[:, 0] / drawn[:, 1]).std()
            near("clusters: bootstrap", boot_se, spread, 0.06 * spread)

        ask(check, "clustered", n, x, cluster)


def crossed():
    for items, seeds in ((40, 3), (15, 8)):
        x = rng.normal(0.3, 1, (items, 1)) + rng.normal(size=(1, seeds)) + rng.normal(size=(items, seeds))

        def check(found, x=x, items=items, seeds=seeds):
            means = np.array([x[rng.integers(items, size=items)][:, rng.integers(seeds, size=seeds)].mean()
                              for _ in range(10000)])
            same("crossed: mean", found[0], x.mean())
            near("crossed: SE", found[1], means.std(), 0.06 * means.std())
            near("crossed: low", found[2], np.quantile(means, 0.025), 0.2 * means.std())
            near("crossed: high", found[3], np.quantile(means, 0.975), 0.2 * means.std())

        ask(check, "crossed", items, [seeds], x)


def training_runs():
    for n, tasks in ((5, 1), (10, 6), (3, 26), (1, 4)):
        x = rng.choice([rng.normal(0.5, 0.4, (n, tasks)), rng.integers(0, 4, (n, tasks)) / 2.0])
        y = rng.integers(0, 4, (n + 2, tasks)) / 2

        def check(found, x=x, n=n):
            same("runs: mean", found[0], x.mean())
            same("runs: median", found[4], np.median(x.mean(axis=0)))
            same("runs: IQM", found[8], stats.trim_mean(x, 0.25, axis=None))
            same("runs: optimality gap", found[12], 1 - np.minimum(x, 1).mean())
            if n < 2:
                return
            tasks = x.shape[1]
            iqm = np.array([stats.trim_mean(x[rng.integers(n, size=(n, tasks)), np.arange(tasks)], 0.25, axis=None)
                            for _ in range(5000)])
            near("runs: IQM, SE", found[9], iqm.std(), 0.07 * iqm.std())
            near("runs: IQM, low", found[10], np.quantile(iqm, 0.025), 0.25 * iqm.std())
            near("runs: IQM, high", found[11], np.quantile(iqm, 0.975), 0.25 * iqm.std())

        ask(check, "runs", n, [tasks], x)

        def check_improvement(found, x=x, y=y):
            u = [stats.mannwhitneyu(x[:, t], y[:, t]).statistic for t in range(x.shape[1])]
            same("runs: improvement", found[0], np.mean(u) / (len(x) * len(y)))

        ask(check_improvement, "improvement", n, [n + 2, tasks], x, y)


def families():
    for m in (1, 2, 7, 40):
        p = np.round(rng.uniform(size=m) ** 3, 2)  # with ties and zeros
        p[0] = 0

        def check(found, p=p, m=m):
            order = np.argsort(p, kind="stable")
            holm, bh = np.empty(m), np.empty(m)
            holm[order] = np.minimum(1, np.maximum.accumulate((m - np.arange(m)) * p[order]))
            bh[order] = np.minimum(1, np.minimum.accumulate((m / np.arange(1, m + 1) * p[order])[::-1])[::-1])
            for i in range(m):
                same("Holm", found[i], holm[i])
                same("Benjamini-Hochberg", found[m + i], bh[i])

        ask(check, "adjusted", m, p)


def distributions():
    for _ in range(300):
        n = int(10 ** rng.uniform(0, 5))
        k = min(n, int(n * rng.beta(20, 20) if n > 50 else rng.integers(n + 1)))
        z, df = abs(rng.normal(0, 3)), 10 ** rng.uniform(-0.3, 5)
        p = 10 ** rng.uniform(-12, -0.01)

        def check(found, n=n, k=k, z=z, df=df, p=p):
            at = f"n {n} k {k} z {z} df {df} p {p}"
            same(f"coins, {at}", found[0], stats.binom.pmf(k, n, 0.5), 1e-9)
            same(f"coins, lower, {at}", found[1], stats.binom.cdf(k, n, 0.5), 1e-9)
            same(f"normal, {at}", found[2], stats.norm.cdf(z))
            same(f"t, {at}", found[3], 2 * stats.t.sf(z, df), 1e-8)
            same(f"chi-square, {at}", found[4], stats.chi2.sf(z * z, 1))
            same(f"normal quantile, {at}", found[5], stats.norm.ppf(p))
            same(f"t quantile, {at}", found[6], stats.t.isf(p / 2, df), 1e-7)

        ask(check, "distributions", n, [k, z, df, p])


def passes():
    for _ in range(50):
        n = int(rng.integers(1, 200))
        c, k = int(rng.integers(n + 1)), int(rng.integers(1, n + 1))

        def check(found, n=n, c=c, k=k):
            same("pass@k", found[0], stats.hypergeom.sf(0, n, c, k), 1e-8)
            same("pass^k", found[1], math.comb(c, k) / math.comb(n, k))

        ask(check, "passes", n, [c, k])


def shares():
    for n, right in ((1, 0), (1, 1), (30, 0), (30, 27), (30, 30), (1319, 1121)):
        def check(found, n=n, right=right):
            theirs = stats.binomtest(right, n).proportion_ci(method="wilson")
            same("Wilson, low", found[2], theirs.low)
            same("Wilson, high", found[3], theirs.high)

        ask(check, "wilson", n, [right])


if len(sys.argv) > 2:
    recorded(sys.argv[2])
for part in (verdicts, small_pairs, skewed, clusters, crossed, training_runs, families, distributions, passes, shares):
    part()
answers = subprocess.run([sys.argv[1]], input="\n".join(questions) + "\n", capture_output=True, text=True)
lines = answers.stdout.splitlines()
if answers.returncode or len(lines) != len(questions):
    print(f"stats_calc answered {len(lines)} of {len(questions)} questions: {answers.stderr}")
    sys.exit(1)
for check, line in zip(checks, lines):
    check([float(number) for number in line.split()])
print(f"{len(questions)} questions, {failed} differences from SciPy")
sys.exit(failed > 0)
