/* backend.c - what computes here. */
#include <cblas.h>
#include <stdio.h>

#include <accord/nn.h>

#include "nn/kernels.h"
#include "nn/onednn.h"

void accord_nn_backend(char *text, size_t size) {
#ifdef HAVE_DNNL
    const dnnl_version_t *v = dnnl_version();
    snprintf(text, size, "openblas %s, onednn %d.%d.%d isa %#x, kernels %s",
             openblas_get_corename(), v->major, v->minor, v->patch,
             (unsigned)dnnl_get_effective_cpu_isa(), accord_kernels_best()->name);
#else
    snprintf(text, size, "openblas %s, kernels %s", openblas_get_corename(),
             accord_kernels_best()->name);
#endif
}
