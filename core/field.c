/*
 * field: which key means what.
 *
 * One list of aliases, grouped by field. Where several keys of a line mean the
 * same field, the lowest rank wins. Keys are compared without regard to ASCII
 * case, so that requestId, RequestID and MESSAGE need no rows of their own;
 * nested keys are dotted.
 *
 * Looking a key up is done for every key of every line. A key's first and
 * last eight bytes, in lower case, are two words that say nearly all about
 * it; they are hashed, and compared in place of the text. The list is hashed
 * into a table of a multiple of its size before main() runs. A user's own keys
 * are appended to the list, or take over the row of the same key.
 *
 * Durations that name their unit ("elapsed_ms") need no rows either: a suffix
 * is taken off and what remains is looked up.
 */
#include "config.h"

#include "core/field.h"

#include "core/alloc.h"

const struct field_info field_info[FIELD_COUNT] = {
#define X(id, name, kind) [FIELD_##id] = { name, kind },
	FIELDS(X)
#undef X
};

enum { SLOT_BITS = 10, SLOTS = 1 << SLOT_BITS };

struct alias {
	const char *key; /* any case */
	uint8_t n;       /* its length */
	uint8_t field, rank;
	double scale;
};

/* The built-in ones, ranked from 1, and room for a user's, whose rank is 0. */
static struct alias aliases[SLOTS / 2] = {
#define SCALED(field, rank, key, scale) { key, sizeof(key) - 1, FIELD_##field, (rank) + 1, scale },
#define A(field, rank, key) SCALED(field, rank, key, 1)
	A(TIME, 0, "asctime")
	A(TIME, 1, "@timestamp")
	A(TIME, 1, "time_iso8601")
	A(TIME, 1, "__realtime_timestamp")
	A(TIME, 1, "@t")
	A(TIME, 2, "timestamp")
	A(TIME, 3, "time")
	A(TIME, 4, "ts")
	A(TIME, 4, "_source_realtime_timestamp")
	A(TIME, 5, "datetime")
	A(TIME, 5, "date_time")
	A(TIME, 5, "eventtime")
	A(TIME, 5, "event_time")
	A(TIME, 5, "timemillis")
	A(TIME, 5, "time_local")
	A(TIME, 5, "msec")
	A(TIME, 5, "start_time")
	A(TIME, 5, "startutc")
	A(TIME, 5, "stagetimestamp")
	A(TIME, 5, "t.$date")
	A(TIME, 6, "created")
	A(TIME, 6, "t")
	A(TIME, 7, "date")

	A(LEVEL, 0, "levelname")
	A(LEVEL, 0, "level_name")
	A(LEVEL, 1, "level")
	A(LEVEL, 1, "log.level")
	A(LEVEL, 1, "log_level")
	A(LEVEL, 1, "loglevel")
	A(LEVEL, 1, "@l")
	A(LEVEL, 2, "severity")
	A(LEVEL, 2, "severity_text")
	A(LEVEL, 2, "severitytext")
	A(LEVEL, 2, "error_severity")
	A(LEVEL, 3, "lvl")
	A(LEVEL, 4, "priority")
	A(LEVEL, 5, "levelno")
	A(LEVEL, 5, "level_number")
	A(LEVEL, 6, "s") /* MongoDB: "I", "W", "E" */

	A(LOGGER, 0, "logger")
	A(LOGGER, 0, "logger_name")
	A(LOGGER, 0, "loggername")
	A(LOGGER, 0, "log.logger")
	A(LOGGER, 1, "name")
	A(LOGGER, 1, "sourcecontext")
	A(LOGGER, 2, "module")
	A(LOGGER, 3, "category")
	A(LOGGER, 3, "component")
	A(LOGGER, 4, "syslog_identifier")
	A(LOGGER, 5, "_comm")
	A(LOGGER, 5, "target")
	A(LOGGER, 5, "properties.sourcecontext")

	A(MESSAGE, 0, "message")
	A(MESSAGE, 1, "msg")
	A(MESSAGE, 2, "@m")
	A(MESSAGE, 2, "short_message")
	A(MESSAGE, 2, "textpayload")
	A(MESSAGE, 2, "renderedmessage")
	A(MESSAGE, 2, "fields.message")
	A(MESSAGE, 2, "jsonpayload.message")
	A(MESSAGE, 3, "@mt")
	A(MESSAGE, 3, "messagetemplate")
	A(MESSAGE, 4, "text")
	A(MESSAGE, 5, "log")

	A(EVENT, 0, "event")
	A(EVENT, 1, "event_name")
	A(EVENT, 1, "event.action")

	A(REQUEST_ID, 0, "request_id")
	A(REQUEST_ID, 1, "requestid")
	A(REQUEST_ID, 1, "request-id")
	A(REQUEST_ID, 1, "req_id")
	A(REQUEST_ID, 1, "reqid")
	A(REQUEST_ID, 1, "req.id")
	A(REQUEST_ID, 1, "request.id")
	A(REQUEST_ID, 1, "http.request.id")
	A(REQUEST_ID, 2, "x_request_id")
	A(REQUEST_ID, 2, "x-request-id")
	A(REQUEST_ID, 2, "awsrequestid")
	A(REQUEST_ID, 2, "aws_request_id")
	A(REQUEST_ID, 3, "correlation_id")
	A(REQUEST_ID, 3, "correlationid")
	A(REQUEST_ID, 4, "trace_id")
	A(REQUEST_ID, 4, "traceid")
	A(REQUEST_ID, 4, "trace.id")

	A(USER_ID, 0, "user_id")
	A(USER_ID, 1, "userid")
	A(USER_ID, 1, "user.id")
	A(USER_ID, 2, "enduser.id")
	A(USER_ID, 3, "user")
	A(USER_ID, 3, "user.username")
	A(USER_ID, 3, "remote_user")

	A(METHOD, 0, "method")
	A(METHOD, 1, "request_method")
	A(METHOD, 1, "http_method")
	A(METHOD, 1, "http.method")
	A(METHOD, 1, "http.request.method")
	A(METHOD, 1, "request.method")
	A(METHOD, 1, "req.method")
	A(METHOD, 1, "requestmethod")
	A(METHOD, 1, "httprequest.requestmethod")
	A(METHOD, 1, "span.method")
	A(METHOD, 2, "verb")
	A(METHOD, 3, "request_line") /* these two: "GET /x HTTP/1.1" */
	A(METHOD, 3, "request")

	A(PATH, 0, "path")
	A(PATH, 1, "request_path")
	A(PATH, 1, "url.path")
	A(PATH, 1, "http.path")
	A(PATH, 1, "request.path")
	A(PATH, 2, "request_uri")
	A(PATH, 2, "request.uri")
	A(PATH, 2, "http.target")
	A(PATH, 2, "uri")
	A(PATH, 2, "requestpath")
	A(PATH, 2, "requesturi")
	A(PATH, 2, "span.uri")
	A(PATH, 2, "span.path")
	A(PATH, 3, "url")
	A(PATH, 3, "req.url")
	A(PATH, 3, "request.url")
	A(PATH, 3, "request_url")
	A(PATH, 3, "httprequest.requesturl")
	A(PATH, 4, "http.url")
	A(PATH, 4, "url.original")
	A(PATH, 4, "url.full")

	A(ROUTE, 0, "view_name")
	A(ROUTE, 1, "route")
	A(ROUTE, 1, "http.route")
	A(ROUTE, 1, "url_name")
	A(ROUTE, 2, "endpoint")

	A(STATUS, 0, "status_code")
	A(STATUS, 0, "statuscode")
	A(STATUS, 0, "http.response.status_code")
	A(STATUS, 0, "http.status_code")
	A(STATUS, 1, "res.statuscode")
	A(STATUS, 1, "response.status_code")
	A(STATUS, 1, "response.status")
	A(STATUS, 1, "response_code")
	A(STATUS, 1, "responsestatus.code")
	A(STATUS, 1, "httprequest.status")
	A(STATUS, 1, "downstreamstatus")
	A(STATUS, 1, "fields.status")
	A(STATUS, 1, "http_status")
	A(STATUS, 1, "response_status")
	A(STATUS, 2, "status")

	A(DURATION, 0, "duration")
	A(DURATION, 1, "response_time")
	A(DURATION, 1, "request_time")
	A(DURATION, 1, "request_duration")
	SCALED(DURATION, 1, "responsetime", 1e-3) /* pino-http */
	SCALED(DURATION, 1, "event.duration", 1e-9)
	SCALED(DURATION, 1, "durationms", 1e-3)
	SCALED(DURATION, 1, "elapsedms", 1e-3)
	SCALED(DURATION, 1, "durationmillis", 1e-3)
	SCALED(DURATION, 1, "attr.durationmillis", 1e-3)
	A(DURATION, 1, "httprequest.latency")
	A(DURATION, 2, "fields.latency")
	A(DURATION, 2, "elapsed")
	A(DURATION, 2, "elapsed_time")
	A(DURATION, 2, "latency")
	A(DURATION, 2, "time_taken")
	A(DURATION, 2, "processing_time")
	A(DURATION, 3, "took")

	A(SIZE, 0, "response_size")
	A(SIZE, 0, "body_bytes_sent")
	A(SIZE, 0, "http.response.body.bytes")
	A(SIZE, 1, "http.response.bytes")
	A(SIZE, 1, "bytes_sent")
	A(SIZE, 1, "response_length")
	A(SIZE, 1, "response.length")
	A(SIZE, 1, "httprequest.responsesize")
	A(SIZE, 1, "downstreamcontentsize")
	A(SIZE, 2, "size")
	A(SIZE, 2, "bytes")

	A(IP, 0, "ip_address")
	A(IP, 0, "client_ip")
	A(IP, 0, "clientip")
	A(IP, 1, "ip")
	A(IP, 1, "client.ip")
	A(IP, 1, "request.client_ip")
	A(IP, 2, "remote_addr")
	A(IP, 2, "remote_ip")
	A(IP, 2, "remoteaddr")
	A(IP, 2, "remote_address")
	A(IP, 2, "request.remote_ip")
	A(IP, 2, "request.remote_addr")
	A(IP, 2, "req.remoteaddress")
	A(IP, 2, "source.ip")
	A(IP, 2, "source.address")
	A(IP, 2, "client.address")
	A(IP, 2, "clienthost")
	A(IP, 2, "httprequest.remoteip")
	A(IP, 3, "user_ip")

	A(AGENT, 0, "user_agent")
	A(AGENT, 0, "user_agent.original")
	A(AGENT, 0, "useragent")
	A(AGENT, 1, "http_user_agent")
	A(AGENT, 1, "http.user_agent")
	A(AGENT, 1, "http.useragent")
	A(AGENT, 1, "req.headers.user-agent")
	A(AGENT, 1, "user-agent")
	A(AGENT, 1, "httprequest.useragent")
	A(AGENT, 2, "agent")

	A(REFERER, 0, "referer")
	A(REFERER, 0, "referrer")
	A(REFERER, 1, "http_referer")
	A(REFERER, 1, "http_referrer")
	A(REFERER, 1, "http.request.referrer")
	A(REFERER, 1, "http.referer")
	A(REFERER, 1, "req.headers.referer")

	A(HOST, 0, "hostname")
	A(HOST, 1, "host")
	A(HOST, 1, "host.name")
	A(HOST, 1, "host.hostname")
	A(HOST, 1, "_hostname")
	A(HOST, 2, "server_name")

	A(PID, 0, "pid")
	A(PID, 0, "_pid")
	A(PID, 0, "process.pid")
	A(PID, 1, "process")
	A(PID, 1, "process_id")
	A(PID, 1, "processid")
	A(PID, 2, "syslog_pid")

	A(THREAD, 0, "threadname")
	A(THREAD, 0, "thread_name")
	A(THREAD, 0, "process.thread.name")
	A(THREAD, 1, "thread")
	A(THREAD, 2, "thread_id")
	A(THREAD, 2, "tid")
	A(THREAD, 2, "process.thread.id")

	A(TASK, 0, "task_name")
	A(TASK, 1, "task")
	A(TASK_ID, 0, "task_id")
	A(TASK_ID, 1, "celery_task_id")
	A(TASK_ID, 2, "jid")

	A(FUNCTION, 0, "function")
	A(FUNCTION, 1, "funcname")
	A(FUNCTION, 1, "func_name")
	A(FUNCTION, 1, "func")
	A(FUNCTION, 1, "log.origin.function")
	A(FUNCTION, 1, "code.function")
	A(FUNCTION, 1, "code_func")

	A(FILE, 0, "pathname")
	A(FILE, 1, "log.origin.file.name")
	A(FILE, 1, "code.filepath")
	A(FILE, 1, "code_file")
	A(FILE, 2, "filename")
	A(FILE, 2, "file")
	A(FILE, 3, "caller")

	A(LINE, 0, "lineno")
	A(LINE, 1, "log.origin.file.line")
	A(LINE, 1, "code.lineno")
	A(LINE, 1, "code_line")
	A(LINE, 1, "line_number")
	A(LINE, 2, "line")

	A(EXCEPTION, 0, "exception_type")
	A(EXCEPTION, 0, "exception.type")
	A(EXCEPTION, 0, "exc_type")
	A(EXCEPTION, 1, "error.type")
	A(EXCEPTION, 1, "error_type")
	A(EXCEPTION, 1, "err.type")
	A(EXCEPTION, 1, "err.name")
	A(EXCEPTION, 1, "exception_class")
	A(EXCEPTION, 1, "error_class")

	A(EXCEPTION_MESSAGE, 0, "exception_message")
	A(EXCEPTION_MESSAGE, 0, "exception.message")
	A(EXCEPTION_MESSAGE, 0, "exc_message")
	A(EXCEPTION_MESSAGE, 1, "error.message")
	A(EXCEPTION_MESSAGE, 1, "error_message")
	A(EXCEPTION_MESSAGE, 1, "err.message")
	A(EXCEPTION_MESSAGE, 2, "error")
	A(EXCEPTION_MESSAGE, 2, "err")

	A(TRACEBACK, 0, "exc_info")
	A(TRACEBACK, 0, "traceback")
	A(TRACEBACK, 0, "exception.stacktrace")
	A(TRACEBACK, 0, "error.stack_trace")
	A(TRACEBACK, 0, "err.stack")
	A(TRACEBACK, 0, "error.stack")
	A(TRACEBACK, 1, "exception")
	A(TRACEBACK, 1, "stack_trace")
	A(TRACEBACK, 1, "stacktrace")
	A(TRACEBACK, 1, "exc_text")
	A(TRACEBACK, 2, "stack")
	A(TRACEBACK, 2, "@x")

	/*
	 * Keys without a role that tell whose line it is, and by that the unit in which a
	 * duration without one is counted.
	 */
	SCALED(OTHER, 0, "controller", 1e-3)     /* Rails' lograge */
	SCALED(OTHER, 0, "response_flags", 1e-3) /* Envoy, Istio */
	SCALED(OTHER, 0, "entrypointname", 1e-9) /* Traefik */
#undef A
#undef SCALED
};

/* What may follow the name of a duration and an underscore. */
static const struct suffix {
	struct span text;
	double scale;
} suffixes[] = {
	{ { "ms", 2 }, 1e-3 },      { { "us", 2 }, 1e-6 },       { { "ns", 2 }, 1e-9 },
	{ { "s", 1 }, 1 },          { { "sec", 3 }, 1 },         { { "secs", 4 }, 1 },
	{ { "seconds", 7 }, 1 },    { { "millis", 6 }, 1e-3 },   { { "milliseconds", 12 }, 1e-3 },
	{ { "micros", 6 }, 1e-6 },  { { "microseconds", 12 }, 1e-6 },
	{ { "nanos", 5 }, 1e-9 },   { { "nanoseconds", 11 }, 1e-9 },
};

static size_t n_aliases;
unsigned field_keys_version;

/* Index + 1 into aliases, 0 for a free slot; linear probing. */
static uint16_t slots[SLOTS];

/* A key's first and last bytes; for n up to 16, all of them. */
struct ends {
	uint64_t head, tail;
};

static struct ends alias_ends[ARRAY_SIZE(aliases)];

/*
 * The same for all spellings of a key that differ in case only. Setting the
 * bit makes a few other characters alike too ('@' and '`'); no key that
 * anybody uses becomes another one by that.
 */
static inline struct ends
key_ends(struct span key)
{
	const uint64_t lower = UINT64_C(0x2020202020202020);
	struct ends e = { 0, 0 };

	if (key.n >= 8) {
		memcpy(&e.head, key.p, 8);
		memcpy(&e.tail, key.p + key.n - 8, 8);
	} else if (key.n >= 4) {
		uint32_t head, tail;

		memcpy(&head, key.p, 4);
		memcpy(&tail, key.p + key.n - 4, 4);
		e = (struct ends){ head, tail };
	} else if (key.n) {
		e.head = (unsigned char)key.p[0] | (unsigned)(unsigned char)key.p[key.n / 2] << 8;
		e.tail = (unsigned char)key.p[key.n - 1];
	}
	e.head |= lower;
	e.tail |= lower;
	return e;
}

static inline unsigned
hash_ends(struct ends e, size_t n)
{
	uint64_t h = (e.head ^ n) * UINT64_C(0x9e3779b97f4a7c15);

	h = (h ^ h >> 29 ^ e.tail) * UINT64_C(0xbf58476d1ce4e5b9);
	return (unsigned)(h >> (64 - SLOT_BITS));
}

static void
fill_slot(size_t i)
{
	alias_ends[i] = key_ends(span_of(aliases[i].key, aliases[i].n));
	unsigned slot = hash_ends(alias_ends[i], aliases[i].n);

	while (slots[slot])
		slot = (slot + 1) % SLOTS;
	slots[slot] = (uint16_t)(i + 1);
}

static void __attribute__((constructor))
fill_slots(void)
{
	for (; n_aliases < ARRAY_SIZE(aliases) && aliases[n_aliases].key; n_aliases++)
		fill_slot(n_aliases);
}

static inline struct alias *
find_alias(struct span key)
{
	struct ends e = key_ends(key);

	for (unsigned slot = hash_ends(e, key.n); slots[slot]; slot = (slot + 1) % SLOTS) {
		size_t i = slots[slot] - 1u;

		if (alias_ends[i].head == e.head && alias_ends[i].tail == e.tail &&
		    aliases[i].n == key.n &&
		    (key.n <= 16 || strncasecmp(aliases[i].key, key.p, key.n) == 0))
			return &aliases[i];
	}
	return NULL;
}

/* The unit a key ends in; *stem is what stands before it. */
static const struct suffix *
key_unit(struct span key, struct span *stem)
{
	const char *bar = key.n ? memrchr(key.p, '_', key.n) : NULL;

	for (size_t i = 0; bar && i < ARRAY_SIZE(suffixes); i++)
		if (span_eq(span_from(key, (size_t)(bar + 1 - key.p)), suffixes[i].text)) {
			*stem = span_head(key, (size_t)(bar - key.p));
			return &suffixes[i];
		}
	return NULL;
}

/* A duration whose key ends in its unit. */
static const struct alias *
find_suffixed(struct span key, double *scale)
{
	struct span stem;
	const struct suffix *unit = key_unit(key, &stem);
	const struct alias *alias = unit ? find_alias(stem) : NULL;

	if (!alias || alias->field != FIELD_DURATION)
		return NULL;
	*scale = unit->scale;
	return alias;
}

enum field
field_by_key(struct span key, unsigned *rank, double *scale)
{
	const struct alias *alias = find_alias(key);

	if (alias) {
		*rank = alias->rank;
		*scale = alias->scale;
		return (enum field)alias->field;
	}
	*scale = 1;
	if (key.n > 3 && (key.p[key.n - 1] == 's' || key.p[key.n - 1] == 'c'))
		alias = find_suffixed(key, scale);
	*rank = alias ? alias->rank : 0;
	return alias ? (enum field)alias->field : FIELD_OTHER;
}

bool
field_add_key(enum field field, struct span key)
{
	struct alias *alias = find_alias(key);
	struct span stem;
	const struct suffix *unit = field == FIELD_DURATION ? key_unit(key, &stem) : NULL;

	if (!key.n || key.n > UINT8_MAX || (!alias && n_aliases == ARRAY_SIZE(aliases)))
		return false;
	if (!alias) {
		alias = &aliases[n_aliases];
		alias->key = xstrndup(key.p, key.n);
		alias->n = (uint8_t)key.n;
		fill_slot(n_aliases++);
	}
	field_keys_version++;
	alias->field = (uint8_t)field;
	alias->rank = 0;
	alias->scale = unit ? unit->scale : 1;
	return true;
}

enum field
field_by_name(struct span name)
{
	for (size_t i = 0; i < FIELD_COUNT; i++)
		if (span_caseeq_str(name, field_info[i].name))
			return (enum field)i;
	unsigned rank;
	double scale;
	enum field f = field_by_key(name, &rank, &scale);

	/* The value of "elapsed_ms" is not in the unit of the field: it stays a key. */
	return scale == 1 ? f : FIELD_OTHER;
}
