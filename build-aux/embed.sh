#!/bin/sh
# Turns text files into C, in the shape of core/embedded.h:
#
#	embed.sh table SYMBOL OUT FILE...   an array that ends with a NULL name
#	embed.sh one SYMBOL OUT FILE        one struct
#
# An entry's name is its file's name without folder and last suffix. Every byte is written as an
# octal escape, so any file comes through unchanged.
set -eu
export LC_ALL=C

shape=$1 symbol=$2 out=$3
shift 3

bytes() {
	od -An -v -to1 "$1" | sed -e 's/^ *//' -e 's/ *$//' -e 's/  */\\/g' -e 's/^/	"\\/' -e 's/$/"/'
}

entry() {
	printf '{ "%s", text_%d, sizeof text_%d - 1 }' "$1" "$2" "$2"
}

stem() {
	basename "$1" | sed 's/\.[^.]*$//'
}

# A failure on the way must not leave half a file that looks up to date.
trap 'rm -f "$out.tmp"' EXIT
{
	printf '/* Written by build-aux/embed.sh. */\n#include "config.h"\n\n#include "core/embedded.h"\n'
	i=0
	for file; do
		printf '\nstatic const char text_%d[] =\n\t""\n' $i
		bytes "$file"
		printf '\t;\n'
		i=$((i + 1))
	done
	if [ "$shape" = one ]; then
		printf '\nconst struct embedded %s = %s;\n' "$symbol" "$(entry "$(stem "$1")" 0)"
	else
		printf '\nconst struct embedded %s[] = {\n' "$symbol"
		i=0
		for file; do
			printf '\t%s,\n' "$(entry "$(stem "$file")" $i)"
			i=$((i + 1))
		done
		printf '\t{ NULL, NULL, 0 },\n};\n'
	fi
} >"$out.tmp"
mv "$out.tmp" "$out"
