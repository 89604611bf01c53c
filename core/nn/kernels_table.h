/* kernels_table.h - the table of the level that is being compiled, at the end of its
 * file. */
#ifndef ACCORD_KERNELS_TABLE_H
#define ACCORD_KERNELS_TABLE_H

#include "nn/kernels_levels.h"
#include "nn/kernels_rows.h"

#define KERNELS_TABLE(level) \
    { \
        .name = level, .exp = kernel_exp, .log = kernel_log, .tanh = kernel_tanh, \
        .sigmoid = kernel_sigmoid, .relu = kernel_relu, .gelu = kernel_gelu, \
        .silu = kernel_silu, .elu = kernel_elu, .tanh_back = kernel_tanh_back, \
        .sigmoid_back = kernel_sigmoid_back, .relu_back = kernel_relu_back, \
        .gelu_back = kernel_gelu_back, .silu_back = kernel_silu_back, \
        .elu_back = kernel_elu_back, .add = kernel_add, .sub = kernel_sub, \
        .mul = kernel_mul, .mul_add = kernel_mul_add, .scale = kernel_scale, \
        .axpy = kernel_axpy, .bytes = kernel_bytes, .bias = kernel_bias, \
        .bias_back = kernel_bias_back, .sum = kernel_sum, .dot = kernel_dot, \
        .sum_squares = kernel_sum_squares, .softmax = kernel_softmax, \
        .softmax_back = kernel_softmax_back, .log_softmax = kernel_log_softmax, \
        .log_softmax_back = kernel_log_softmax_back, .attend = kernel_attend, \
        .attend_back = kernel_attend_back, .cross_entropy = kernel_cross_entropy, \
        .cross_entropy_back = kernel_cross_entropy_back, \
        .layer_norm = kernel_layer_norm, .layer_norm_back = kernel_layer_norm_back, \
        .rms_norm = kernel_rms_norm, .rms_norm_back = kernel_rms_norm_back, \
        .adam = kernel_adam, .ema = kernel_ema, \
    }

#endif
