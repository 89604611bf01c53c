"""SciPy's and NumPy's side of stats: prints the seconds that the case of that name takes.

The report of runs is written as rliable does it, a replicate at a time; a fiftieth of its
replicates is timed and multiplied.
"""
import sys
import time

import numpy as np
from scipy import stats

rng = np.random.default_rng(1)
QUESTIONS, SEEDS, METHODS, RUNS, TASKS, CURVE = 1319, 3, 4, 10, 6, 25


def compare():
    a = (rng.uniform(size=QUESTIONS) < 0.9).astype(float)
    b = np.where(rng.uniform(size=QUESTIONS) < 0.1, 1 - a, a)
    begin = time.perf_counter()
    d = a - b
    stats.ttest_rel(a, b)
    up, down = int((d > 0).sum()), int((d < 0).sum())
    stats.binomtest(up, up + down)
    stats.bootstrap((d,), np.mean, n_resamples=10000, batch=1000, random_state=rng)
    return time.perf_counter() - begin


def cross():
    x = rng.normal(size=(QUESTIONS, SEEDS))
    begin = time.perf_counter()
    means = [x[rng.integers(QUESTIONS, size=QUESTIONS)][:, rng.integers(SEEDS, size=SEEDS)].mean()
             for _ in range(10000)]
    np.quantile(means, [0.025, 0.975])
    return time.perf_counter() - begin


def drawn(x):
    return x[rng.integers(RUNS, size=(RUNS, TASKS)), np.arange(TASKS)]


def aggregates(x):
    means = x.mean(axis=0)
    return (means.mean(), np.median(means), stats.trim_mean(x, 0.25, axis=None),
            1 - np.minimum(x, 1).mean())


def improvement(x, y):
    more = (x[:, None] > y[None]).sum(axis=(0, 1)) + 0.5 * (x[:, None] == y[None]).sum(axis=(0, 1))
    return (more / (RUNS * RUNS)).mean()


def report(replicates=1000, wanted=50000):
    x = rng.uniform(size=(METHODS, RUNS, TASKS))
    begin = time.perf_counter()
    for m in range(METHODS):
        np.quantile([aggregates(drawn(x[m])) for _ in range(replicates)], [0.025, 0.975], axis=0)
        for other in range(m):
            np.quantile([improvement(drawn(x[m]), drawn(x[other])) for _ in range(replicates)], [0.025, 0.975])
    return (time.perf_counter() - begin) * wanted / replicates


def learn(replicates=200, wanted=2000):
    x = rng.uniform(size=(METHODS, CURVE, RUNS, TASKS))
    begin = time.perf_counter()
    for m in range(METHODS):
        for _ in range(replicates):
            picked = x[m][:, rng.integers(RUNS, size=(RUNS, TASKS)), np.arange(TASKS)]
            stats.trim_mean(picked.reshape(CURVE, -1), 0.25, axis=1)
    return (time.perf_counter() - begin) * wanted / replicates


print({"compare": compare, "cross": cross, "report": report, "learn": learn}[sys.argv[1]]())
