# Macros of tailboard's configure.ac.

# TB_SWITCH(NAME, DEFAULT, HELP)
# --enable-NAME or, where the default is yes, --disable-NAME; sets $enable_NAME to yes or no.
AC_DEFUN([TB_SWITCH], [
AC_ARG_ENABLE([$1],
	[AS_HELP_STRING(m4_if([$2], [yes], [--disable-$1], [--enable-$1]), [$3])],
	[AS_CASE([$enableval], [yes|no], [],
		[AC_MSG_ERROR([--enable-$1 is yes or no, not '$enableval'])])],
	[enable_$1=$2])
])

# TB_REQUIRE(PREFIX, PKG-CONFIG MODULE, DEBIAN PACKAGE)
# Sets PREFIX_CFLAGS and PREFIX_LIBS, or adds a line to $tb_missing.
AC_DEFUN([TB_REQUIRE], [
PKG_CHECK_MODULES([$1], [$2], [], [tb_missing="$tb_missing
  $2 (Debian package: $3)"])
])

# TB_OPTIONAL(PREFIX, NAME, PKG-CONFIG MODULE, HELP, DEBIAN PACKAGE)
# --with-NAME, --without-NAME, or on where it is found. Defines HAVE_PREFIX, sets PREFIX_CFLAGS and
# PREFIX_LIBS, and $have_NAME to what the summary says.
AC_DEFUN([TB_OPTIONAL], [
AC_ARG_WITH([$2], [AS_HELP_STRING([--without-$2], [do not $4])], [], [with_$2=check])
have_$2=no
AS_IF([test "x$with_$2" != xno], [
	PKG_CHECK_MODULES([$1], [$3], [
		have_$2=yes
		AC_DEFINE([HAVE_$1], [1], [Whether to $4.])
	], [
		have_$2="no: $3 was not found (Debian package: $5)"
		AS_IF([test "x$with_$2" = xyes], [tb_missing="$tb_missing
  $3 (Debian package: $5)"])
	])
])
])

# TB_TRY_CFLAGS(COMPILER FLAGS, LINKER FLAGS)
# Adds them to TB_CFLAGS and TB_LDFLAGS where a program builds with them, together with the flags
# accepted so far and the user's, without a warning. Sets tb_flag_ok to yes or no.
AC_DEFUN([TB_TRY_CFLAGS], [
AC_MSG_CHECKING([whether $CC accepts m4_normalize([$1 $2])])
tb_save_CFLAGS=$CFLAGS
tb_save_LDFLAGS=$LDFLAGS
CFLAGS="$TB_CFLAGS $1 $CFLAGS -Werror"
LDFLAGS="$TB_LDFLAGS $2 $LDFLAGS"
AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <stdio.h>]], [[puts("x");]])],
	[tb_flag_ok=yes], [tb_flag_ok=no])
CFLAGS=$tb_save_CFLAGS
LDFLAGS=$tb_save_LDFLAGS
AS_IF([test $tb_flag_ok = yes], [
	m4_ifval([$1], [TB_CFLAGS="$TB_CFLAGS $1"])
	m4_ifval([$2], [TB_LDFLAGS="$TB_LDFLAGS $2"])
])
AC_MSG_RESULT([$tb_flag_ok])
])

# TB_SANITIZE(SANITIZERS, SWITCH)
# Builds everything with them, or ends configure and says which switch asked for it.
AC_DEFUN([TB_SANITIZE], [
TB_TRY_CFLAGS([-fsanitize=$1 -fno-omit-frame-pointer -fno-sanitize-recover=all], [-fsanitize=$1])
AS_IF([test $tb_flag_ok = no],
	[AC_MSG_ERROR([$CC cannot build with -fsanitize=$1, which $2 needs])])
sanitizer="$1"
])
