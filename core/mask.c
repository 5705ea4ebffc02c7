/*
 * mask: see mask.h.
 *
 * A text is gone through from left to right: mask_scan tells the next place to
 * look at, the trigger that stands there tells the rule, the rule tells what is to
 * be masked, and the search goes on behind it. Patterns of the config file, and
 * addresses where they are wanted, are looked for beside that; what begins first
 * goes first. Nothing is written before the first secret is found.
 */
#include "config.h"

#include "core/mask_internal.h"

#include "core/alloc.h"
#include "core/regex.h"

#include <wchar.h>

enum { PATTERNS = 16, KEY_MOST = 64 };

struct secret {
	size_t start, end;
	enum mask_group group;
};

/* Where one way of looking has got to. */
struct finder {
	struct secret secret;
	bool done;
};

static struct regex *patterns[PATTERNS];
static size_t n_patterns;
static bool emails, ascii;

int
mask_add_pattern(struct span pattern, struct err *err)
{
	if (n_patterns == PATTERNS)
		return err_set(err, -1, 0, "more than %d patterns", PATTERNS);
	struct regex *re = regex_new(pattern, REGEX_LINES, err);

	if (!re)
		return -1;
	patterns[n_patterns++] = re;
	return 0;
}

void
mask_set_emails(bool on)
{
	emails = on;
}

void
mask_set_ascii(bool on)
{
	ascii = on;
}

void
mask_reset(void)
{
	while (n_patterns)
		regex_free(patterns[--n_patterns]);
	mask_rules_reset();
	mask_scan_reset();
	emails = ascii = false;
}

/* ---- by key ---------------------------------------------------------------------------- */

static bool
is_key_char(char c)
{
	return mask_is_alnum(c) || c == '_' || c == '-';
}

static size_t
key_start(struct span s, size_t at)
{
	size_t least = at > KEY_MOST ? at - KEY_MOST : 0;

	while (at > least && is_key_char(s.p[at - 1]))
		at--;
	return at;
}

/* Digits may follow (password1), but nothing else of a word. */
static size_t
key_end(struct span s, size_t at)
{
	while (at < s.n && s.p[at] >= '0' && s.p[at] <= '9')
		at++;
	if (at < s.n && (is_key_char(s.p[at]) || (s.p[at] == '.' && at + 1 < s.n && is_key_char(s.p[at + 1]))))
		return 0;
	return at;
}

static void
widen(struct span s, enum key_kind kind, struct pair *v)
{
	if (kind == KEY_AUTH && !v->quoted)
		v->end = mask_auth_end(s, v->start, v->end);
	if (kind == KEY_COOKIE && v->prose)
		v->end = mask_cookie_end(s, v->start);
}

/* A word that is followed by another one. */
static bool
goes_on(struct span s, size_t end)
{
	return end + 1 < s.n && s.p[end] == ' ' && mask_is_alnum(s.p[end + 1]);
}

static bool
find_by_key(struct span s, size_t at, size_t trigger, struct secret *out)
{
	size_t end = key_end(s, at + trigger);
	struct pair v;

	if (!end)
		return false;
	size_t start = key_start(s, at);

	if (!mask_pair(s, start, end, &v))
		return false;
	struct span key = span_of(s.p + start, end - start);
	const struct key_rule *rule = mask_key_rule(key);

	if (!rule)
		return false;
	widen(s, rule->kind, &v);
	struct span value = span_of(s.p + v.start, v.end - v.start);

	if (!mask_is_secret(rule->kind, value, v.prose, !goes_on(s, v.end)) ||
	    (value.n == key.n && strncasecmp(value.p, key.p, key.n) == 0))
		return false;
	*out = (struct secret){ v.start, v.end, rule->group };
	return true;
}

/* ---- all rules ------------------------------------------------------------------------- */

static bool
find_by_trigger(struct span s, size_t at, struct secret *out)
{
	const struct trigger *t;

	for (size_t i = 0; (t = mask_trigger(s, at, &i));) {
		if (!t->shape && find_by_key(s, at, t->n, out))
			return true;
		if (t->shape && t->shape->find(t->shape, s, at, &out->start, &out->end)) {
			out->group = t->shape->group;
			return true;
		}
	}
	return false;
}

static bool
find_card(struct span s, size_t at, struct secret *out, size_t *past)
{
	*out = (struct secret){ .start = at, .group = MASK_CARD };
	return mask_card(s, at, &out->end, past);
}

static void
next_built_in(struct scan_state *scan, size_t from, struct finder *f)
{
	size_t at, past = from;

	while (mask_scan_next(scan, &at)) {
		if (at < past)
			continue;
		bool digit = scan->text.p[at] >= '0' && scan->text.p[at] <= '9';
		bool found = digit ? find_card(scan->text, at, &f->secret, &past)
				   : find_by_trigger(scan->text, at, &f->secret);

		if (found && f->secret.start >= from)
			return;
	}
	f->done = true;
}

static void
next_email(struct span s, size_t from, struct finder *f)
{
	for (size_t at = from; at < s.n; at++) {
		const char *sign = memchr(s.p + at, '@', s.n - at);

		if (!sign)
			break;
		at = (size_t)(sign - s.p);
		f->secret.group = MASK_EMAIL;
		if (mask_email(s, at, &f->secret.start, &f->secret.end) && f->secret.start >= from)
			return;
	}
	f->done = true;
}

static void
next_pattern(struct regex *re, struct span s, size_t from, struct finder *f)
{
	size_t start, end;

	f->done = true;
	while (from <= s.n && regex_find(re, s, from, &start, &end)) {
		if (end > start) {
			*f = (struct finder){ { start, end, MASK_OWN }, false };
			return;
		}
		from = end + 1;
	}
}

struct search {
	struct span text;
	struct scan_state scan;
	struct finder built_in, email, own[PATTERNS];
};

static void
search_begin(struct search *q, struct span text)
{
	q->text = text;
	mask_scan_begin(&q->scan, text, 0);
	q->built_in = (struct finder){ 0 };
	next_built_in(&q->scan, 0, &q->built_in);
	q->email = (struct finder){ .done = !emails };
	if (emails)
		next_email(text, 0, &q->email);
	for (size_t i = 0; i < n_patterns; i++)
		next_pattern(patterns[i], text, 0, &q->own[i]);
}

static struct finder *
earlier(struct finder *a, struct finder *b)
{
	return b->done || (!a->done && a->secret.start <= b->secret.start) ? a : b;
}

/* Those that have fallen behind look again from there. */
static void
search_go_on(struct search *q, size_t from)
{
	if (!q->built_in.done && q->built_in.secret.start < from) {
		mask_scan_begin(&q->scan, q->text, from);
		next_built_in(&q->scan, from, &q->built_in);
	}
	if (!q->email.done && q->email.secret.start < from)
		next_email(q->text, from, &q->email);
	for (size_t i = 0; i < n_patterns; i++)
		if (!q->own[i].done && q->own[i].secret.start < from)
			next_pattern(patterns[i], q->text, from, &q->own[i]);
}

static bool
search_next(struct search *q, struct secret *out)
{
	struct finder *first = earlier(&q->built_in, &q->email);

	for (size_t i = 0; i < n_patterns; i++)
		first = earlier(first, &q->own[i]);
	if (first->done)
		return false;
	*out = first->secret;
	search_go_on(q, out->end);
	return true;
}

/* ---- the door --------------------------------------------------------------------------- */

/* Where the locale has no such character, it would be shown as its number. */
static void
add_sign(struct strbuf *out)
{
	bool plain = ascii || wcwidth(0x2022) != 1;

	strbuf_str(out, plain ? "***" : "\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2");
}

bool
mask_text(struct span in, struct strbuf *out)
{
	struct search q;
	struct secret s;
	size_t from = 0;

	search_begin(&q, in);
	while (search_next(&q, &s)) {
		strbuf_add(out, span_of(in.p + from, s.start - from));
		add_sign(out);
		from = s.end;
	}
	if (from)
		strbuf_add(out, span_from(in, from));
	return from > 0;
}

bool
mask_value(struct span key, struct span value, struct strbuf *out)
{
	const struct key_rule *rule = value.n ? mask_key_rule(key) : NULL;

	if (!rule || !mask_is_secret(rule->kind, value, false, true))
		return mask_text(value, out);
	add_sign(out);
	return true;
}

unsigned
mask_find(struct span in)
{
	struct search q;
	struct secret s;
	unsigned groups = 0;

	search_begin(&q, in);
	while (search_next(&q, &s))
		groups |= 1u << s.group;
	return groups;
}
