# ACCORD_PICTURES: `accord show --frames` writes PNG through libpng and GIF through giflib,
# whichever are found.
AC_DEFUN([ACCORD_PICTURES], [
  AC_ARG_WITH([pictures],
    [AS_HELP_STRING([--without-pictures], [do without libpng and giflib])],
    [], [with_pictures=check])
  have_png=no
  have_gif=no
  AS_IF([test "x$with_pictures" != xno], [
    PKG_CHECK_MODULES([PNG], [libpng >= 1.6], [have_png=yes],
      [AC_MSG_WARN([libpng is missing (Debian: libpng-dev): accord show --frames writes no PNG])])
    AC_CHECK_HEADER([gif_lib.h], [AC_CHECK_LIB([gif], [GifQuantizeBuffer], [have_gif=yes])])
    AS_IF([test $have_gif = no],
      [AC_MSG_WARN([giflib is missing (Debian: libgif-dev): accord show --frames writes no GIF])])
    AS_IF([test "x$with_pictures" = xyes && test $have_png$have_gif != yesyes],
      [AC_MSG_ERROR([--with-pictures needs libpng and giflib (Debian: libpng-dev libgif-dev)])])
  ])
  GIF_LIBS=
  AS_IF([test $have_png = yes], [AC_DEFINE([HAVE_PNG], [1], [libpng is there.])])
  AS_IF([test $have_gif = yes], [
    AC_DEFINE([HAVE_GIF], [1], [giflib 5 is there, with its quantiser.])
    GIF_LIBS=-lgif
  ])
  AC_SUBST([PNG_CFLAGS])
  AC_SUBST([PNG_LIBS])
  AC_SUBST([GIF_LIBS])
])
