/*
 * mask_pair: the value that follows a key, in whatever a line is written.
 *
 *	"key": "value"   \"key\": \"value\"   'key': b'value'   key="value"   <key>value<
 *	key=value&       key: value           key => value      --key value
 *
 * A quote ends where as many backslashes stand before it as before the one
 * that began, so JSON within a JSON string is read as well as JSON. A bare
 * value ends at a blank, a quote, a bracket that closes, or a comma that
 * something else follows.
 *
 * Whether the value is a secret is another question: "password: null" is none,
 * and in prose ("invalid token: expired") only what looks like one is.
 */
#include "config.h"

#include "core/mask_internal.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_quote(char c)
{
	return c == '"' || c == '\'' || c == '`';
}

static char
byte_at(struct span s, size_t i)
{
	return i < s.n ? s.p[i] : '\0';
}

static size_t
skip_blanks(struct span s, size_t i)
{
	while (i < s.n && is_blank(s.p[i]))
		i++;
	return i;
}

/* Past backslashes and a quote; `at` where there is none. */
static size_t
skip_quote(struct span s, size_t at, size_t *slashes)
{
	size_t i = at;

	while (byte_at(s, i) == '\\')
		i++;
	*slashes = i - at;
	return is_quote(byte_at(s, i)) ? i + 1 : at;
}

/* Where a quoted text ends that began after `slashes` backslashes and a quote. */
static size_t
quoted_end(struct span s, size_t at, char quote, size_t slashes)
{
	size_t run = 0;

	for (size_t i = at; i < s.n; i++) {
		if (s.p[i] == '\\') {
			run++;
			continue;
		}
		if (s.p[i] == quote && run % (2 * (slashes + 1)) == slashes)
			return i - slashes;
		run = 0;
	}
	return s.n;
}

static bool
ends_piece(struct span s, size_t i)
{
	char c = byte_at(s, i);

	return !c || is_blank(c) || strchr("\r\n,;.\"'`)]}\\", c);
}

/* Whether a comma or semicolon at i begins something else: a blank, or another key. */
static bool
ends_list(struct span s, size_t i)
{
	size_t n = i + 1;

	if (ends_piece(s, n))
		return true;
	while (n < s.n && (mask_is_alnum(s.p[n]) || s.p[n] == '_' || s.p[n] == '-'))
		n++;
	return n > i + 1 && (byte_at(s, n) == '=' || byte_at(s, n) == ':');
}

static bool
ends_bare(struct span s, size_t i)
{
	switch (s.p[i]) {
	case ' ': case '\t': case '\r': case '\n':
	case '&': case '"': case '\'': case '`': case '<': case '>':
		return true;
	case '\\':
		return byte_at(s, i + 1) && strchr("\"'nrt", s.p[i + 1]);
	case ',': case ';':
		return ends_list(s, i);
	case ')': case ']': case '}':
		return ends_piece(s, i + 1);
	default:
		return false;
	}
}

static size_t
bare_end(struct span s, size_t at)
{
	while (at < s.n && !ends_bare(s, at))
		at++;
	return at;
}

static size_t
array_end(struct span s, size_t at)
{
	while (at < s.n && s.p[at] != ']' && s.p[at] != '\n')
		at++;
	return at;
}

static void
read_value(struct span s, size_t at, struct pair *out)
{
	size_t slashes, after;

	if (byte_at(s, at) && strchr("bBrRuU", s.p[at]) && is_quote(byte_at(s, at + 1)))
		at++;
	after = skip_quote(s, at, &slashes);
	if (after > at) {
		out->quoted = true;
		out->start = after;
		out->end = quoted_end(s, after, s.p[after - 1], slashes);
	} else if (byte_at(s, at) == '[') {
		out->quoted = true;
		out->start = at + 1;
		out->end = array_end(s, at + 1);
	} else {
		out->start = at;
		out->end = byte_at(s, at) == '{' ? at : bare_end(s, at);
	}
}

/* "--password hunter2": the key begins with dashes, and a blank is all that follows. */
static bool
read_argument(struct span s, size_t start, size_t end, struct pair *out)
{
	size_t at = skip_blanks(s, end);

	if (end - start < 4 || s.p[start] != '-' || s.p[start + 1] != '-' || at == end || byte_at(s, at) == '-')
		return false;
	read_value(s, at, out);
	return out->end > out->start;
}

static bool
read_element(struct span s, size_t end, struct pair *out)
{
	out->quoted = true;
	out->start = end + 1;
	for (out->end = out->start; out->end < s.n && s.p[out->end] != '<'; out->end++)
		;
	return out->end > out->start;
}

bool
mask_pair(struct span s, size_t start, size_t end, struct pair *out)
{
	size_t slashes, at = skip_quote(s, end, &slashes), after;
	bool quoted = at > end;

	*out = (struct pair){ 0 };
	if (byte_at(s, end) == '>' && start && s.p[start - 1] == '<')
		return read_element(s, end, out);
	if (byte_at(s, at) == ']')
		at++; /* user[password]=x */
	after = skip_blanks(s, at);
	char sep = byte_at(s, after);

	if (sep != '=' && sep != ':')
		return read_argument(s, start, end, out);
	for (after++; byte_at(s, after) == '=' || byte_at(s, after) == '>'; after++)
		;
	at = skip_blanks(s, after);
	read_value(s, at, out);
	out->prose = sep == ':' && at > after && !quoted && !out->quoted;
	return out->end > out->start;
}

/* ---- headers ------------------------------------------------------------------------- */

size_t
mask_auth_end(struct span s, size_t at, size_t end)
{
	static const char *const schemes[] = { "bearer", "basic", "token", "apikey", "jwt", "negotiate" };
	static const char *const lists[] = { "digest", "oauth", "hawk", "signature", "aws4-hmac-sha256" };
	struct span word = span_of(s.p + at, end - at);

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		if (span_caseeq_str(word, lists[i]))
			for (end = at; end < s.n && s.p[end] != '\n' && s.p[end] != '\r'; end++)
				;
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
		if (span_caseeq_str(word, schemes[i]))
			return bare_end(s, skip_blanks(s, end));
	return end;
}

size_t
mask_cookie_end(struct span s, size_t at)
{
	for (;;) {
		while (at < s.n && !strchr(" \t\r\n\"';", s.p[at]) && s.p[at])
			at++;
		if (byte_at(s, at) != ';' || at + 1 >= s.n)
			return at;
		size_t next = skip_blanks(s, at + 1);

		if (next == s.n || strchr("\r\n\"';", s.p[next]))
			return at;
		at = next;
	}
}

/* ---- values -------------------------------------------------------------------------- */

static bool
is_number(struct span v)
{
	size_t digits = 0;

	for (size_t i = 0; i < v.n; i++)
		digits += v.p[i] >= '0' && v.p[i] <= '9';
	return digits && digits + (span_chr(v, '.') >= 0) + (v.p[0] == '-') == v.n;
}

/* Where the value would be, or was. */
static bool
is_harmless(struct span v)
{
	static const char *const words[] = {
		"null", "none", "nil", "true", "false", "undefined", "%s", "?", "redacted", "[redacted]",
		"<redacted>", "[filtered]", "<filtered>", "filtered", "masked", "<masked>", "hidden", "required",
		"missing", "\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2",
	};
	static const char *const code[] = { "self.", "request.", "settings.", "os.environ", "get_", "${", "{{" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (span_caseeq_str(v, words[i]))
			return true;
	for (size_t i = 0; i < sizeof code / sizeof *code; i++)
		if (span_starts(v, span_str(code[i])))
			return true;
	size_t same = 0;

	while (same < v.n && v.p[same] == v.p[0] && (v.p[0] == '*' || (v.p[0] | 0x20) == 'x'))
		same++;
	return same == v.n && (same > 2 || !same || v.p[0] == '*');
}

static bool
is_uuid(struct span v)
{
	return v.n == 36 && v.p[8] == '-' && v.p[13] == '-' && v.p[18] == '-' && v.p[23] == '-';
}

/* Sixteen letters and digits or more, both, as programs make secrets. */
static bool
is_opaque(struct span v)
{
	size_t digits = 0, letters = 0;

	for (size_t i = 0; i < v.n; i++) {
		bool digit = v.p[i] >= '0' && v.p[i] <= '9';

		if (!mask_is_alnum(v.p[i]) && !strchr("_-+=.~", v.p[i]))
			return false;
		digits += digit;
		letters += !digit && mask_is_alnum(v.p[i]);
	}
	return v.n >= 16 && digits && letters && !is_uuid(v);
}

/* What no word of a sentence looks like. */
static bool
is_odd(struct span v)
{
	for (size_t i = 0; i < v.n; i++)
		if (!((v.p[i] | 0x20) >= 'a' && (v.p[i] | 0x20) <= 'z') && v.p[i] != '-' && v.p[i] != '.' &&
		    v.p[i] > 0)
			return true;
	return false;
}

bool
mask_is_secret(enum key_kind kind, struct span v, bool prose, bool last)
{
	if (is_harmless(v))
		return false;
	switch (kind) {
	case KEY_KEEP:
		return false;
	case KEY_ANY:
		return !prose || last || is_odd(v);
	case KEY_TOKEN:
		return prose ? is_opaque(v) : !is_number(v) || v.n >= 6;
	case KEY_OPAQUE:
		return is_opaque(v);
	case KEY_AUTH:
		return !prose || is_odd(v) || is_opaque(v);
	case KEY_COOKIE:
		return !prose || span_chr(v, '=') >= 0;
	}
	return false;
}
