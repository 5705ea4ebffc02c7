/*
 * The error logs of nginx and Apache:
 *
 *   2025/09/08 21:47:01 [error] 17717#17717: *4 connect() failed (...), client: 192.0.2.7,
 *       server: example.com, request: "GET / HTTP/1.1", upstream: "...", host: "example.com"
 *   [Mon Sep 08 21:47:01.123456 2025] [core:error] [pid 7:tid 9] [client 192.0.2.7:80] AH1: text
 *
 * (the first is one line). What nginx appends to its messages are fields; the
 * message keeps them.
 */
#include "config.h"

#include "core/format_rows.h"
#include "core/parsed.h"
#include "core/scan.h"

/* What stands behind ", name: " at the end of a message; quotes left out. */
static struct span
detail(struct span message, struct span name)
{
	for (struct span s = message; s.n;) {
		ptrdiff_t comma = span_chr(s, ',');
		ptrdiff_t end;

		if (comma < 0)
			break;
		s = span_from(s, (size_t)comma + 1);
		if (!span_starts(s, name))
			continue;
		s = span_from(s, name.n);
		if (s.n && s.p[0] == '"') {
			s = span_from(s, 1);
			end = span_chr(s, '"');
		} else {
			end = span_chr(s, ',');
		}
		return end < 0 ? s : span_head(s, (size_t)end);
	}
	return SPAN_NONE;
}

static void
nginx_details(struct scan *sc, struct span message)
{
	struct span request = detail(message, SPAN_LIT(" request: "));

	scan_set(sc, FIELD_IP, detail(message, SPAN_LIT(" client: ")));
	if (request.p)
		parsed_request(sc->p, sc->out, request);
	scan_set(sc, FIELD_HOST, detail(message, SPAN_LIT(" host: ")));
	scan_set(sc, FIELD_REFERER, detail(message, SPAN_LIT(" referrer: ")));
	parsed_other(sc->p, "server", detail(message, SPAN_LIT(" server: ")));
	parsed_other(sc->p, "upstream", detail(message, SPAN_LIT(" upstream: ")));
}

static bool
nginx_parse(struct parser *p, struct span line, struct parsed *out)
{
	struct scan sc = { p, out, line, 0 };
	struct span level, connection;

	if (!scan_time(&sc) || !scan_text(&sc, " [") || !scan_to(&sc, ']', &level) ||
	    !scan_text(&sc, " ") || !scan_number(&sc, FIELD_PID) || !scan_text(&sc, "#") ||
	    !scan_number(&sc, FIELD_THREAD) || !scan_text(&sc, ": "))
		return false;
	if (!parsed_level(p, out, level))
		return scan_miss(&sc, "a level of nginx");
	if (scan_text(&sc, "*") && scan_digits(&sc, &connection)) {
		parsed_other(p, "connection", connection);
		scan_blanks(&sc);
	}
	nginx_details(&sc, scan_message(&sc));
	return true;
}

static const char *const nginx_samples[] = {
	"2025/09/08 21:47:01 [notice] 17717#17717: using the \"epoll\" event method",
	"2025/09/08 21:47:01 [crit] 7#7: *4 connect() failed, client: ::1, server: a.b, "
	"request: \"GET /x HTTP/1.1\"",
	NULL,
};

const struct format format_nginx = {
	.id = FORMAT_NGINX,
	.name = "nginx",
	.title = "nginx's error log",
	.multiline = true,
	.first = "0-9",
	.parse = nginx_parse,
	.samples = nginx_samples,
};

/*
 * "Mon Sep 08 21:47:01.123456 2025]": the year stands last, so that the stamp
 * is put in order in the arena before it is read.
 */
static bool
apache_time(struct scan *sc)
{
	struct span weekday, month, day, clock, year;
	size_t from = sc->p->arena.n;
	struct strbuf *b = &sc->p->arena;
	bool good;

	if (!scan_word(sc, &weekday) || weekday.n != 3 || !scan_blanks(sc) ||
	    !scan_word(sc, &month) || month.n != 3 || !scan_blanks(sc) ||
	    !scan_digits(sc, &day) || day.n > 2 ||
	    !scan_blanks(sc) || !scan_word(sc, &clock) || !scan_blanks(sc) ||
	    !scan_digits(sc, &year) || !scan_text(sc, "]") || clock.n > 20)
		return scan_miss(sc, "Day Mon dd hh:mm:ss yyyy]");
	strbuf_addf(b, "%02d %.3s %.*s %.*s", day.n == 1 ? day.p[0] - '0' :
		    (day.p[0] - '0') * 10 + day.p[1] - '0', month.p, (int)(year.n & 7), year.p,
		    SPAN_FMT(clock));
	good = parsed_stamp(sc->p, sc->out, span_of(b->p + from, b->n - from)) > 0;
	b->n = from;
	if (!good)
		return scan_miss(sc, "a time");
	scan_set(sc, FIELD_TIME, span_of(weekday.p, (size_t)(year.p + year.n - weekday.p)));
	return true;
}

static bool
apache_parse(struct parser *p, struct span line, struct parsed *out)
{
	struct scan sc = { p, out, line, 0 };
	struct span module, item;
	ptrdiff_t colon;

	if (!scan_text(&sc, "[") || !apache_time(&sc) || !scan_text(&sc, " [") ||
	    !scan_to(&sc, ']', &module))
		return false;
	colon = span_chr(module, ':');
	if (!parsed_level(p, out, span_from(module, (size_t)(colon + 1))))
		return scan_miss(&sc, "[module:level]");
	if (colon > 0)
		scan_set(&sc, FIELD_LOGGER, span_head(module, (size_t)colon));
	while (scan_text(&sc, " [") && scan_to(&sc, ']', &item)) {
		if (span_starts(item, SPAN_LIT("client ")))
			scan_set(&sc, FIELD_IP, span_from(item, 7));
		else if (span_starts(item, SPAN_LIT("pid ")))
			scan_set(&sc, FIELD_PID, span_from(item, 4));
	}
	scan_message(&sc);
	return true;
}

static const char *const apache_samples[] = {
	"[Mon Sep 08 21:47:01.123456 2025] [core:error] [pid 7:tid 9] [client 192.0.2.7:80] AH1: text",
	"[Mon Sep 08 21:47:01 2025] [notice] caught SIGTERM",
	NULL,
};

const struct format format_apache = {
	.id = FORMAT_APACHE,
	.name = "apache",
	.title = "Apache's error log",
	.multiline = true,
	.first = "[",
	.parse = apache_parse,
	.samples = apache_samples,
};
