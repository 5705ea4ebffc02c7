/*
 * Django's development server and the servers of ASGI:
 *
 *   [08/Sep/2025 21:48:00] "GET /a HTTP/1.1" 200 186                         runserver
 *   HTTP GET /a 200 [0.12, 127.0.0.1:1234]                                   runserver (channels)
 *   WebSocket CONNECT /ws/ [127.0.0.1:1234]
 *   127.0.0.1:1234 - - [08/Sep/2025:21:48:00] "GET /a" 200 186               daphne
 *   127.0.0.1:1234 - - [08/Sep/2025:21:48:00] "WSCONNECT /ws/" - -
 *   2025-09-08 21:47:02,022 INFO     Listening on TCP address 127.0.0.1:8190
 *   INFO:     127.0.0.1:52 - "GET / HTTP/1.1" 200 OK                         uvicorn
 *   INFO:     Started server process [1]
 *
 * daphne's text is not searched for "GET /a -> 200 in 3ms": its access line
 * says the same, and the request must count once.
 */
#include "config.h"

#include <ctype.h>

#include "core/format_rows.h"
#include "core/parsed.h"
#include "core/scan.h"

/* `"request" status size`, where status and size may be "-". */
static bool
take_exchange(struct scan *sc)
{
	struct span request, status, size;

	if (!scan_quoted(sc, &request) || !scan_blanks(sc) || !scan_word(sc, &status) ||
	    !scan_blanks(sc) || !scan_word(sc, &size))
		return false;
	parsed_request(sc->p, sc->out, request);
	if (status.n == 3)
		parsed_status(sc->p, sc->out, status);
	parsed_size(sc->p, sc->out, size);
	return true;
}

static bool
runserver_wsgi(struct scan *sc)
{
	if (!scan_text(sc, "[") || !scan_time(sc) || !scan_text(sc, "] ") || !take_exchange(sc))
		return false;
	parsed_access(sc->p, sc->out, sc->s);
	return true;
}

/* "[0.12, 127.0.0.1:1234]" or "[127.0.0.1:1234]" */
static bool
take_client(struct scan *sc)
{
	struct span inside, client;
	ptrdiff_t comma;
	double seconds;

	if (!scan_text(sc, "[") || !scan_to(sc, ']', &inside) || !scan_end(sc))
		return false;
	comma = span_chr(inside, ',');
	client = span_trim(span_from(inside, (size_t)(comma + 1)));
	if (comma > 0 && parsed_number(span_head(inside, (size_t)comma), &seconds))
		parsed_duration(sc->p, sc->out, span_head(inside, (size_t)comma), seconds);
	scan_set(sc, FIELD_IP, client);
	return true;
}

static bool
runserver_asgi(struct scan *sc)
{
	bool http = scan_text(sc, "HTTP ");
	struct span method, path, status;

	if ((!http && !scan_text(sc, "WebSocket ")) || !scan_word(sc, &method) ||
	    !scan_blanks(sc) || !scan_word(sc, &path) || !scan_blanks(sc))
		return false;
	if (http && (!scan_word(sc, &status) || status.n != 3 || !scan_blanks(sc)))
		return scan_miss(sc, "a status");
	if (!take_client(sc))
		return scan_miss(sc, "[seconds, client]");
	scan_set(sc, FIELD_METHOD, method);
	scan_set(sc, FIELD_PATH, path);
	if (http)
		parsed_status(sc->p, sc->out, status);
	parsed_access(sc->p, sc->out, sc->s);
	return true;
}

static bool
runserver_parse(struct parser *p, struct span line, struct parsed *out)
{
	struct scan sc = { p, out, line, 0 };

	return line.p[0] == '[' ? runserver_wsgi(&sc) : runserver_asgi(&sc);
}

static const char *const runserver_samples[] = {
	"[08/Sep/2025 21:48:00] \"GET /a HTTP/1.1\" 200 186",
	"[08/Sep/2025 21:48:00] \033[31;1m\"GET /a HTTP/1.1\" 500 186\033[0m",
	"HTTP GET /a 200 [0.12, 127.0.0.1:1234]",
	"WebSocket CONNECT /ws/chat/ [127.0.0.1:1234]",
	NULL,
};

const struct format format_runserver = {
	.id = FORMAT_RUNSERVER,
	.name = "runserver",
	.title = "Django's runserver (WSGI and ASGI)",
	.first = "[HW",
	.parse = runserver_parse,
	.samples = runserver_samples,
};

/* An access line of daphne: its time has no zone, which tells it from other access lines. */
static bool
daphne_access(struct scan *sc)
{
	struct span host, peer;

	if (!scan_word(sc, &host) || !scan_text(sc, " - - [") || !scan_time(sc))
		return false;
	peer = sc->out->field[FIELD_TIME];
	if (span_chr(peer, ' ') >= 0)
		return scan_miss(sc, "a time without a zone");
	if (!scan_text(sc, "] ") || !take_exchange(sc) || !scan_end(sc))
		return false;
	scan_set(sc, FIELD_IP, host);
	parsed_access(sc->p, sc->out, sc->s);
	return true;
}

/* "myapp.views", "myapp:" or "[main]": not daphne's way. */
static bool
looks_like_logger(struct span word)
{
	struct span name = span_head(word, word.n - 1);

	if (word.p[0] == '[')
		return true;
	if (!islower((unsigned char)word.p[0]))
		return false;
	return memchr(name.p, '.', name.n) ||
	       (word.p[name.n] == ':' && !parsed_is_level(name));
}

/* "time LEVEL" padded to eight columns, and the message. */
static bool
daphne_text(struct scan *sc)
{
	struct span word;
	size_t level, message;

	if (!scan_time(sc) || !scan_text(sc, " "))
		return false;
	level = sc->at;
	if (!scan_level(sc) || !scan_blanks(sc) || sc->at - level != 9 || sc->s.p[level + 7] != ' ')
		return scan_miss(sc, "a level padded to eight");
	message = sc->at;
	if (scan_word(sc, &word) && looks_like_logger(word))
		return scan_miss(sc, "a message without a logger");
	sc->at = message;
	scan_message(sc);
	return true;
}

/* A date in front, not an address. */
static bool
is_dated(struct span line)
{
	return line.n > 10 && line.p[4] == '-' && line.p[7] == '-' && line.p[10] == ' ';
}

static bool
daphne_parse(struct parser *p, struct span line, struct parsed *out)
{
	struct scan sc = { p, out, line, 0 };

	return is_dated(line) ? daphne_text(&sc) : daphne_access(&sc);
}

static const char *const daphne_samples[] = {
	"127.0.0.1:50080 - - [08/Sep/2025:22:04:17] \"GET /products/1/\" 200 186",
	"127.0.0.1:50080 - - [08/Sep/2025:22:04:17] \"WSCONNECTING /ws/chat/\" - -",
	"2025-09-08 21:47:02,022 INFO     Starting server at tcp:port=8190:interface=127.0.0.1",
	"2025-09-08 21:47:02,022 WARNING  Bad Request: /transfer/",
	NULL,
};

const struct format format_daphne = {
	.id = FORMAT_DAPHNE,
	.name = "daphne",
	.title = "daphne (access lines and text)",
	.multiline = true,
	.first = "0-9a-zA-Z[:-",
	.parse = daphne_parse,
	.samples = daphne_samples,
};

/* `127.0.0.1:52 - "GET / HTTP/1.1" 200 OK` */
static bool
uvicorn_access(struct scan *sc)
{
	struct span host, request, status;

	if (!scan_word(sc, &host) || !scan_text(sc, " - ") || !scan_quoted(sc, &request) ||
	    !scan_blanks(sc) || !scan_word(sc, &status) || status.n != 3)
		return false;
	scan_set(sc, FIELD_IP, host);
	parsed_request(sc->p, sc->out, request);
	parsed_status(sc->p, sc->out, status);
	parsed_access(sc->p, sc->out, sc->s);
	return true;
}

static bool
uvicorn_parse(struct parser *p, struct span line, struct parsed *out)
{
	struct scan sc = { p, out, line, 0 };
	size_t message;

	/* Two blanks at least: "CRITICAL: text" could be anybody's. */
	if (!scan_level(&sc) || !scan_text(&sc, ":") || !scan_blanks(&sc) || sc.at != 10 ||
	    line.p[8] != ' ')
		return scan_miss(&sc, "a level padded to ten");
	message = sc.at;
	if (uvicorn_access(&sc))
		return true;
	sc.at = message;
	scan_message(&sc);
	return true;
}

static const char *const uvicorn_samples[] = {
	"INFO:     127.0.0.1:52 - \"GET / HTTP/1.1\" 200 OK",
	"INFO:     Started server process [1]",
	"\033[31mERROR\033[0m:    Exception in ASGI application",
	NULL,
};

const struct format format_uvicorn = {
	.id = FORMAT_UVICORN,
	.name = "uvicorn",
	.title = "uvicorn",
	.multiline = true,
	.first = "CDEIW",
	.parse = uvicorn_parse,
	.samples = uvicorn_samples,
};
