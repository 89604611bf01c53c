# ACCORD_ONEDNN: convolutions go through oneDNN where it is found, else through OpenBLAS.
AC_DEFUN([ACCORD_ONEDNN], [
  AC_ARG_WITH([onednn], [AS_HELP_STRING([--without-onednn], [convolve through OpenBLAS alone])],
    [], [with_onednn=check])
  ONEDNN_LIBS=
  AS_IF([test "x$with_onednn" != xno], [
    AC_CHECK_HEADER([dnnl.h], [AC_CHECK_LIB([dnnl], [dnnl_convolution_forward_desc_init],
      [ONEDNN_LIBS='-ldnnl -lgomp'
       AC_DEFINE([HAVE_DNNL], [1], [oneDNN 2 is there.])])])
    AS_IF([test -z "$ONEDNN_LIBS"], [
      AS_IF([test "x$with_onednn" = xyes],
        [AC_MSG_ERROR([oneDNN 2 is missing (Debian: libdnnl-dev)])],
        [AC_MSG_WARN([oneDNN 2 is missing (Debian: libdnnl-dev): convolutions go through OpenBLAS, some four times slower])])])
  ])
  AC_SUBST([ONEDNN_LIBS])
])
