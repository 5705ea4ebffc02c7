/*
 * Access lines: common and combined, as gunicorn, nginx and Apache write them,
 * with whatever people append to them.
 *
 *   host ident user [08/Sep/2025:21:48:00 +0900] "request" status size ["referer" "agent" ...]
 *
 * Host may be a name, an address, a list (X-Forwarded-For), "-" or empty (a
 * unix socket), and a virtual host may stand before it. The request may be
 * anything a client sent. Behind the agent: an integer is a duration in
 * microseconds (%(D)s), or in milliseconds (%(M)s) in a source where one in twenty
 * is below 50, which no server takes in microseconds; a decimal number one in seconds (%(L)s,
 * $request_time), one with a unit what it says (Traefik), "key=value" is a field.
 */
#include "config.h"

#include <ctype.h>

#include "core/format_rows.h"
#include "core/parsed.h"
#include "core/scan.h"
#include "core/units.h"

/* The first '[' of a line that is an access line comes within so many bytes. */
enum { HOST_MAX = 400 };

static bool
is_address(struct span s)
{
	return s.n > 2 && (memchr(s.p, '.', s.n) || memchr(s.p, ':', s.n));
}

static struct span
next_word(struct span *s)
{
	ptrdiff_t n = span_chr(*s, ' ');
	struct span word = span_head(*s, n < 0 ? s->n : (size_t)n);

	*s = span_from(*s, word.n + 1);
	return word;
}

/* "host ident user ", with an optional virtual host in front. */
static bool
take_peer(struct scan *sc, struct span peer)
{
	if (peer.n > 20 && peer.p[10] == 'T' && peer.p[4] == '-' && peer.p[7] == '-')
		return scan_miss(sc, "a host, not a time");
	struct span user = peer, host = next_word(&user), second = next_word(&user), third;

	if (is_address(second) && host.n && host.p[host.n - 1] != ',') {
		parsed_pair(sc->p, sc->out, SPAN_LIT("host"), host);
		host = second;
		second = next_word(&user);
	}
	while (host.n && host.p[host.n - 1] == ',' && is_address(second))
		third = next_word(&user), second = third;
	if (host.n && host.p[host.n - 1] == ',')
		host.n--;
	user = span_trim(user);
	if (!second.n || !user.n)
		return scan_miss(sc, "host, ident and user before the time");
	if (host.n && !span_eq_str(host, "-"))
		scan_set(sc, FIELD_IP, host);
	if (!span_eq_str(user, "-"))
		scan_set(sc, FIELD_USER_ID, user);
	return true;
}

/*
 * The request in quotes. Some servers do not escape quotes inside it, so its
 * end is the first quote that a status or "-" follows.
 */
static bool
take_request(struct scan *sc)
{
	struct span rest = scan_rest(sc);

	if (!rest.n || rest.p[0] != '"')
		return scan_miss(sc, "the request in quotes");
	for (size_t i = 1; i + 3 < rest.n; i++) {
		if (rest.p[i] != '"' || rest.p[i + 1] != ' ')
			continue;
		if (isdigit((unsigned char)rest.p[i + 2]) ||
		    (rest.p[i + 2] == '-' && rest.p[i + 3] == ' ')) {
			parsed_request(sc->p, sc->out, span_of(rest.p + 1, i - 1));
			sc->at += i + 2;
			return true;
		}
	}
	return scan_miss(sc, "a status after the request");
}

static bool
take_answer(struct scan *sc)
{
	struct span status, size;

	if (!scan_word(sc, &status) || (status.n != 3 && !span_eq_str(status, "-")))
		return scan_miss(sc, "a status of three digits");
	if (status.n == 3)
		parsed_status(sc->p, sc->out, status);
	if (!scan_blanks(sc) || !scan_word(sc, &size))
		return false;
	parsed_size(sc->p, sc->out, size);
	return true;
}

/* One of the pieces behind the agent. */
static void
take_extra(struct scan *sc, struct span word, double unit)
{
	ptrdiff_t equals = span_chr(word, '=');
	double number;
	int64_t ns;

	if (equals > 0) {
		struct span key = span_head(word, (size_t)equals);
		struct span value = span_from(word, (size_t)equals + 1);

		if (value.n > 1 && value.p[0] == '"' && value.p[value.n - 1] == '"')
			value = span_of(value.p + 1, value.n - 2);
		if (span_eq_str(key, "rt") && parsed_number(value, &number))
			parsed_duration(sc->p, sc->out, value, number);
		else
			parsed_pair(sc->p, sc->out, key, value);
	} else if (sc->out->duration < 0 && parsed_number(word, &number)) {
		bool decimal = span_chr(word, '.') >= 0;

		parsed_duration(sc->p, sc->out, word, decimal ? number : number * unit);
	} else if (word.n > 2 && isalpha((unsigned char)word.p[word.n - 1]) &&
		   isdigit((unsigned char)word.p[0]) && units_parse_duration(word, &ns)) {
		/* Traefik: the integer before it is a count. */
		sc->out->field[FIELD_DURATION] = SPAN_NONE;
		parsed_duration(sc->p, sc->out, word, (double)ns / NSEC);
	}
}

static void
take_extras(struct scan *sc, double unit)
{
	struct span value;

	if (scan_blanks(sc) && scan_quoted(sc, &value)) {
		if (!span_eq_str(value, "-"))
			scan_set(sc, FIELD_REFERER, value);
		if (scan_blanks(sc) && scan_quoted(sc, &value) && !span_eq_str(value, "-"))
			scan_set(sc, FIELD_AGENT, value);
	}
	while (!scan_end(sc)) {
		scan_blanks(sc);
		if (scan_peek(sc) == '"' && scan_quoted(sc, &value))
			continue;
		if (!scan_word(sc, &value))
			return;
		take_extra(sc, value, unit);
	}
}

static bool
read_line(struct parser *p, struct span line, struct parsed *out, double unit)
{
	struct scan sc = { p, out, line, 0 };
	struct span peer;
	ptrdiff_t bracket = span_chr(span_head(line, HOST_MAX), '[');

	if (bracket < 4 || line.p[bracket - 1] != ' ' || (size_t)bracket + 3 >= line.n ||
	    line.p[bracket + 3] != '/')
		return scan_miss(&sc, "[dd/Mon/yyyy:...] behind host and user");
	scan_to(&sc, '[', &peer);
	if (!scan_time(&sc) || !scan_text(&sc, "] ") || !take_peer(&sc, peer) ||
	    !take_request(&sc) || !take_answer(&sc))
		return false;
	take_extras(&sc, unit);
	parsed_access(p, out, line);
	return true;
}

static bool
is_bare(struct span number)
{
	double value;

	return span_chr(number, '.') < 0 && parsed_number(number, &value);
}

static bool
access_parse(struct parser *p, struct span line, struct parsed *out)
{
	if (!read_line(p, line, out, 1e-6))
		return false;
	if ((p->memory.spoken >> FORMAT_ACCESS_MS & 1) && is_bare(out->field[FIELD_DURATION])) {
		p->miss = "a duration in microseconds";
		return false;
	}
	return true;
}

static bool
access_ms_parse(struct parser *p, struct span line, struct parsed *out)
{
	return read_line(p, line, out, 1e-3) && is_bare(out->field[FIELD_DURATION]);
}

static const char *const access_samples[] = {
	"192.0.2.7 - - [08/Sep/2025:21:48:00 +0900] \"GET / HTTP/1.1\" 200 186",
	"192.0.2.7 - kim [08/Sep/2025:21:48:00 +0900] \"GET /a HTTP/1.1\" 404 9 \"-\" "
	"\"curl/8.5\" 602051",
	"::1 - - [08/Sep/2025:21:48:00 +0900] \"GET /a HTTP/1.1\" 200 9 \"-\" \"a \\\"b\\\"\" "
	"rt=0.290 urt=\"0.2\"",
	"- - - [09/Sep/2025:00:54:50 +0900] \"\\x16\\x03\\x01\" 400 0 \"-\" \"-\" 0.008270",
	" - - [09/Sep/2025:00:54:50 +0900] \"-\" 400 -",
	NULL,
};

const struct format format_access = {
	.id = FORMAT_ACCESS,
	.name = "access",
	.title = "Access lines (common and combined, with durations)",
	.parse = access_parse,
	.samples = access_samples,
};

static const char *const access_ms_samples[] = {
	"192.0.2.7 - - [08/Sep/2025:21:48:00 +0900] \"GET /a HTTP/1.1\" 200 9 \"-\" \"curl/8.5\" 12",
	NULL,
};

const struct format format_access_ms = {
	.id = FORMAT_ACCESS_MS,
	.name = "access-ms",
	.title = "Access lines with a duration in milliseconds",
	.start = START_WEAK,
	.parse = access_ms_parse,
	.samples = access_ms_samples,
};
