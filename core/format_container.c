/*
 * Prefixes that container tools put before each line of a program:
 *
 *   web_1  | ERROR myapp failed                                 docker compose: weak
 *   2025-09-08T21:48:00.123456789Z stdout F ERROR myapp failed   CRI (Kubernetes)
 *   2025-09-08T21:48:00.123456789Z ERROR:myapp:failed            docker logs -t
 *
 * The rest is read by whatever format knows it. A line that none knows and
 * that looks like the inside of a traceback is refused, so that it continues
 * the record before it; any other text is a record.
 */
#include "config.h"

#include <ctype.h>

#include "core/format_rows.h"
#include "core/parsed.h"
#include "core/scan.h"

enum { DOCKER_STAMP = 30 }; /* bytes, with all nine digits */

/* "sqlite3.OperationalError: text": a dotted name in front of a colon or alone. */
static bool
is_exception(struct span text)
{
	ptrdiff_t colon = span_chr(text, ':');
	struct span name = colon < 0 ? text : span_head(text, (size_t)colon);

	return !memchr(name.p, ' ', name.n) && (span_ends(name, SPAN_LIT("Error")) ||
						span_ends(name, SPAN_LIT("Exception")));
}

bool
container_goes_on(struct span text)
{
	return !text.n || isspace((unsigned char)text.p[0]) ||
	       span_starts(text, SPAN_LIT("Traceback (")) ||
	       span_starts(text, SPAN_LIT("During handling of the above")) ||
	       span_starts(text, SPAN_LIT("The above exception was")) ||
	       span_starts(text, SPAN_LIT("Caused by: ")) || is_exception(text);
}

static bool
take_inner(struct scan *sc)
{
	struct span text = scan_rest(sc);

	if (format_inner(sc->p, text, sc->out))
		return true;
	if (container_goes_on(text))
		return scan_miss(sc, "the start of a record");
	scan_set(sc, FIELD_MESSAGE, text);
	return true;
}

/* "web-1  | "; the cursor ends behind it. */
static bool
take_service(struct scan *sc, struct span *name)
{
	if (!scan_to(sc, '|', name) || name->n < 3 || name->n > 64 || name->p[name->n - 1] != ' ')
		return scan_miss(sc, "name  |");
	*name = span_trim(*name);
	if (span_chr(*name, ' ') >= 0 || !isalnum((unsigned char)*name->p))
		return scan_miss(sc, "one word before |");
	return scan_end(sc) || scan_text(sc, " ");
}

bool
compose_prefixed(struct span line)
{
	struct parser p = { .miss = NULL };
	struct scan sc = { &p, NULL, line, 0 };
	struct span name;

	return take_service(&sc, &name);
}

static bool
compose_parse(struct parser *p, struct span line, struct parsed *out)
{
	struct scan sc = { p, out, line, 0 };
	struct span name;

	if (!take_service(&sc, &name))
		return false;
	scan_set(&sc, FIELD_HOST, name);
	return take_inner(&sc);
}

static const char *const compose_samples[] = {
	"web_1  | INFO 2025-09-08 21:48:00,123 views 17771 139626058688192 Request started",
	"db-1   | 2025-09-08 21:48:00.123 UTC [1] LOG:  ready",
	NULL,
};

const struct format format_compose = {
	.id = FORMAT_COMPOSE,
	.name = "compose",
	.title = "docker compose's prefix, with an inner format",
	.start = START_WEAK,
	.multiline = true,
	.first = "a-zA-Z0-9",
	.parse = compose_parse,
	.samples = compose_samples,
};

static bool
cri_parse(struct parser *p, struct span line, struct parsed *out)
{
	struct scan sc = { p, out, line, 0 };

	if (line.n < 20 || line.p[10] != 'T' || !scan_time(&sc))
		return scan_miss(&sc, "a time with a T in it");
	if (!scan_text(&sc, " std") || (!scan_text(&sc, "out ") && !scan_text(&sc, "err ")))
		return scan_miss(&sc, "stdout or stderr");
	parsed_other(p, "stream", span_of(line.p + sc.at - 7, 6));
	if (!scan_text(&sc, "F ") && !scan_text(&sc, "P "))
		return scan_miss(&sc, "F or P");
	return take_inner(&sc);
}

static const char *const cri_samples[] = {
	"2025-09-08T21:48:00.123456789Z stdout F ERROR 2025-09-08 21:48:00,123 views failed",
	"2025-09-08T21:48:00.123456789+09:00 stderr F listening",
	NULL,
};

const struct format format_cri = {
	.id = FORMAT_CRI,
	.name = "cri",
	.title = "Kubernetes' container log, with an inner format",
	.multiline = true,
	.first = "0-9",
	.parse = cri_parse,
	.samples = cri_samples,
};

static bool
docker_parse(struct parser *p, struct span line, struct parsed *out)
{
	struct scan sc = { p, out, line, 0 };

	if (line.n < DOCKER_STAMP || line.p[10] != 'T' || line.p[19] != '.' ||
	    line.p[DOCKER_STAMP - 1] != 'Z' || !scan_time(&sc) || sc.at != DOCKER_STAMP)
		return scan_miss(&sc, "a time in UTC with nine digits behind the second");
	if (span_starts(scan_rest(&sc), SPAN_LIT(" std")) ||
	    (!scan_end(&sc) && !scan_text(&sc, " ")))
		return scan_miss(&sc, "a blank, and what the program wrote");
	return take_inner(&sc);
}

static const char *const docker_samples[] = {
	"2025-09-08T21:48:00.123456789Z ERROR:myapp.views:failed",
	"2025-09-08T21:48:00.123456789Z listening",
	NULL,
};

const struct format format_docker = {
	.id = FORMAT_DOCKER,
	.name = "docker",
	.title = "docker logs -t, with an inner format",
	.multiline = true,
	.first = "0-9",
	.parse = docker_parse,
	.samples = docker_samples,
};
