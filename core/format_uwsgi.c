/*
 * Two servers whose access lines are no combined lines:
 *
 *   [pid: 42|app: 0|req: 7/9] 192.0.2.7 (kim) {40 vars in 600 bytes} [Mon Sep  8 21:48:00 2025]
 *       GET /a => generated 186 bytes in 33 msecs (HTTP/1.1 200) 4 headers ...          uwsgi
 *   192.0.2.7:80 [08/Sep/2025:21:48:00.123] front back/web1 0/0/1/12/13 200 186 - - ----
 *       1/1/0/0/0 0/0 "GET /a HTTP/1.1"                                                       HAProxy
 *
 * (each is one line). HAProxy's are mostly found inside syslog.
 */
#include "config.h"

#include "core/format_rows.h"
#include "core/parsed.h"
#include "core/scan.h"

/* "[Mon Sep  8 21:48:00 2025] ": the year last, so put in order in the arena. */
static bool
uwsgi_time(struct scan *sc)
{
	struct strbuf *b = &sc->p->arena;
	size_t from = b->n;
	struct span text;
	bool good;

	if (!scan_to(sc, '[', &text) || !scan_to(sc, ']', &text) || text.n != 24)
		return scan_miss(sc, "[weekday month day time year]");
	strbuf_addf(b, "%c%c %.3s %.4s %.8s", text.p[8] == ' ' ? '0' : text.p[8], text.p[9],
		    text.p + 4, text.p + 20, text.p + 11);
	good = parsed_stamp(sc->p, sc->out, span_of(b->p + from, b->n - from)) > 0;
	b->n = from;
	scan_set(sc, FIELD_TIME, text);
	return good || scan_miss(sc, "a time");
}

static bool
uwsgi_parse(struct parser *p, struct span line, struct parsed *out)
{
	struct scan sc = { p, out, line, 0 };
	struct span skipped, ip, request, size, ms, status;
	double number;

	if (!scan_text(&sc, "[pid: ") || !scan_number(&sc, FIELD_PID) ||
	    !scan_to(&sc, ']', &skipped) || !scan_blanks(&sc) || !scan_word(&sc, &ip) ||
	    !uwsgi_time(&sc) || !scan_blanks(&sc) || !scan_to(&sc, '=', &request) ||
	    !scan_text(&sc, "> generated ") || !scan_digits(&sc, &size) ||
	    !scan_text(&sc, " bytes in ") || !scan_digits(&sc, &ms) ||
	    !scan_to(&sc, '(', &skipped) || !scan_word(&sc, &skipped) || !scan_blanks(&sc) ||
	    !scan_digits(&sc, &status))
		return false;
	scan_set(&sc, FIELD_IP, ip);
	parsed_request(p, out, span_trim(request));
	parsed_size(p, out, size);
	parsed_number(ms, &number);
	parsed_duration(p, out, ms, number / 1e3);
	parsed_status(p, out, status);
	parsed_access(p, out, line);
	return true;
}

static const char *const uwsgi_samples[] = {
	"[pid: 42|app: 0|req: 7/9] 192.0.2.7 () {40 vars in 600 bytes} [Mon Sep  8 21:48:00 2025] "
	"GET /a => generated 186 bytes in 33 msecs (HTTP/1.1 200) 4 headers in 120 bytes",
	NULL,
};

const struct format format_uwsgi = {
	.id = FORMAT_UWSGI,
	.name = "uwsgi",
	.title = "uWSGI's request log",
	.first = "[",
	.parse = uwsgi_parse,
	.samples = uwsgi_samples,
};

/* "0/0/1/12/13": the last is the whole time, ms. */
static void
haproxy_timers(struct scan *sc, struct span timers)
{
	size_t n = timers.n;
	double ms;

	while (n && timers.p[n - 1] != '/')
		n--;
	if (parsed_number(span_from(timers, n), &ms))
		parsed_duration(sc->p, sc->out, span_from(timers, n), ms / 1e3);
}

static bool
haproxy_parse(struct parser *p, struct span line, struct parsed *out)
{
	struct scan sc = { p, out, line, 0 };
	struct span client, frontend, backend, timers, status, size, skipped, request;

	if (!scan_word(&sc, &client) || !scan_text(&sc, " [") || !scan_time(&sc) ||
	    !scan_text(&sc, "] ") || !scan_word(&sc, &frontend) || !scan_text(&sc, " ") ||
	    !scan_word(&sc, &backend) || !memchr(backend.p, '/', backend.n) ||
	    !scan_text(&sc, " ") || !scan_word(&sc, &timers) || !scan_text(&sc, " ") ||
	    !scan_word(&sc, &status) || status.n != 3 || !scan_text(&sc, " ") ||
	    !scan_word(&sc, &size) || !scan_to(&sc, '"', &skipped))
		return false;
	sc.at--;
	if (!scan_quoted(&sc, &request))
		return false;
	scan_set(&sc, FIELD_IP, client);
	parsed_other(p, "frontend", frontend);
	parsed_other(p, "backend", backend);
	haproxy_timers(&sc, timers);
	parsed_status(p, out, status);
	parsed_size(p, out, size);
	parsed_request(p, out, request);
	parsed_access(p, out, line);
	return true;
}

static const char *const haproxy_samples[] = {
	"192.0.2.7:80 [08/Sep/2025:21:48:00.123] front back/web1 0/0/1/12/13 200 186 - - ---- "
	"1/1/0/0/0 0/0 \"GET /a HTTP/1.1\"",
	NULL,
};

const struct format format_haproxy = {
	.id = FORMAT_HAPROXY,
	.name = "haproxy",
	.title = "HAProxy's request log",
	.first = "0-9a-fA-F:",
	.parse = haproxy_parse,
	.samples = haproxy_samples,
};
