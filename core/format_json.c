/*
 * format_json: lines that are a JSON object, whoever wrote them:
 * python-json-logger, structlog, ECS, bunyan and pino, zap, nginx, Docker's
 * json-file, journalctl -o json. What their keys mean is said in field.c.
 *
 * A message that is itself JSON stays a text. Lines of the naive formatter
 * are refused even if they are valid (format_json_broken.c). Lines of a shape
 * that came before are read the quick way (json_shapes.h).
 */
#include "config.h"

#include "core/format_rows.h"
#include "core/json_fill.h"
#include "core/json_shapes.h"

/* By the shapes of the lines before. */
static const struct format *
quick(struct parser *p, struct span line, struct parsed *out)
{
	struct json_fill fill;

	if (!p->shapes || *line.p != '{')
		return NULL;
	parsed_clear(out);
	json_fill_init(&fill, p, out);
	if (!json_shapes_read(p->shapes, line, &fill))
		return NULL;
	if (!fill.naive) {
		json_fill_end(&fill);
		return &format_json;
	}
	return json_fill_naive_end(&fill, line) ? &format_json_naive : NULL;
}

static void
learn(struct parser *p, struct span line, const struct json_fill *fill)
{
	bool naive = json_fill_is_naive(fill);

	/* Of a naive line more has to be known than a person's own keys may leave true. */
	if (p->emit || fill->wrapped || (naive && field_keys_version))
		return;
	if (!p->shapes)
		p->shapes = json_shapes_new();
	json_shapes_learn(p->shapes, line, naive);
}

static bool
parse(struct parser *p, struct span line, struct parsed *out)
{
	struct json j;
	struct json_member m;
	struct json_fill fill;

	json_fill_init(&fill, p, out);
	json_open(&j, line);
	while (json_next(&j, &m))
		json_fill_member(&fill, &m);
	if (!j.fault)
		learn(p, line, &fill);
	if (j.fault || json_fill_is_naive(&fill)) {
		p->miss = j.fault ? j.fault : "a formatter that escapes its messages";
		p->miss_pos = j.fault_pos;
		return false;
	}
	json_fill_end(&fill);
	return true;
}

static const char *const samples[] = {
	"{\"asctime\": \"2025-09-08 21:48:00,219\", \"name\": \"django.request\", \"levelname\": "
	"\"INFO\", \"message\": \"Request started\", \"method\": \"GET\", \"path\": \"/\"}",
	"{\"event\": \"product_viewed\", \"logger\": \"shop\", \"level\": \"info\", \"timestamp\": "
	"\"2025-09-08T12:48:00.422516Z\"}",
	"{\"level\":30,\"time\":1757335680219,\"pid\":12,\"hostname\":\"web\",\"msg\":\"up\"}",
	"{\"time_iso8601\":\"2025-09-08T21:48:00+09:00\",\"request_method\":\"GET\","
	"\"request_uri\":\"/\",\"status\":200,\"request_time\":0.290}",
	NULL,
};

const struct format format_json = {
	.id = FORMAT_JSON,
	.name = "json",
	.title = "JSON object",
	.start = START_STRONG,
	.first = "{",
	.parse = parse,
	.quick = quick,
	.samples = samples,
};
