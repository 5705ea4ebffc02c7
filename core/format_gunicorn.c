/*
 * gunicorn's error log:
 *
 *   [2025-09-08 21:48:00 +0900] [17808] [INFO] Booting worker with pid: 17830
 */
#include "config.h"

#include "core/format_rows.h"
#include "core/scan.h"

static bool
gunicorn_parse(struct parser *p, struct span line, struct parsed *out)
{
	struct scan sc = { p, out, line, 0 };

	if (!scan_text(&sc, "[") || !scan_time(&sc) || !scan_text(&sc, "] [") ||
	    !scan_number(&sc, FIELD_PID) || !scan_text(&sc, "] [") || !scan_level(&sc) ||
	    !scan_text(&sc, "]"))
		return false;
	scan_message(&sc);
	return true;
}

static const char *const gunicorn_samples[] = {
	"[2025-09-08 21:48:00 +0900] [17808] [INFO] Booting worker with pid: 17830",
	"[2025-09-08 12:47:03 +0000] [9] [CRITICAL] WORKER TIMEOUT (pid:17783)",
	NULL,
};

const struct format format_gunicorn = {
	.id = FORMAT_GUNICORN,
	.name = "gunicorn",
	.title = "gunicorn's error log",
	.multiline = true,
	.first = "[",
	.parse = gunicorn_parse,
	.samples = gunicorn_samples,
};
