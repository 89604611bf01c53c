/* kernels_loops.h - the kernels that go over an array once. */
#ifndef ACCORD_KERNELS_LOOPS_H
#define ACCORD_KERNELS_LOOPS_H

#include "nn/kernels.h"
#include "nn/kernels_maths.h"

/* The body once for each vector of 0 .. n - 1 and once for the rest: `v` loads and `put`
 * stores what belongs to the part. */
#define EACH(n, ...) \
    do { \
        size_t i = 0; \
        for (; i + W <= (n); i += W) { \
            const size_t part = W; \
            __VA_ARGS__ \
        } \
        if (i < (n)) { \
            const size_t part = (n)-i; \
            __VA_ARGS__ \
        } \
    } while (0)

VFN vf vload_part(const float *p, size_t part, float fill) {
    return part == W ? vload(p) : vload_n(p, part, fill);
}
VFN void vstore_part(float *p, vf v, size_t part) {
    if (part == W)
        vstore(p, v);
    else
        vstore_n(p, v, part);
}
/* p = v, or p += v with `add`. */
VFN void vput(float *p, vf v, size_t part, bool add) {
    vstore_part(p, add ? v + vload_part(p, part, 0) : v, part);
}

#define AT(p) vload_part((p) + i, part, 0)

#define FORWARD(name, f) \
    static void name(float *y, const float *x, size_t n) { \
        EACH(n, vstore_part(y + i, f(AT(x)), part);); \
    }
FORWARD(kernel_exp, vexp)
FORWARD(kernel_log, vlog)
FORWARD(kernel_tanh, vtanh)
FORWARD(kernel_sigmoid, vsigmoid)
FORWARD(kernel_gelu, vgelu)
FORWARD(kernel_silu, vsilu)

VFN vf vrelu(vf x) {
    return vmax(vset(0), x);
}
FORWARD(kernel_relu, vrelu)

static void kernel_elu(float *y, const float *x, float alpha, size_t n) {
    EACH(n, {
        vf v = AT(x);
        vstore_part(y + i, vselect(vgt(v, vset(0)), v, alpha * vexpm1(v)), part);
    });
}

/* `s` is what the form reads, x or y; f its slope. */
#define BACKWARD(name, f) \
    static void name(float *dx, const float *dy, const float *s, size_t n, bool add) { \
        EACH(n, vput(dx + i, AT(dy) * f(AT(s)), part, add);); \
    }
BACKWARD(kernel_gelu_back, vgelu_slope)
BACKWARD(kernel_silu_back, vsilu_slope)

VFN vf vtanh_slope(vf y) {
    return 1.0f - y * y;
}
BACKWARD(kernel_tanh_back, vtanh_slope)

VFN vf vsigmoid_slope(vf y) {
    return y * (1.0f - y);
}
BACKWARD(kernel_sigmoid_back, vsigmoid_slope)

static void kernel_relu_back(float *dx, const float *dy, const float *y, size_t n,
                             bool add) {
    EACH(n, vput(dx + i, vselect(vgt(AT(y), vset(0)), AT(dy), vset(0)), part, add););
}

static void kernel_elu_back(float *dx, const float *dy, const float *y, float alpha,
                            size_t n, bool add) {
    EACH(n, {
        vf v = AT(y), slope = vselect(vgt(v, vset(0)), vset(1), v + alpha);
        vput(dx + i, AT(dy) * slope, part, add);
    });
}

static void kernel_add(float *y, const float *a, const float *b, size_t n) {
    EACH(n, vstore_part(y + i, AT(a) + AT(b), part););
}
static void kernel_sub(float *y, const float *a, const float *b, size_t n) {
    EACH(n, vstore_part(y + i, AT(a) - AT(b), part););
}
static void kernel_mul(float *y, const float *a, const float *b, size_t n) {
    EACH(n, vstore_part(y + i, AT(a) * AT(b), part););
}
static void kernel_mul_add(float *y, const float *a, const float *b, size_t n) {
    EACH(n, vstore_part(y + i, vfma(AT(a), AT(b), AT(y)), part););
}
static void kernel_scale(float *y, float a, const float *x, size_t n) {
    EACH(n, vstore_part(y + i, a * AT(x), part););
}
static void kernel_axpy(float *y, float a, const float *x, size_t n) {
    EACH(n, vstore_part(y + i, vfma(vset(a), AT(x), AT(y)), part););
}

/* The compilers' own vectors would take bytes one by one. */
static void kernel_bytes(float *y, float a, const uint8_t *x, size_t n) {
    size_t i = 0;

    for (; i + W <= n; i += W)
        vstore(y + i, a * vbytes(x + i));
    for (; i < n; i++)
        y[i] = a * (float)x[i];
}
static void kernel_ema(float *y, const float *x, float tau, size_t n) {
    EACH(n, {
        vf v = AT(y);
        vstore_part(y + i, vfma(vset(tau), AT(x) - v, v), part);
    });
}

static void kernel_adam(float *p, float *m, float *v, const float *g,
                        const accord_adam_step *step, size_t n) {
    const double t = (double)step->t;
    const float b1 = (float)step->beta1, c1 = (float)(1.0 - step->beta1);
    const float b2 = (float)step->beta2, c2 = (float)(1.0 - step->beta2);
    const float rate = (float)(step->lr / (1.0 - pow(step->beta1, t)));
    const float root = (float)(1.0 / sqrt(1.0 - pow(step->beta2, t)));
    const float keep = (float)(1.0 - step->lr * step->decay);
    const float scale = (float)step->scale, eps = (float)step->eps;

    EACH(n, {
        vf d = scale * AT(g);
        vf first = vfma(vset(b1), AT(m), c1 * d);
        vf second = vfma(vset(b2), AT(v), c2 * d * d);
        vstore_part(m + i, first, part);
        vstore_part(v + i, second, part);
        vf off = rate * first / vfma(vsqrt(second), vset(root), vset(eps));
        vstore_part(p + i, keep * AT(p) - off, part);
    });
}

/* Terms that are summed in floats, four vectors of lanes, before they go to a double. */
enum { SUM_TERMS = 4096 };

typedef vf (*sum_term)(vf s, const float *a, const float *b, size_t part);

VFN vf vsum_term(vf s, const float *a, const float *b, size_t part) {
    return s + vload_part(a, part, 0);
}
VFN vf vdot_term(vf s, const float *a, const float *b, size_t part) {
    return vfma(vload_part(a, part, 0), vload_part(b, part, 0), s);
}
VFN double vreduction(sum_term term, const float *a, const float *b, size_t n) {
    double total = 0;

    for (size_t begin = 0; begin < n; begin += SUM_TERMS) {
        size_t i = begin, end = n - begin < SUM_TERMS ? n : begin + SUM_TERMS;
        vf s[4] = {vset(0), vset(0), vset(0), vset(0)};
        for (; i + 4 * W <= end; i += 4 * W)
            for (size_t j = 0; j < 4; j++)
                s[j] = term(s[j], a + i + j * W, b + i + j * W, W);
        for (; i < end; i += W)
            s[0] = term(s[0], a + i, b + i, end - i < W ? end - i : W);
        total += (double)vsum((s[0] + s[1]) + (s[2] + s[3]));
    }
    return total;
}
static double kernel_sum(const float *x, size_t n) {
    return vreduction(vsum_term, x, x, n);
}
static double kernel_dot(const float *a, const float *b, size_t n) {
    return vreduction(vdot_term, a, b, n);
}
static double kernel_sum_squares(const float *x, size_t n) {
    return vreduction(vdot_term, x, x, n);
}

#endif
