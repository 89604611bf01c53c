# ACCORD_ONEDNN: convolutions through oneDNN where it is, else through OpenBLAS.
# --without-onednn leaves it out.
AC_DEFUN([ACCORD_ONEDNN], [
  AC_ARG_WITH([onednn],
    [AS_HELP_STRING([--without-onednn], [convolutions through OpenBLAS, which is slower])],
    [], [with_onednn=check])
  ONEDNN_LIBS=
  have_onednn=no
  AS_IF([test "x$with_onednn" != xno], [
    AC_CHECK_HEADER([dnnl.h], [
      AC_CHECK_LIB([dnnl], [dnnl_convolution_forward_primitive_desc_create],
        [have_onednn=yes],
        [AC_CHECK_LIB([dnnl], [dnnl_convolution_forward_desc_init], [have_onednn=yes])])])])
  AS_IF([test $have_onednn = yes], [
      ONEDNN_LIBS=-ldnnl
      AC_DEFINE([HAVE_ONEDNN], [1], [convolutions go through oneDNN])],
    [test "x$with_onednn" = xyes], [
      AC_MSG_ERROR([oneDNN is missing (Debian: libdnnl-dev)])],
    [test "x$with_onednn" = xcheck], [
      AC_MSG_WARN([oneDNN is missing (Debian: libdnnl-dev): convolutions go through OpenBLAS, which is slower])])
  AC_SUBST([ONEDNN_LIBS])
])
