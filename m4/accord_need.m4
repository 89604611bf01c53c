# ACCORD_NEED(NAME, MODULE, DEBIAN-PACKAGE): a library Accord cannot do without.  All that is
# missing is named at once, by ACCORD_NEEDED, as the packages to install.
AC_DEFUN([ACCORD_NEED], [
  PKG_CHECK_MODULES([$1], [$2], [],
    [accord_missing="$accord_missing $3"
     AC_MSG_WARN([$2 is missing (Debian: $3)])])
])
AC_DEFUN([ACCORD_NEEDED], [
  AS_IF([test -n "$accord_missing"],
    [AC_MSG_ERROR([libraries are missing.  On Debian or Ubuntu: apt-get install$accord_missing])])
])
