/* kernels_maths.h - exp, log, the error function and what is made of them, on one vector.
 *
 * Tested against double references over the whole range in tests/check_nn_kernels.c. */
#ifndef ACCORD_KERNELS_MATHS_H
#define ACCORD_KERNELS_MATHS_H

#include "nn/kernels_vec.h"

/* n and r of x = n log 2 + r, |r| <= log(2) / 2; log 2 in two parts (Cody and Waite
 * 1980): n times the first is exact. */
VFN vf vlog2_parts(vf x, vf *n) {
    *n = vround(x, 1.44269504f);
    vf r = vfma(*n, vset(-0.693359375f), x);

    return vfma(*n, vset(2.12194440e-4f), r);
}

/* exp(r) - 1 for |r| <= log(2) / 2; the polynomial is fitted to 1.3e-8 of r. */
VFN vf vexpm1_near(vf r) {
    vf q = vset(1.39464954e-3f);

    q = vfma(q, r, vset(8.36661068e-3f));
    q = vfma(q, r, vset(4.16662814e-2f));
    q = vfma(q, r, vset(1.66665428e-1f));
    q = vfma(q, r, vset(0.5f));
    return vfma(q * r, r, r);
}

/* exp(x) for -110 <= x <= 90. */
VFN vf vexp_inside(vf x) {
    vf n, r = vlog2_parts(x, &n);
    return vscale2(vexpm1_near(r) + 1.0f, n);
}
VFN vf vexp(vf x) {
    return vexp_inside(vmin(vset(89.0f), vmax(vset(-105.0f), x)));
}

/* exp(x) - 1 for every x, also near 0. */
VFN vf vexpm1(vf x) {
    vf n, r = vlog2_parts(vmin(vset(89.0f), vmax(vset(-30.0f), x)), &n);
    /* 2^n in halves, since 2^128 is out of range. */
    vf half = vscale2(vset(0.5f), n);
    vf p = vfma(vexpm1_near(r), half, half - 0.5f);
    return p + p;
}

/* The polynomial is that of Cephes' logf (Moshier 1992). */
VFN vf vlog(vf x) {
    const vf infinity = vset(INFINITY);
    vm tiny = vgt(vset(0x1p-126f), x);
    vf y = vselect(tiny, x * 0x1p25f, x);
    vi n = (((vi)y >> 23) & 255) - 126;
    vf m = (vf)(((vi)y & 0x007fffff) | 0x3f000000); /* [0.5, 1) */
    vm low = vgt(vset(0.70710678f), m);
    vf e = __builtin_convertvector(n, vf);

    e = vselect(tiny, e - 25.0f, e);
    e = vselect(low, e - 1.0f, e);
    m = vselect(low, m + m, m) - 1.0f;
    vf z = m * m, p = vset(7.0376836292e-2f);
    p = vfma(p, m, vset(-1.1514610310e-1f));
    p = vfma(p, m, vset(1.1676998740e-1f));
    p = vfma(p, m, vset(-1.2420140846e-1f));
    p = vfma(p, m, vset(1.4249322787e-1f));
    p = vfma(p, m, vset(-1.6668057665e-1f));
    p = vfma(p, m, vset(2.0000714765e-1f));
    p = vfma(p, m, vset(-2.4999993993e-1f));
    p = vfma(p, m, vset(3.3333331174e-1f));
    p = vfma(e, vset(-2.12194440e-4f), p * m * z);
    vf r = vfma(e, vset(0.693359375f), m + vfma(vset(-0.5f), z, p));
    r = vselect(vgt(infinity, x), r, x);
    return vselect(vgt(x, vset(0)), r, vselect(vgt(vset(0), x), vset(NAN), x - infinity));
}

/* (exp(2x) - 1) / (exp(2x) + 1) */
VFN vf vtanh(vf x) {
    vf e = vexpm1(vmin(vset(40.0f), 2.0f * x));
    return e / (e + 2.0f);
}

/* sigmoid(x), and 1 - sigmoid(x) without cancellation. */
VFN vf vsigmoid_pair(vf x, vf *rest) {
    vf e = vexp_inside(-vmin(vset(110.0f), vabs(x))), high = 1.0f / (1.0f + e),
       low = e * high;
    vm positive = vgt(x, vset(0));

    *rest = vselect(positive, low, high);
    return vselect(positive, high, low);
}
VFN vf vsigmoid(vf x) {
    vf rest;
    return vsigmoid_pair(x, &rest);
}

/* Phi(x) of the standard normal, and its density in *density.  The tail is density times
 * Mills' ratio; (a + 2.5) times the ratio is a polynomial in (a - 2.5) / (a + 2.5),
 * a = |x| <= 14.5, fitted to 2e-8. */
VFN vf vnormal(vf x, vf *density) {
    vf a = vmin(vset(14.5f), vabs(x)), square = a * a;
    vf e = vexp_inside(-0.5f * square);
    e = vfma(e, -0.5f * vsquare_rest(a, square), e);
    vf scale = 1.0f / (a + 2.5f), q = (a - 2.5f) * scale;

    vf p = vset(-1.57267194e-4f);
    p = vfma(p, q, vset(-3.10865613e-4f));
    p = vfma(p, q, vset(6.84344769e-4f));
    p = vfma(p, q, vset(2.52329791e-3f));
    p = vfma(p, q, vset(-1.60096101e-3f));
    p = vfma(p, q, vset(-1.63860218e-2f));
    p = vfma(p, q, vset(9.23591479e-3f));
    p = vfma(p, q, vset(1.31986965e-1f));
    p = vfma(p, q, vset(-4.33692014e-1f));
    p = vfma(p, q, vset(7.0665666e-1f));
    vf tail = e * (p * scale);
    *density = 0.398942280f * e;
    return vselect(vgt(x, vset(0)), 1.0f - tail, tail);
}

/* Beyond +-40 the factor of x is 0 or 1 already; infinity times 0 must not be made. */
VFN vf vbounded(vf x) {
    return vmin(vset(40.0f), vmax(vset(-40.0f), x));
}
VFN vf vgelu(vf x) {
    vf density, phi = vnormal(x, &density);
    return vmax(vset(-40.0f), x) * phi;
}
VFN vf vgelu_slope(vf x) {
    vf density, phi = vnormal(x, &density);
    return vfma(vbounded(x), density, phi);
}
VFN vf vsilu(vf x) {
    return vmax(vset(-200.0f), x) * vsigmoid(x);
}
VFN vf vsilu_slope(vf x) {
    vf rest, s = vsigmoid_pair(x, &rest);
    return vfma(vmin(vset(200.0f), vmax(vset(-200.0f), x)) * s, rest, s);
}

#endif
