/*
 * encoding: text from before UTF-8, made readable.
 *
 * Each line is judged by itself. A line of valid UTF-8 stays as it is, and so
 * does UTF-8 with a few broken bytes and anything that is no text. The others
 * are taken for the first of these that can be read to the end and looks like
 * the language it was made for:
 *
 *	CP949 (EUC-KR)   syllables of KS X 1001: one at least, three for a rare
 *	                 syllable or one inside a Latin word, six for an ideograph
 *	SHIFT_JIS        kana and common kanji, two side by side at least, three
 *	                 for a rare kanji or a half-width kana
 *	GB18030          common hanzi (level 1 of GB 2312), two side by side at
 *	                 least, three for another one
 *	WINDOWS-1252     accented letters, quotes and dashes that touch a letter of
 *	                 ASCII, three for another sign; at most half as many as
 *	                 there are letters of ASCII
 *
 * A word of rare characters only needs just one common character elsewhere for
 * each of its own. Where none fits, or iconv lacks its module, the bytes stay,
 * and are shown as <hh>. Short texts can deceive: two bytes may be valid UTF-8
 * by chance, and a short word of hanzi may be one of Hangul too.
 */
#ifndef CORE_ENCODING_H
#define CORE_ENCODING_H

#include "core/strbuf.h"

/* All of s is well-formed UTF-8. Fast where it is ASCII. */
bool encoding_is_utf8(struct span s);

/*
 * Write the text as UTF-8 into out, in place of what is there. false, and out
 * is empty, when no line became another. Thread-safe; each thread keeps its
 * iconv handles until it ends.
 */
bool encoding_decode(struct span text, struct strbuf *out);

#endif
