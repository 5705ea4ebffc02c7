/*
 * Requests that are told in words, without a time or a level of the line's own:
 *
 *   Started GET "/products/1" for 192.0.2.7 at 2025-09-08 21:48:00 +0900     Rails
 *   Completed 200 OK in 12ms (Views: 8.1ms | ActiveRecord: 0.2ms)
 *   GET /products/1 200 12.345 ms - 531                                      morgan: weak
 *
 * What Rails writes between them belongs to the one that came before. Without a
 * request's id nothing says which start a completion ends, so the completion
 * counts as the request, and its route is not known.
 */
#include "config.h"

#include "core/format_rows.h"
#include "core/parsed.h"
#include "core/scan.h"

/* " for 192.0.2.7 at 2025-09-08 21:48:00 +0900", behind the path. */
static bool
take_client_and_time(struct scan *sc)
{
	struct span client;

	if (!scan_text(sc, "\" for ") || !scan_word(sc, &client) || !scan_text(sc, " at ") ||
	    !scan_time(sc) || !scan_end(sc))
		return scan_miss(sc, "for ADDRESS at TIME");
	scan_set(sc, FIELD_IP, client);
	return true;
}

static bool
rails_parse(struct parser *p, struct span line, struct parsed *out)
{
	struct scan sc = { p, out, line, 0 };

	parsed_words(p, out, line);
	scan_set(&sc, FIELD_MESSAGE, line);
	if (out->status) {
		if (!span_starts(line, SPAN_LIT("Completed ")) || out->duration < 0)
			return scan_miss(&sc, "Completed STATUS in TIME");
		out->flags |= PARSED_ACCESS;
		out->level = level_from_status(out->status);
		return true;
	}
	if (!span_starts(line, SPAN_LIT("Started ")) || !out->field[FIELD_PATH].p)
		return scan_miss(&sc, "Started METHOD \"/path\"");
	sc.at = (size_t)(out->field[FIELD_PATH].p + out->field[FIELD_PATH].n - line.p);
	return take_client_and_time(&sc);
}

static const char *const rails_samples[] = {
	"Started GET \"/products/1\" for 192.0.2.7 at 2025-09-08 21:48:00 +0900",
	"Completed 200 OK in 12ms (Views: 8.1ms | ActiveRecord: 0.2ms)",
	NULL,
};

const struct format format_rails = {
	.id = FORMAT_RAILS,
	.name = "rails",
	.title = "Rails' development log",
	.multiline = true,
	.first = "SC",
	.parse = rails_parse,
	.samples = rails_samples,
};

static bool
morgan_parse(struct parser *p, struct span line, struct parsed *out)
{
	struct scan sc = { p, out, line, 0 };

	parsed_words(p, out, line);
	if (!out->field[FIELD_PATH].p || out->field[FIELD_PATH].p > line.p + 20 || !out->status ||
	    out->duration < 0)
		return scan_miss(&sc, "METHOD /path STATUS TIME");
	parsed_access(p, out, line);
	return true;
}

static const char *const morgan_samples[] = {
	"GET /products/1 200 12.345 ms - 531",
	"POST /login 302 3.1 ms - -",
	NULL,
};

const struct format format_morgan = {
	.id = FORMAT_MORGAN,
	.name = "morgan",
	.title = "A request in words (morgan's dev and tiny)",
	.start = START_WEAK,
	.first = "A-Z",
	.parse = morgan_parse,
	.samples = morgan_samples,
};
