/*
 * scan: a cursor over one line.
 *
 * The pieces stand in the order in which lines use them. They are small and
 * make no decisions: which piece may follow which is the format's business.
 */
#include "config.h"

#include "core/scan.h"

#include "core/parsed.h"

bool
scan_text(struct scan *sc, const char *text)
{
	struct span want = span_str(text);

	if (!span_starts(scan_rest(sc), want))
		return scan_miss(sc, text);
	sc->at += want.n;
	return true;
}

bool
scan_blanks(struct scan *sc)
{
	size_t from = sc->at;

	while (scan_peek(sc) == ' ' || scan_peek(sc) == '\t')
		sc->at++;
	return sc->at > from || scan_miss(sc, "a blank");
}

bool
scan_word(struct scan *sc, struct span *word)
{
	struct span rest = scan_rest(sc);
	size_t n = 0;

	while (n < rest.n && rest.p[n] != ' ' && rest.p[n] != '\t')
		n++;
	*word = span_head(rest, n);
	sc->at += n;
	return word->n || scan_miss(sc, "a word");
}

bool
scan_to(struct scan *sc, char c, struct span *before)
{
	struct span rest = scan_rest(sc);
	ptrdiff_t n = span_chr(rest, c);

	if (n < 0)
		return scan_miss(sc, c == ']' ? "]" : "the end of a field");
	*before = span_head(rest, (size_t)n);
	sc->at += (size_t)n + 1;
	return true;
}

bool
scan_digits(struct scan *sc, struct span *digits)
{
	struct span rest = scan_rest(sc);
	size_t n = 0;

	while (n < rest.n && (unsigned)(rest.p[n] - '0') < 10)
		n++;
	*digits = span_head(rest, n);
	sc->at += n;
	return digits->n || scan_miss(sc, "a number");
}

bool
scan_quoted(struct scan *sc, struct span *inside)
{
	struct span rest = scan_rest(sc);
	ptrdiff_t quote, backslash;
	size_t n = 1;

	if (!rest.n || rest.p[0] != '"')
		return scan_miss(sc, "a quoted text");
	for (;; n += (size_t)backslash + 2) {
		quote = span_chr(span_from(rest, n), '"');
		if (quote < 0)
			return scan_miss(sc, "the closing quote");
		backslash = span_chr(span_of(rest.p + n, (size_t)quote), '\\');
		if (backslash < 0)
			break;
	}
	n += (size_t)quote;
	*inside = span_of(rest.p + 1, n - 1);
	sc->at += n + 1;
	return true;
}

bool
scan_time(struct scan *sc)
{
	struct span rest = scan_rest(sc);
	size_t n = parsed_stamp(sc->p, sc->out, rest);

	if (!n)
		return scan_miss(sc, "a time");
	parsed_set(sc->p, sc->out, FIELD_TIME, span_head(rest, n));
	sc->at += n;
	return true;
}

bool
scan_level(struct scan *sc)
{
	struct span rest = scan_rest(sc);
	size_t n = 0;

	while (n < rest.n && n < 12 && rest.p[n] >= 'A' && rest.p[n] <= 'Z')
		n++;
	if (n < 3 || !parsed_level(sc->p, sc->out, span_head(rest, n)))
		return scan_miss(sc, "a level");
	sc->at += n;
	return true;
}

bool
scan_number(struct scan *sc, enum field f)
{
	struct span digits;

	if (!scan_digits(sc, &digits))
		return false;
	scan_set(sc, f, digits);
	return true;
}

struct span
scan_message(struct scan *sc)
{
	while (scan_peek(sc) == ' ' || scan_peek(sc) == '\t')
		sc->at++;
	scan_set(sc, FIELD_MESSAGE, scan_rest(sc));
	return scan_rest(sc);
}
