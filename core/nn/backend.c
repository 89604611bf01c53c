/* backend.c - what computes here. */
#include <cblas.h>
#include <stdio.h>

#include <accord/nn.h>

#include "nn/kernels.h"

void accord_nn_backend(char *text, size_t size) {
#ifdef HAVE_DNNL
    const char *convolutions = "onednn";
#else
    const char *convolutions = "im2col";
#endif
    snprintf(text, size, "openblas %s, kernels %s, convolutions %s",
             openblas_get_corename(), accord_kernels_best()->name, convolutions);
}
