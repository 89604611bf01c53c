# ACCORD_MUJOCO: the control tasks are built where MuJoCo is found.  It has no pkg-config file.
AC_DEFUN([ACCORD_MUJOCO], [
  AC_ARG_WITH([mujoco], [AS_HELP_STRING([--without-mujoco], [leave out the task visual])],
    [], [with_mujoco=check])
  MUJOCO_LIBS=
  have_mujoco=no
  AS_IF([test "x$with_mujoco" != xno], [
    AC_CHECK_HEADER([mujoco/mujoco.h],
      [AC_CHECK_LIB([mujoco], [mj_step], [have_mujoco=yes MUJOCO_LIBS=-lmujoco])])])
  AS_IF([test $have_mujoco = no], [
    AS_IF([test "x$with_mujoco" = xyes],
      [AC_MSG_ERROR([MuJoCo is missing (Debian: libmujoco-dev)])],
      [AC_MSG_WARN([MuJoCo is missing (Debian: libmujoco-dev) or left out: the control tasks are not built])])])
  AC_SUBST([MUJOCO_LIBS])
  AM_CONDITIONAL([HAVE_MUJOCO], [test $have_mujoco = yes])
])
