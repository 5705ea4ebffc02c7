/*
 * mask_shape: secrets that are told by their looks, wherever they stand.
 *
 * A shape begins where no letter or digit stands before it. Of an address
 * (scheme://user:pass@host) only the password goes; of a card's number the last
 * four digits stay, by which people tell their cards.
 */
#include "config.h"

#include "core/mask_internal.h"

static bool
begins_word(struct span s, size_t at)
{
	return !at || !(mask_is_alnum(s.p[at - 1]) || s.p[at - 1] == '_');
}

static bool
is_token_char(char c)
{
	return mask_is_alnum(c) || (c && strchr("_-+/=.~$", c));
}

static size_t
token_end(struct span s, size_t at)
{
	while (at < s.n && is_token_char(s.p[at]))
		at++;
	return at;
}

static bool
find_run(const struct shape *shape, struct span s, size_t at, size_t *start, size_t *end)
{
	size_t n = strlen(shape->prefix);

	if (!begins_word(s, at) || memcmp(s.p + at, shape->prefix, n) != 0)
		return false;
	*start = at;
	*end = token_end(s, at + n);
	while (*end > at && s.p[*end - 1] == '.')
		--*end;
	return *end >= at + n + shape->least;
}

bool
mask_shape_run(const struct shape *shape, struct span s, size_t at, size_t *start, size_t *end)
{
	return find_run(shape, s, at, start, end);
}

bool
mask_shape_upper(const struct shape *shape, struct span s, size_t at, size_t *start, size_t *end)
{
	if (!find_run(shape, s, at, start, end) || *end - at != strlen(shape->prefix) + shape->least)
		return false;
	for (size_t i = at; i < *end; i++)
		if (!((s.p[i] >= 'A' && s.p[i] <= 'Z') || (s.p[i] >= '0' && s.p[i] <= '9')))
			return false;
	return true;
}

/* Three pieces of base64url; the last, the signature, may have been cut off. */
bool
mask_shape_jwt(const struct shape *shape, struct span s, size_t at, size_t *start, size_t *end)
{
	size_t dots = 0, piece = 0, i = at;

	(void)shape;
	if (!begins_word(s, at) || memcmp(s.p + at, "eyJ", 3) != 0)
		return false;
	for (; i < s.n && (mask_is_alnum(s.p[i]) || s.p[i] == '_' || s.p[i] == '-' || s.p[i] == '.'); i++) {
		if (s.p[i] != '.') {
			piece++;
			continue;
		}
		if (piece < 6)
			break;
		dots++;
		piece = 0;
	}
	*start = at;
	*end = i;
	return dots > 1 || (dots == 1 && piece >= 6);
}

bool
mask_shape_pem(const struct shape *shape, struct span s, size_t at, size_t *start, size_t *end)
{
	struct span name = span_from(s, at + strlen(shape->prefix));
	const char *key = at < 5 || memcmp(s.p + at - 5, "-----BEGIN", 10) != 0 ? NULL
			  : memmem(name.p, name.n < 32 ? name.n : 32, "PRIVATE KEY-----", 16);

	if (!key)
		return false;
	*start = (size_t)(key - s.p) + 16;
	const char *last = memmem(s.p + *start, s.n - *start, "-----END", 8);

	*end = last ? (size_t)(last - s.p) : s.n;
	return mask_is_secret(KEY_ANY, span_of(s.p + *start, *end - *start), false, false);
}

/* scheme://user:pass@host */
bool
mask_shape_url(const struct shape *shape, struct span s, size_t at, size_t *start, size_t *end)
{
	size_t i = at + strlen(shape->prefix), colon = 0, last = 0;

	for (; i < s.n && !strchr(" \t\r\n\"'<>/\\", s.p[i]) && s.p[i]; i++) {
		if (s.p[i] == ':' && !colon)
			colon = i;
		if (s.p[i] == '@')
			last = i;
	}
	*start = colon + 1;
	*end = last;
	return colon && memcmp(s.p + at, shape->prefix, 3) == 0 && last > colon + 1 &&
	       mask_is_secret(KEY_ANY, span_of(s.p + *start, *end - *start), false, false);
}

/* "Bearer x", "Basic x", without the header's name: what follows must not be a word. */
bool
mask_shape_scheme(const struct shape *shape, struct span s, size_t at, size_t *start, size_t *end)
{
	size_t odd = 0, n = strlen(shape->prefix);

	if (!begins_word(s, at) || strncasecmp(s.p + at, shape->prefix, n) != 0)
		return false;
	*start = at + n;
	*end = token_end(s, *start);
	while (*end > *start && s.p[*end - 1] == '.')
		--*end;
	for (size_t i = *start; i < *end; i++)
		odd += (s.p[i] >= '0' && s.p[i] <= '9') || (i > *start && s.p[i] >= 'A' && s.p[i] <= 'Z') || s.p[i] == '=';
	return *end - *start >= shape->least && odd >= 2;
}

/* ---- cards ------------------------------------------------------------------------- */

enum { CARD_LEAST = 13, CARD_MOST = 19, GROUPS = 5 };

struct digits {
	char value[CARD_MOST];
	size_t n;
	size_t group[GROUPS], groups; /* how many digits in each */
	size_t end[GROUPS];           /* where each ends */
};

static bool
is_digit(struct span s, size_t i)
{
	return i < s.n && s.p[i] >= '0' && s.p[i] <= '9';
}

/* Whether another group goes on behind a mark, always the same one. */
static bool
goes_on(struct span s, size_t at, const struct digits *d, char *mark)
{
	char c = at < s.n ? s.p[at] : '\0';

	if ((c != ' ' && c != '-') || !is_digit(s, at + 1) || (*mark && *mark != c) || d->group[d->groups - 1] > 6)
		return false;
	*mark = c;
	return d->groups < GROUPS;
}

static size_t
read_digits(struct span s, size_t at, struct digits *d)
{
	char mark = '\0';

	*d = (struct digits){ .groups = 0 };
	do {
		at += d->groups != 0;
		size_t from = at;

		for (; is_digit(s, at); at++, d->n++)
			if (d->n < CARD_MOST)
				d->value[d->n] = s.p[at];
		d->group[d->groups] = at - from;
		d->end[d->groups++] = at;
	} while (goes_on(s, at, d, &mark));
	return at;
}

static bool
groups_fit(const struct digits *d)
{
	const size_t *g = d->group;

	if (d->groups == 1)
		return true;
	if (d->groups == 3)
		return g[0] == 4 && g[1] == 6 && (g[2] == 5 || g[2] == 4);
	for (size_t i = 0; i + 1 < d->groups; i++)
		if (g[i] != 4)
			return false;
	return (d->groups == 4 && g[3] == 4) || (d->groups == 5 && g[4] <= 3);
}

/* Whether an issuer gives out numbers that begin so, with so many digits. */
static bool
is_issued(const struct digits *d)
{
	static const struct { unsigned from, to; uint32_t lengths; } issuers[] = {
		{ 4000, 4999, 1u << 13 | 1u << 16 | 1u << 19 },
		{ 5100, 5599, 1u << 16 },
		{ 2221, 2720, 1u << 16 },
		{ 3400, 3499, 1u << 15 },
		{ 3700, 3799, 1u << 15 },
		{ 3000, 3059, 1u << 14 },
		{ 3600, 3699, 1u << 14 },
		{ 3800, 3999, 1u << 14 },
		{ 3528, 3589, 1u << 16 },
		{ 6000, 6999, 1u << 16 | 1u << 17 | 1u << 18 | 1u << 19 },
	};
	unsigned first = 0;

	for (size_t i = 0; i < 4; i++)
		first = first * 10 + (unsigned)(d->value[i] - '0');
	for (size_t i = 0; i < sizeof issuers / sizeof *issuers; i++)
		if (first >= issuers[i].from && first <= issuers[i].to && issuers[i].lengths & 1u << d->n)
			return true;
	return false;
}

static bool
luhn(const struct digits *d)
{
	unsigned sum = 0;

	for (size_t i = 0; i < d->n; i++) {
		unsigned v = (unsigned)(d->value[d->n - 1 - i] - '0') << (i & 1);

		sum += v > 9 ? v - 9 : v;
	}
	return sum % 10 == 0;
}

static bool
is_card(const struct digits *d)
{
	return d->n >= CARD_LEAST && d->n <= CARD_MOST && groups_fit(d) && is_issued(d) && luhn(d);
}

/* A piece of something longer: an identifier, a fraction, a UUID. */
static bool
is_piece(struct span s, size_t at, size_t end)
{
	if (at && (!begins_word(s, at) || strchr(".-", s.p[at - 1])))
		return true;
	return end < s.n && (mask_is_alnum(s.p[end]) || s.p[end] == '_' || s.p[end] == '-' ||
			     (s.p[end] == '.' && is_digit(s, end + 1)));
}

/* Most numbers are dates and times: whether it begins as cards do, and where its first digits end. */
static bool
begins_card(struct span s, size_t at, size_t *past)
{
	size_t n = 0;

	while (is_digit(s, at + n))
		n++;
	*past = at + n;
	if (s.p[at] < '2' || s.p[at] > '6')
		return false;
	return n >= CARD_LEAST || (n == 4 && is_digit(s, at + 5) && is_digit(s, at + 6) && is_digit(s, at + 7) &&
				   is_digit(s, at + 8));
}

bool
mask_card(struct span s, size_t at, size_t *last4, size_t *past)
{
	struct digits d;

	if (!begins_card(s, at, past))
		return false;

	*past = read_digits(s, at, &d);
	/* A number that is no more of the card may follow it. */
	while (d.groups > 3 && !is_card(&d))
		d.n -= d.group[--d.groups];
	size_t end = d.end[d.groups - 1];

	if (!is_card(&d) || is_piece(s, at, end))
		return false;
	*last4 = end;
	for (size_t left = 4; left; left -= is_digit(s, *last4))
		--*last4;
	return true;
}

/* ---- e-mail ------------------------------------------------------------------------- */

bool
mask_email(struct span s, size_t at, size_t *start, size_t *end)
{
	size_t dot = 0;

	for (*start = at; *start && (mask_is_alnum(s.p[*start - 1]) || strchr("._%+-", s.p[*start - 1])); --*start)
		;
	for (*end = at + 1; *end < s.n && (mask_is_alnum(s.p[*end]) || strchr(".-", s.p[*end])) && s.p[*end]; ++*end)
		if (s.p[*end] == '.' && *end + 2 < s.n && mask_is_alnum(s.p[*end + 1]))
			dot = *end;
	while (*end > at && strchr(".-", s.p[*end - 1]))
		--*end;
	return *start < at && dot > at + 1;
}
