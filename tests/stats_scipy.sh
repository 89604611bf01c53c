#!/bin/sh
# core/stats against SciPy: closed forms, resampling, and six pairs of recorded models.
python=${PYTHON:-/usr/bin/python3}
recorded=$ACCORD_DATA/recorded/gsm8k_12_models.jsonl.gz
if ! $python -c 'import numpy; from scipy.stats import bootstrap, permutation_test' 2>/dev/null; then
    echo 'no SciPy of 1.8 or later (Debian: python3-scipy)'
    exit 77
fi
if test ! -f "$recorded"; then
    echo 'skipped: pairs of recorded models: ACCORD_DATA does not have them'
    recorded=
fi
exec $python "$srcdir/tests/stats_scipy.py" tests/stats_calc $recorded
