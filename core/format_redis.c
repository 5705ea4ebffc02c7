/*
 * redis and sentinel:
 *
 *   17705:M 08 Sep 2025 12:47:00.027 * Ready to accept connections
 *   17705:signal-handler (1757335680) Received SIGTERM scheduling shutdown...
 *
 * pid:role (C child, M master, S replica, X sentinel), a time in the zone of
 * the process, a mark for the level.
 */
#include "config.h"

#include "core/format_rows.h"
#include "core/parsed.h"
#include "core/scan.h"

static enum level
level_of_mark(char mark)
{
	switch (mark) {
	case '.':
		return LEVEL_DEBUG;
	case '-':
	case '*':
		return LEVEL_INFO;
	case '#':
		return LEVEL_WARNING;
	default:
		return LEVEL_NONE;
	}
}

static bool
redis_signal(struct scan *sc)
{
	struct span epoch;

	if (!scan_text(sc, "signal-handler (") || !scan_to(sc, ')', &epoch) ||
	    !parsed_time(sc->p, sc->out, epoch) || !scan_blanks(sc))
		return false;
	scan_set(sc, FIELD_TIME, epoch);
	sc->out->level = LEVEL_WARNING;
	scan_message(sc);
	return true;
}

static bool
redis_parse(struct parser *p, struct span line, struct parsed *out)
{
	struct scan sc = { p, out, line, 0 };
	struct span mark;

	if (!scan_number(&sc, FIELD_PID) || !scan_text(&sc, ":"))
		return false;
	if (scan_peek(&sc) == 's')
		return redis_signal(&sc);
	if (!memchr("CMSX", scan_peek(&sc), 4))
		return scan_miss(&sc, "the role C, M, S or X");
	parsed_other(p, "role", span_head(scan_rest(&sc), 1));
	sc.at++;
	if (!scan_text(&sc, " ") || !scan_time(&sc) || !scan_text(&sc, " ") ||
	    !scan_word(&sc, &mark))
		return false;
	out->level = mark.n == 1 ? level_of_mark(*mark.p) : LEVEL_NONE;
	if (out->level == LEVEL_NONE)
		return scan_miss(&sc, "one of . - * #");
	scan_set(&sc, FIELD_LEVEL, mark);
	scan_message(&sc);
	return true;
}

static const char *const redis_samples[] = {
	"17705:M 08 Sep 2025 12:47:00.027 * Ready to accept connections",
	"17705:C 08 Sep 2025 12:47:00.026 # Configuration loaded",
	"17705:signal-handler (1757335680) Received SIGTERM scheduling shutdown...",
	NULL,
};

const struct format format_redis = {
	.id = FORMAT_REDIS,
	.name = "redis",
	.title = "redis",
	.first = "0-9",
	.parse = redis_parse,
	.samples = redis_samples,
};
