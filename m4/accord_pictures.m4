# ACCORD_PICTURES: `accord show --frames` writes PNG through libpng and GIF through giflib,
# whichever are found.
AC_DEFUN([ACCORD_PICTURES], [
  PKG_CHECK_MODULES([PNG], [libpng >= 1.6],
    [AC_DEFINE([HAVE_PNG], [1], [libpng is there.])],
    [AC_MSG_WARN([libpng is missing (Debian: libpng-dev): accord show --frames writes no PNG])])
  GIF_LIBS=
  AC_CHECK_HEADER([gif_lib.h], [AC_CHECK_LIB([gif], [GifQuantizeBuffer], [GIF_LIBS=-lgif])])
  AS_IF([test -n "$GIF_LIBS"],
    [AC_DEFINE([HAVE_GIF], [1], [giflib 5 is there, with its quantiser.])],
    [AC_MSG_WARN([giflib is missing (Debian: libgif-dev): accord show --frames writes no GIF])])
  AC_SUBST([GIF_LIBS])
])
