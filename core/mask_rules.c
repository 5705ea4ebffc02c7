/*
 * mask_rules: the tables of what is a secret, and what the config file adds.
 *
 * Keys are compared as words in lower case: X-Api-Key, xApiKey and x_api_key
 * are one. The rows of the config file come first, those that take keys out
 * before those that add them.
 */
#include "config.h"

#include "core/mask_internal.h"

#include "core/alloc.h"

#include <stdlib.h>

const char *const mask_group_name[MASK_GROUP_COUNT] = {
#define X(id, name) name,
	MASK_GROUPS(X)
#undef X
};

static const struct key_rule keys[] = {
	{ "page_token", KEY_KEEP, MASK_TOKEN },
	{ "next_token", KEY_KEEP, MASK_TOKEN },
	{ "continuation_token", KEY_KEEP, MASK_TOKEN },
	{ "public_key", KEY_KEEP, MASK_KEY },
	{ "primary_key", KEY_KEEP, MASK_KEY },
	{ "foreign_key", KEY_KEEP, MASK_KEY },
	{ "cache_key", KEY_KEEP, MASK_KEY },
	{ "routing_key", KEY_KEEP, MASK_KEY },
	{ "partition_key", KEY_KEEP, MASK_KEY },
	{ "sort_key", KEY_KEEP, MASK_KEY },
	{ "object_key", KEY_KEEP, MASK_KEY },
	{ "idempotency_key", KEY_KEEP, MASK_KEY },
	{ "*password", KEY_ANY, MASK_PASSWORD },
	{ "*passwd", KEY_ANY, MASK_PASSWORD },
	{ "*passphrase", KEY_ANY, MASK_PASSWORD },
	{ "pass", KEY_TOKEN, MASK_PASSWORD },
	{ "*_pass", KEY_TOKEN, MASK_PASSWORD },
	{ "*pwd", KEY_ANY, MASK_PASSWORD },
	{ "cvv", KEY_ANY, MASK_CARD },
	{ "cvc", KEY_ANY, MASK_CARD },
	{ "*credential", KEY_OPAQUE, MASK_PASSWORD },
	{ "*credentials", KEY_OPAQUE, MASK_PASSWORD },
	{ "otp", KEY_ANY, MASK_TOKEN },
	{ "*_otp", KEY_ANY, MASK_TOKEN },
	{ "*authorization", KEY_AUTH, MASK_AUTHORIZATION },
	{ "x_auth", KEY_TOKEN, MASK_AUTHORIZATION },
	{ "auth", KEY_OPAQUE, MASK_AUTHORIZATION },
	{ "*cookie", KEY_COOKIE, MASK_COOKIE },
	{ "*cookies", KEY_COOKIE, MASK_COOKIE },
	{ "sessionid", KEY_TOKEN, MASK_COOKIE },
	{ "session_key", KEY_TOKEN, MASK_COOKIE },
	{ "*secret", KEY_TOKEN, MASK_TOKEN },
	{ "*token", KEY_TOKEN, MASK_TOKEN },
	{ "*bearer", KEY_OPAQUE, MASK_TOKEN },
	{ "*apikey", KEY_TOKEN, MASK_KEY },
	{ "*api_key", KEY_TOKEN, MASK_KEY },
	{ "*secret_key", KEY_TOKEN, MASK_KEY },
	{ "*private_key", KEY_TOKEN, MASK_KEY },
	{ "*access_key", KEY_TOKEN, MASK_KEY },
	{ "*account_key", KEY_TOKEN, MASK_KEY },
	{ "*encryption_key", KEY_TOKEN, MASK_KEY },
	{ "*signing_key", KEY_TOKEN, MASK_KEY },
	{ "*_key", KEY_OPAQUE, MASK_KEY },
	{ NULL, KEY_KEEP, MASK_KEY },
};

/* What programs and providers issue, told by how it begins. */
static const struct shape shapes[] = {
	{ "eyJ", MASK_TOKEN, mask_shape_jwt, 0 },
	{ "BEGIN ", MASK_PRIVATE_KEY, mask_shape_pem, 0 },
	{ "://", MASK_URL, mask_shape_url, 0 },
	{ "Bearer ", MASK_AUTHORIZATION, mask_shape_scheme, 8 },
	{ "Basic ", MASK_AUTHORIZATION, mask_shape_scheme, 8 },
	{ "AKIA", MASK_KEY, mask_shape_upper, 16 },
	{ "ASIA", MASK_KEY, mask_shape_upper, 16 },
	{ "AIza", MASK_KEY, mask_shape_run, 35 },
	{ "sk_live_", MASK_KEY, mask_shape_run, 10 },
	{ "sk_test_", MASK_KEY, mask_shape_run, 10 },
	{ "rk_live_", MASK_KEY, mask_shape_run, 10 },
	{ "sk-ant-", MASK_KEY, mask_shape_run, 20 },
	{ "sk-proj-", MASK_KEY, mask_shape_run, 20 },
	{ "whsec_", MASK_KEY, mask_shape_run, 16 },
	{ "ghp_", MASK_TOKEN, mask_shape_run, 30 },
	{ "gho_", MASK_TOKEN, mask_shape_run, 30 },
	{ "ghu_", MASK_TOKEN, mask_shape_run, 30 },
	{ "ghs_", MASK_TOKEN, mask_shape_run, 30 },
	{ "ghr_", MASK_TOKEN, mask_shape_run, 30 },
	{ "github_pat_", MASK_TOKEN, mask_shape_run, 30 },
	{ "glpat-", MASK_TOKEN, mask_shape_run, 20 },
	{ "xoxa-", MASK_TOKEN, mask_shape_run, 10 },
	{ "xoxb-", MASK_TOKEN, mask_shape_run, 10 },
	{ "xoxp-", MASK_TOKEN, mask_shape_run, 10 },
	{ "xoxr-", MASK_TOKEN, mask_shape_run, 10 },
	{ "xoxs-", MASK_TOKEN, mask_shape_run, 10 },
	{ "npm_", MASK_TOKEN, mask_shape_run, 36 },
	{ "pypi-AgE", MASK_TOKEN, mask_shape_run, 50 },
	{ "ya29.", MASK_TOKEN, mask_shape_run, 20 },
	{ "pbkdf2_sha256$", MASK_PASSWORD, mask_shape_run, 20 },
	{ NULL, MASK_KEY, NULL, 0 },
};

/* ---- the config file's --------------------------------------------------------------- */

enum { OWN_KEYS = 64 };
static struct key_rule own[2][OWN_KEYS]; /* those that keep, those that mask */
static size_t n_own[2];

static bool
is_key_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* Words in lower case joined by _, at most n - 1 bytes from the end of the key. */
static size_t
normalise(struct span key, char *buf, size_t n)
{
	size_t len = 0;

	if (key.n >= n / 2)
		key = span_from(key, key.n - n / 2 + 1);
	for (size_t i = 0; i < key.n; i++) {
		char c = key.p[i];
		bool upper = c >= 'A' && c <= 'Z';

		if (upper && i && key.p[i - 1] >= 'a' && key.p[i - 1] <= 'z')
			buf[len++] = '_';
		buf[len++] = upper ? (char)(c | 0x20) : c == '-' || c == ' ' || c == '.' ? '_' : c;
	}
	while (len && buf[len - 1] >= '0' && buf[len - 1] <= '9')
		len--; /* password1, password2 */
	buf[len] = '\0';
	return len;
}

static size_t
last_word(const char *name)
{
	const char *at = strrchr(name, '_');

	return strlen(at ? at + 1 : name + (*name == '*'));
}

int
mask_add_key(struct span key, struct err *err)
{
	bool keep = key.n && key.p[0] == '!';
	struct span rest = span_from(key, keep);
	bool star = rest.n && rest.p[0] == '*';
	char name[64];

	name[0] = '*';
	normalise(span_from(rest, star), name + star, sizeof name - star);
	if (rest.n - star >= sizeof name / 2)
		return err_set(err, -1, 0, "\"%.*s\" is longer than 30 letters", SPAN_FMT(key));
	for (const char *c = name + star; *c; c++)
		if (!is_key_char(*c))
			return err_set(err, -1, 0, "\"%.*s\" has other characters than letters, digits, - and _",
				       SPAN_FMT(key));
	if (last_word(name) < 3)
		return err_set(err, -1, 0, "the last word of \"%.*s\" has less than three letters", SPAN_FMT(key));
	if (n_own[!keep] >= OWN_KEYS)
		return err_set(err, -1, 0, "more than %d keys", OWN_KEYS);
	own[!keep][n_own[!keep]++] = (struct key_rule){
		.name = xstrdup(name), .kind = keep ? KEY_KEEP : KEY_ANY, .group = MASK_OWN,
	};
	mask_scan_reset();
	return 0;
}

void
mask_rules_reset(void)
{
	for (size_t which = 0; which < 2; which++)
		while (n_own[which])
			free((char *)own[which][--n_own[which]].name);
}

const struct key_rule *
mask_keys(size_t i)
{
	if (i < n_own[0])
		return &own[0][i];
	if ((i -= n_own[0]) < n_own[1])
		return &own[1][i];
	i -= n_own[1];
	return keys[i].name ? &keys[i] : NULL;
}

const struct shape *
mask_shapes(size_t i)
{
	return shapes[i].prefix ? &shapes[i] : NULL;
}

static bool
names(const struct key_rule *rule, struct span key)
{
	bool star = rule->name[0] == '*';
	struct span name = span_str(rule->name + star);

	return star ? span_ends(key, name) : span_eq(key, name);
}

const struct key_rule *
mask_key_rule(struct span key)
{
	char buf[160];
	const struct key_rule *rule;

	for (ptrdiff_t dot; (dot = span_chr(key, '.')) >= 0;)
		key = span_from(key, (size_t)dot + 1);
	struct span name = span_of(buf, normalise(key, buf, sizeof buf));

	for (size_t i = 0; (rule = mask_keys(i)); i++)
		if (names(rule, name))
			return rule->kind == KEY_KEEP ? NULL : rule;
	return NULL;
}
