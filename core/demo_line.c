/*
 * The shapes of the demo's lines: python-json-logger, Django's verbose
 * text, gunicorn's access log, celery's worker log.
 *
 * What is put into JSON comes from demo_text.c, so only what can occur there
 * is escaped.
 */
#include "config.h"

#include "core/demo_line.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"

static const char months[12][4] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
};

/* asctime as Python's logging writes it. */
static void
add_time(struct strbuf *b, int64_t t)
{
	struct civil c;

	clock_civil(t, &c);
	strbuf_addf(b, "%04d-%02d-%02d %02d:%02d:%02d,%03d", c.year, c.month, c.day, c.hour,
		c.minute, c.second, c.nsec / 1000000);
}

static void
add_escaped(struct strbuf *b, const char *text)
{
	size_t plain;

	while (text[plain = strcspn(text, "\n\"\\")]) {
		strbuf_add(b, span_of(text, plain));
		strbuf_char(b, '\\');
		strbuf_char(b, text[plain] == '\n' ? 'n' : text[plain]);
		text += plain + 1;
	}
	strbuf_str(b, text);
}

static void
begin_json(struct strbuf *b, int64_t t, const char *logger, const char *level, const char *message)
{
	strbuf_str(b, "{\"asctime\": \"");
	add_time(b, t);
	strbuf_addf(b, "\", \"name\": \"%s\", \"levelname\": \"%s\", \"message\": \"",
		logger, level);
	add_escaped(b, message);
	strbuf_str(b, "\", ");
}

void
demo_line_json(struct demo_log *l, int64_t t, const char *logger, const char *level,
	const char *message, const char *fields, ...)
{
	struct strbuf b = STRBUF_INIT;
	char tail[1024];
	va_list ap;

	begin_json(&b, t, logger, level, message);
	va_start(ap, fields);
	vsnprintf(tail, sizeof tail, fields, ap);
	va_end(ap);
	strbuf_str(&b, tail);
	strbuf_str(&b, "}\n");
	demo_log_put(l, DEMO_APPLICATION, t, &b);
}

void
demo_line_failure(struct demo_log *l, int64_t t, const struct demo_request *r)
{
	struct strbuf b = STRBUF_INIT;

	begin_json(&b, t, "django.request", "ERROR", "Request failed with exception");
	strbuf_str(&b, "\"exc_info\": \"Traceback (most recent call last):\\n");
	add_escaped(&b, r->fault->frames);
	strbuf_addf(&b, "%s%s: ", r->fault->module, r->fault->type);
	add_escaped(&b, r->fault->message);
	strbuf_addf(&b, "\", \"request_id\": \"%s\", \"exception_type\": \"%s\", "
		"\"exception_message\": \"", r->id, r->fault->type);
	add_escaped(&b, r->fault->message);
	strbuf_addf(&b, "\", \"duration\": " DEMO_SECONDS
		", \"path\": \"%s\", \"method\": \"%s\"}\n", DEMO_SECONDS_OF(r->took),
		r->path, r->route->method);
	demo_log_put(l, DEMO_APPLICATION, t, &b);
}

void
demo_line_text(struct demo_log *l, int64_t t, const char *level, const char *module, unsigned pid,
	const char *message, const char *traceback)
{
	struct strbuf b = STRBUF_INIT;

	strbuf_addf(&b, "%s ", level);
	add_time(&b, t);
	strbuf_addf(&b, " %s %u 1396260486%05u %s\n", module, pid, 12000 + pid % 4 * 8192, message);
	if (traceback)
		strbuf_str(&b, traceback);
	demo_log_put(l, DEMO_SERVICES, t, &b);
}

void
demo_line_access(struct demo_log *l, int64_t t, const struct demo_request *by, const char *path, int status,
	unsigned size, unsigned took)
{
	struct strbuf b = STRBUF_INIT;
	struct civil c;
	int zone;

	clock_civil(t, &c);
	zone = abs(c.offset) / 60;
	strbuf_addf(&b, "%s - - [%02d/%s/%d:%02d:%02d:%02d %c%02d%02d] ", by->ip, c.day,
		months[c.month - 1], c.year, c.hour, c.minute, c.second,
		c.offset < 0 ? '-' : '+', zone / 60, zone % 60);
	strbuf_addf(&b, "\"GET %s HTTP/1.1\" %d %u \"-\" \"%s\" %u\n", path, status, size, by->agent, took);
	demo_log_put(l, DEMO_ACCESS, t, &b);
}

void
demo_line_celery(struct demo_log *l, int64_t t, const char *level, const char *process,
	const char *message, const char *traceback)
{
	struct strbuf b = STRBUF_INIT;

	strbuf_char(&b, '[');
	add_time(&b, t);
	strbuf_addf(&b, ": %s/%s] %s\n", level, process, message);
	if (traceback)
		strbuf_str(&b, traceback);
	demo_log_put(l, DEMO_CELERY, t, &b);
}

void
demo_line_digits(struct strbuf *b, const char *text, struct demo_rand *r)
{
	bool run = false;

	strbuf_clear(b);
	for (; *text; text++) {
		bool digit = *text == '#';

		if (digit)
			strbuf_char(b, (char)(run ? '0' + demo_rand_below(r, 10)
				: '1' + demo_rand_below(r, 9)));
		else
			strbuf_char(b, *text);
		run = digit || (*text >= '0' && *text <= '9') || *text == '.';
	}
}
