# ACCORD_CLIPS: the control tasks read the user's clips through libpng and libjpeg, whichever
# are found.
AC_DEFUN([ACCORD_CLIPS], [
  CLIPS_CPPFLAGS=
  CLIPS_LIBS=
  ACCORD_CLIPS_OF([PNG], [libpng >= 1.6], [libpng-dev])
  ACCORD_CLIPS_OF([JPEG], [libjpeg], [libjpeg-dev])
  AC_SUBST([CLIPS_CPPFLAGS])
  AC_SUBST([CLIPS_LIBS])
])
# ACCORD_CLIPS_OF(FORMAT, MODULE, DEBIAN-PACKAGE)
AC_DEFUN([ACCORD_CLIPS_OF], [
  PKG_CHECK_MODULES([CLIPS_$1], [$2],
    [CLIPS_CPPFLAGS="$CLIPS_CPPFLAGS -DHAVE_$1 $CLIPS_$1_CFLAGS"
     CLIPS_LIBS="$CLIPS_LIBS $CLIPS_$1_LIBS"],
    [AC_MSG_WARN([$2 is missing (Debian: $3): clips of $1 frames cannot be read])])
])
