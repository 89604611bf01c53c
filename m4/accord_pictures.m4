# ACCORD_PICTURES: the control tasks read the user's clips through libpng and libjpeg where
# they are found.
AC_DEFUN([ACCORD_PICTURES], [
  PICTURE_CPPFLAGS=
  PICTURE_LIBS=
  ACCORD_PICTURE([PNG], [libpng >= 1.6], [libpng-dev])
  ACCORD_PICTURE([JPEG], [libjpeg], [libjpeg-dev])
  AC_SUBST([PICTURE_CPPFLAGS])
  AC_SUBST([PICTURE_LIBS])
])
# ACCORD_PICTURE(FORMAT, MODULE, DEBIAN-PACKAGE)
AC_DEFUN([ACCORD_PICTURE], [
  PKG_CHECK_MODULES([$1], [$2],
    [PICTURE_CPPFLAGS="$PICTURE_CPPFLAGS -DHAVE_$1 $$1_CFLAGS"
     PICTURE_LIBS="$PICTURE_LIBS $$1_LIBS"],
    [AC_MSG_WARN([$2 is missing (Debian: $3): clips of $1 frames cannot be read])])
])
