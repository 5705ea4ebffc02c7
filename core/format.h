/*
 * format: how a line says what it says.
 *
 * Each family of formats lives in one file and is one or more rows of the
 * registry (format.c). A format knows the first line of a record: it takes
 * the line apart into a struct parsed, or says that the line is none of its
 * own. Which format a line has is decided per line, by the registry's order
 * among the formats whose first byte fits, so the answer does not depend on
 * where reading began. Formats with a weak start ("ERROR text") count only
 * in a source that is known to speak them (struct format_memory). A person's
 * own formats (format_user.h) are registered at start and tried first.
 *
 * Nothing here allocates per record: spans point into the line, or into the
 * parser's arena until the next parse.
 */
#ifndef CORE_FORMAT_H
#define CORE_FORMAT_H

#include "core/field.h"
#include "core/level.h"
#include "core/strbuf.h"
#include "core/timestamp.h"

struct parser;

/* What a format found in the first line of a record. */
struct parsed {
	int64_t time;           /* UTC ns, or TIME_NONE */
	bool naive;             /* the time stood there without a zone */
	enum level level;       /* LEVEL_NONE when it has none */
	int status;             /* 0 when it has none */
	double duration;        /* seconds, negative when it has none */
	int64_t size;           /* bytes, -1 when it has none */
	unsigned flags;         /* PARSED_* */
	uint64_t escaped;       /* bit f: field[f] holds JSON escapes */
	struct span field[FIELD_COUNT]; /* as written, SPAN_NONE when absent */
};

enum {
	PARSED_BROKEN = 1 << 0,   /* a structured line that breaks its own syntax, read as far as it goes */
	PARSED_ACCESS = 1 << 1,   /* an access line: a request by itself */
	PARSED_FUNCTION = 1 << 2, /* its duration is a function's or a task's, not a request's */
};

/* One key and value of a record; id is FIELD_OTHER for keys without a role. */
enum value_kind { VALUE_STRING, VALUE_NUMBER, VALUE_BOOL, VALUE_NULL, VALUE_NESTED };
struct keyvalue {
	struct span key;   /* dotted for nested keys: "http.request.method" */
	struct span value; /* as written; without the quotes of a string */
	enum field id;
	enum value_kind kind;
	bool escaped; /* value holds JSON escapes */
};

enum format_id {
	FORMAT_RAW, /* a line no format knows */
#define FORMAT_ID(id) FORMAT_##id,
#include "core/format_ids.h"
#undef FORMAT_ID
	FORMAT_USER, /* the first of the user's own */
	FORMAT_USER_MAX = 16,
	FORMAT_COUNT = FORMAT_USER + FORMAT_USER_MAX
};

enum format_start { START_STRONG, START_WEAK };

struct format {
	enum format_id id;
	const char *name;  /* short, as --format takes it: "django" */
	const char *title; /* "Django verbose text" */
	enum format_start start;
	bool multiline;    /* following lines that start nothing belong to the record */
	const char *first; /* the bytes a line may begin with; "a-z" ranges, NULL for any */
	/*
	 * Whether the line is one of this format, and what it holds. `out` was
	 * cleared by the caller. On false, `out` may be half filled, and p->miss
	 * may say what was expected and where, for `explain`.
	 */
	bool (*parse)(struct parser *p, struct span line, struct parsed *out);
	/*
	 * A quick way for lines that it knows: which format reads the line, this or the next in order,
	 * and with the same result; NULL: not known, which decides nothing. It is asked where
	 * this is the first format that a line can have, and nobody is told of keys. The
	 * line was not cleaned yet: one with control characters is none that is known.
	 */
	const struct format *(*quick)(struct parser *p, struct span line, struct parsed *out);
	const char *const *samples; /* NULL-terminated; each is read by this format, tested */
};

/* Which weak formats a source speaks; from a sample of its lines. */
struct format_memory {
	uint64_t spoken; /* bit per format_id */
};

/* What a thread needs to parse; not shared between threads. */
struct parser {
	struct timestamp_reader time;
	struct format_memory memory;
	const struct format *only; /* --format: no other is tried, or NULL */
	struct strbuf arena;       /* unescaped and nested text of the last parse */
	/* Called for every key and value of the record when set (detail pane, queries). */
	void (*emit)(void *arg, const struct keyvalue *kv);
	void *emit_arg;
	const struct format *trying; /* the row whose parse is called */
	struct matcher *matcher;     /* for the user's own formats, made at first use (format_user.c) */
	struct json_shapes *shapes;  /* of the JSON lines before, made at the first (format_json.c) */
	const char *miss; /* what the last refused format lacked, NULL or static text */
	size_t miss_pos;
	unsigned depth;   /* of formats inside formats */
};

void parser_init(struct parser *p);
void parser_release(struct parser *p);

/*
 * Add a format of the user's own, which the caller keeps, and give it its id.
 * False when there are FORMAT_USER_MAX of them. Before any thread.
 */
bool format_register(struct format *f);

/*
 * By id; FORMAT_RAW has a row too (its parse is never called), which is also
 * that of the ids from FORMAT_USER on that nobody registered.
 */
const struct format *format_get(enum format_id id);
/* By the name that --format takes, or NULL. */
const struct format *format_by_name(const char *name);

/* Whether a line may be of a format by its first byte (colours and a byte order mark apart). */
bool format_fits(const struct format *f, struct parser *p, struct span line);

/* Set every field of out to absent. */
void parsed_clear(struct parsed *out);

/*
 * The format whose record this line starts, with `out` filled; NULL when no
 * format knows the line (`out` is cleared then). The line is without its line
 * end. Thread-safe with a parser per thread.
 */
const struct format *format_detect(struct parser *p, struct span line, struct parsed *out);

/*
 * The same for text inside a line (a syslog message, a compose prefix): fills
 * what `out` does not have yet and keeps what it has, except that level,
 * logger and message of the inner format win. Returns the inner format or NULL.
 */
const struct format *format_inner(struct parser *p, struct span text, struct parsed *out);

/*
 * Find the end of the line at the front of `bytes`, where what is made for that serves the reading
 * of the line, which must be the next that p reads. -1 where it does not: look for it otherwise.
 */
ptrdiff_t format_frame(struct parser *p, struct span bytes);

/* Parse a line as a given format (the one its block says it has). */
bool format_parse(const struct format *f, struct parser *p, struct span line, struct parsed *out);

/*
 * Learn from a sample of a source (whole lines; its first and last 64 KiB are
 * plenty) which weak formats it speaks. May be called again with more.
 */
void format_sniff(struct format_memory *m, struct span sample);

/* Setters for the families: record a field once, and tell the emitter. */
void parsed_set(struct parser *p, struct parsed *out, enum field f, struct span value);
/* A key without a role. */
void parsed_other(struct parser *p, const char *key, struct span value);

#endif
