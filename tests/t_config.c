/*
 * Unit tests of the config file: core/settings, core/format_user, field_add_key and how
 * core/options takes it in. Each test runs in a process of its own, so what is registered for the
 * whole process does not reach the next one.
 */
#include "config.h"

#include "core/alloc.h"
#include "core/clock.h"
#include "core/format_user.h"
#include "core/options.h"
#include "core/query.h"
#include "core/record.h"
#include "core/saved_filter.h"
#include "tests/unit.h"

#include <ctype.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/tailboard-config-XXXXXX";
static char path[64], own[64];
static struct options options;
static struct err err;

static void
set_up(void)
{
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/a.conf", dir);
	snprintf(own, sizeof own, "%s/tailboard", dir);
	ck_assert_int_eq(setenv("XDG_CONFIG_HOME", dir, 1), 0);
	ck_assert_int_eq(clock_set_zone("UTC", NULL), 0);
}

static void
tear_down(void)
{
	char file[128];

	options_release(&options);
	snprintf(file, sizeof file, "%s/tailboard.conf", own);
	unlink(file);
	rmdir(own);
	unlink(path);
	rmdir(dir);
}

static void
write_file(const char *to, const char *text)
{
	FILE *f = fopen(to, "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	ck_assert_int_eq(fclose(f), 0);
}

/* `words` are separated by single blanks; CONF stands for the file. */
static int
parse(const char *words)
{
	static char text[512];
	static char *argv[16];
	int argc = 0;

	snprintf(text, sizeof text, "tailboard %s", words);
	for (char *word = strtok(text, " "); word; word = strtok(NULL, " "))
		argv[argc++] = strcmp(word, "CONF") ? word : path;
	argv[argc] = NULL;
	err = (struct err){ 0 };
	options_release(&options);
	return options_parse(&options, argc, argv, INT64_C(1757335680) * NSEC, &err);
}

static void
load(const char *text)
{
	write_file(path, text);
	ck_assert_msg(parse("search --config CONF x a.log") == 0, "%s", err.msg);
}

#define FORMAT_TEXT(name, pattern, sample) \
	"{ name = \"" name "\"; pattern = \"" pattern "\"; sample = \"" sample "\"; }"
#define MYAPP \
	FORMAT_TEXT("myapp", \
		    "^(?<time>\\\\S+ \\\\S+) \\\\[(?<level>\\\\w+)\\\\] (?<logger>\\\\S+) " \
		    "(?<took_ms>[0-9.]+)ms " \
		    "(?<shard>s\\\\d)? ?(?<message>.*)$", \
		    "2025-09-08 21:48:00,123 [ERROR] shop.cart 12ms s1 no stock")

/* ---- plain settings ---------------------------------------------------------------- */

START_TEST(settings_are_the_defaults_of_options)
{
	write_file(path, "theme = \"light\";\nwindow = \"15m\";\nslow = 0.25;\nmemory = \"64M\";\n"
			 "tz = \"Asia/Seoul\";\nthreads = 3;\nkeys = \"my.keys\";\n");
	ck_assert_msg(parse("--config CONF --theme dark app.log") == 0, "%s", err.msg);
	ck_assert_str_eq(options.theme, "dark");
	ck_assert_int_eq(options.window, 15 * 60 * NSEC);
	ck_assert_double_eq(options.engine.slow, 0.25);
	ck_assert_uint_eq(options.engine.memory, 64u << 20);
	ck_assert_uint_eq(options.engine.threads, 3);
	ck_assert_int_eq(clock_offset(0), 9 * 3600);
	ck_assert_ptr_eq(strstr(options.keys, dir), options.keys);
	ck_assert_str_eq(options.keys + strlen(dir), "/my.keys");
	ck_assert_uint_eq(options.n_inputs, 1);
	ck_assert_str_eq(options.inputs[0], "app.log");
}
END_TEST

START_TEST(a_report_has_no_window_of_the_screen)
{
	write_file(path, "window = \"15m\";\nslow = 2;\n");
	ck_assert_int_eq(parse("report --config=CONF a.log"), -1);
	ck_assert_int_eq(parse("report --config CONF a.log"), 0);
	ck_assert_int_eq(options.window, TIME_NONE);
	ck_assert_double_eq(options.engine.slow, 2);
	ck_assert_int_eq(parse("report a.log --window 5m --config CONF"), 0);
	ck_assert_int_eq(options.window, 5 * 60 * NSEC);
}
END_TEST

START_TEST(the_users_own_file_is_read_when_it_is_there)
{
	char file[128];

	ck_assert_int_eq(parse("a.log"), 0);
	ck_assert_ptr_null(options.theme);
	ck_assert_int_eq(mkdir(own, 0700), 0);
	snprintf(file, sizeof file, "%s/tailboard.conf", own);
	write_file(file, "theme = \"mono\";");
	ck_assert_int_eq(parse("a.log"), 0);
	ck_assert_str_eq(options.theme, "mono");
	write_file(path, "slow = 3;");
	ck_assert_int_eq(parse("--config CONF a.log"), 0);
	ck_assert_ptr_null(options.theme);
	write_file(file, "theme = ;");
	ck_assert_int_eq(parse("a.log"), -1);
	ck_assert_int_eq(parse("--help"), 0);
	ck_assert(options.help);
}
END_TEST

START_TEST(a_config_file_that_was_named_has_to_be_there)
{
	char expected[128];

	ck_assert_int_eq(parse("--config CONF a.log"), -1);
	snprintf(expected, sizeof expected, "%s: %s", path, strerror(ENOENT));
	ck_assert_str_eq(err.msg, expected);
	ck_assert_int_eq(parse("--config /tmp a.log"), -1);
	ck_assert_ptr_nonnull(strstr(err.msg, strerror(EISDIR)));
	ck_assert_int_eq(parse("a.log --config"), -1);
	ck_assert_str_eq(err.msg, "--config needs a value: FILE");
}
END_TEST

START_TEST(only_the_option_config_names_a_file)
{
	ck_assert_int_eq(parse("search --text --config a.log"), 0);
	ck_assert_str_eq(options.text, "--config");
	ck_assert_int_eq(parse("search x -- --config CONF"), 0);
	ck_assert_uint_eq(options.n_inputs, 3);
}
END_TEST

/* ---- mistakes ---------------------------------------------------------------------- */

#define LEVEL_ONLY "^(?<level>\\\\w+) (?<message>.*)$"

static const struct {
	const char *text, *expected; /* what stands after the path */
} mistakes[] = {
	{ "slow = 1;\nthme = \"dark\";\n", ":2: unknown setting \"thme\" (did you mean theme?)" },
	{ "format: ();\n", ":1: unknown setting \"format\" (did you mean formats?)" },
	{ "\nxyzzyx = 1;\n", ":2: unknown setting \"xyzzyx\"" },
	{ "slow = 1;\ntheme = ;\n", ":2: syntax error" },
	{ "slow = 1;\nslow = 2;\n", ":2: duplicate setting name" },
	{ "\n\nslow = \"soon\";\n",
	  ":3: slow \"soon\": expected seconds or a duration, such as 1.0 or 500ms" },
	{ "memory = 4096;\n",
	  ":1: memory \"4096\": expected a size of at least 16M, such as 512M or 2G" },
	{ "threads = -1;\n", ":1: threads \"-1\": expected a number from 0 to 64" },
	{ "theme = true;\n", ":1: theme: expected text in quotes, or a number" },
	{ "theme: { name = \"dark\"; };\n", ":1: theme: expected text in quotes, or a number" },
	{ "\ntz = \"Asia/Soul\";\n", ":2: unknown time zone \"Asia/Soul\" (a name such as "
				     "Asia/Seoul, UTC, local, or +09:00)" },
	{ "fields = \"uid\";\n", ":1: fields: expected a group: fields: { user_id = \"uid\"; };" },
	{ "fields: {\n durtion = \"czas\";\n};\n",
	  ":2: fields: unknown field \"durtion\" (did you mean duration?)" },
	{ "fields: {\n duration = [ 1, 2 ];\n};\n",
	  ":2: fields.duration: expected \"KEY\" or [ \"KEY\", \"KEY\" ]" },
	{ "fields: {\n duration = \"\";\n};\n",
	  ":2: fields.duration: a key is empty, too long, or one too many" },
	{ "formats: {};\n",
	  ":1: formats: expected a list: formats: ( { name = \"myapp\"; ... } );" },
	{ "formats: (\n 1 );\n",
	  ":2: formats: expected groups: formats: ( { name = \"myapp\"; ... } );" },
	{ "formats: (\n { name = \"a\";\n patern = \"x\"; } );\n",
	  ":3: formats.a: unknown setting \"patern\" (did you mean pattern?)" },
	{ "formats: (\n { name = \"a\";\n multiline = 1; } );\n",
	  ":3: formats.a: multiline: expected true or false" },
	{ "formats: (\n { sample = \"x\"; } );\n", ":2: formats[0]: it has no name" },
	{ "formats: (\n { name = \"a\"; pattern = \"(?<message>.*)\"; } );\n",
	  ":2: formats.a: it has no sample" },
	{ "formats: (\n { name = \"a\";\n pattern = \"(?<time>a\";\n sample = \"a\"; } );\n",
	  ":3: formats.a: pattern: column 10: missing closing parenthesis" },
	{ "formats: (" FORMAT_TEXT("a", "\xc3\xa9(?<message>x", "a") ");\n",
	  ":1: formats.a: pattern: column 14: missing closing parenthesis" },
	{ "formats: (" FORMAT_TEXT("a", "(x+)", "x") ");\n",
	  ":1: formats.a: pattern: column 1: it has no named group such as (?<message>.*)" },
	{ "formats: (" FORMAT_TEXT("django", LEVEL_ONLY, "INFO x") ");\n",
	  ":1: formats.django: name: there is a format of this name already" },
	{ "formats: (" FORMAT_TEXT("raw", LEVEL_ONLY, "INFO x") ");\n",
	  ":1: formats.raw: name: there is a format of this name already" },
	{ "formats: (" FORMAT_TEXT("a", LEVEL_ONLY, "INFO x") ",\n"
	  FORMAT_TEXT("a", LEVEL_ONLY, "INFO x") ");\n",
	  ":2: formats.a: name: there is a format of this name already" },
	{ "formats: (" FORMAT_TEXT("a b", LEVEL_ONLY, "INFO x") ");\n",
	  ":1: formats.a b: name: a name is of letters, digits, - and _" },
	{ "formats: (" FORMAT_TEXT("", LEVEL_ONLY, "INFO x") ");\n",
	  ":1: formats.: name: a name is not empty" },
	{ "formats: (\n { name = \"a\"; pattern = \"" LEVEL_ONLY "\";\n sample = \"INFO\"; } );\n",
	  ":3: formats.a: sample: the pattern does not match it" },
	{ "formats: (" FORMAT_TEXT("a", LEVEL_ONLY, "LOUD x") ");\n",
	  ":1: formats.a: sample: \"LOUD\" is no level that is known" },
	{ "formats: (" FORMAT_TEXT("a", "\\\\[(?<time>[^]]+)\\\\]", "[noon]") ");\n",
	  ":1: formats.a: sample: column 2: this is no time that is known" },
	/* A pattern that tries too much is given up. */
	{ "formats: (" FORMAT_TEXT("a", "(?<message>(a+)+)$",
				   "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab") ");\n",
	  ":1: formats.a: sample: the pattern does not match it" },
	{ "@include \"no such file\"\n", ":1: cannot open include file" },
};

START_TEST(a_mistake_is_told_with_its_line)
{
	char expected[512];

	write_file(path, mistakes[_i].text);
	ck_assert_int_eq(parse("--config CONF a.log"), -1);
	snprintf(expected, sizeof expected, "%s%s", path, mistakes[_i].expected);
	ck_assert_str_eq(err.msg, expected);
}
END_TEST

START_TEST(there_is_room_for_16_formats)
{
	struct format_spec spec = { .pattern = "x(?<message>.*)", .sample = "xy" };
	char name[16];

	for (int i = 0; i < FORMAT_USER_MAX; i++) {
		spec.name = name;
		snprintf(name, sizeof name, "own%d", i);
		ck_assert_int_eq(format_user_add(&spec, &err), 0);
		ck_assert_int_eq((int)format_by_name(name)->id, FORMAT_USER + i);
		ck_assert_ptr_eq(format_get((enum format_id)(FORMAT_USER + i)),
				 format_by_name(name));
	}
	spec.name = "more";
	ck_assert_int_eq(format_user_add(&spec, &err), FAULT_NAME);
	ck_assert_str_eq(err.msg, "there are 16 formats already, and room for no more");
}
END_TEST

/* ---- what takes effect ------------------------------------------------------------- */

static const struct {
	const char *line;
	enum field field;
	const char *value;
	double duration; /* below 0: none */
} fields[] = {
	{ "{\"time\": \"2025-09-08 21:48:00\", \"message\": \"a\", \"uid\": 7}", FIELD_USER_ID, "7",
	  -1 },
	{ "{\"message\": \"a\", \"user_id\": 1, \"uid\": 7}", FIELD_USER_ID, "7", -1 },
	{ "{\"message\": \"a\", \"ctx\": {\"Account\": \"b\"}}", FIELD_USER_ID, "b", -1 },
	{ "{\"message\": \"a\", \"czas\": 2.5}", FIELD_DURATION, "2.5", 2.5 },
	{ "{\"message\": \"a\", \"czas_ms\": 250}", FIELD_DURATION, "250", 0.25 },
	{ "{\"message\": \"a\", \"render_us\": 500000}", FIELD_DURATION, "500000", 0.5 },
	/* A key that had another meaning. */
	{ "{\"message\": \"a\", \"name\": \"GET\"}", FIELD_METHOD, "GET", -1 },
	{ "{\"message\": \"a\", \"name\": \"GET\"}", FIELD_LOGGER, NULL, -1 },
	{ "time=2025-09-08T21:48:00Z level=info msg=up uid=7", FIELD_USER_ID, "7", -1 },
};

START_TEST(a_key_of_the_users_own_gives_the_field)
{
	struct parser p;
	struct parsed out;

	load("fields: { user_id = [ \"uid\", \"ctx.account\" ]; duration = ( \"czas\", "
	     "\"render_us\" ); method = \"name\"; };");
	parser_init(&p);
	p.memory.spoken = UINT64_C(1) << FORMAT_LOGFMT;
	ck_assert_ptr_nonnull(format_detect(&p, span_str(fields[_i].line), &out));
	if (fields[_i].value)
		ck_assert(span_eq_str(out.field[fields[_i].field], fields[_i].value));
	else
		ck_assert_ptr_null(out.field[fields[_i].field].p);
	if (fields[_i].duration >= 0)
		ck_assert_double_eq_tol(out.duration, fields[_i].duration, 1e-9);
	parser_release(&p);
}
END_TEST

START_TEST(keys_have_an_end)
{
	char key[300];
	size_t n = 0;

	memset(key, 'k', sizeof key);
	ck_assert(field_add_key(FIELD_HOST, span_of(key, 255)));
	ck_assert(!field_add_key(FIELD_HOST, span_of(key, 256)));
	do
		snprintf(key, sizeof key, "own%zu", n);
	while (field_add_key(FIELD_HOST, span_str(key)) && ++n < 1000);
	ck_assert_uint_gt(n, 100);
	ck_assert_uint_lt(n, 1000);
	/* One that is known can still be given another meaning. */
	ck_assert(field_add_key(FIELD_IP, SPAN_LIT("own0")));
	ck_assert_int_eq(field_by_name(SPAN_LIT("own0")), FIELD_IP);
	ck_assert_int_eq(field_by_name(SPAN_LIT("own1")), FIELD_HOST);
}
END_TEST

static const char *const lines[] = {
	"2025-09-08 21:48:00,123 [ERROR] shop.cart 12.5ms s2 no stock",
	"2025-09-08 21:48:00,123 [ERROR] shop.cart 12.5ms no st\xff-ck",
};

static void
expect_myapp(const struct format *f, const struct parsed *out, const char *message)
{
	char time[64];

	ck_assert_ptr_nonnull(f);
	ck_assert_str_eq(f->name, "myapp");
	ck_assert_str_eq(clock_format(out->time, CLOCK_FULL, time, sizeof time),
			 "2025-09-08 21:48:00.123");
	ck_assert_int_eq(out->level, LEVEL_ERROR);
	ck_assert_double_eq_tol(out->duration, 0.0125, 1e-9);
	ck_assert(span_eq_str(out->field[FIELD_LOGGER], "shop.cart"));
	ck_assert(span_eq_str(out->field[FIELD_MESSAGE], message));
}

START_TEST(a_format_of_the_users_own_reads_lines)
{
	struct parser p;
	struct parsed out;

	load("formats: (" MYAPP ");");
	parser_init(&p);
	expect_myapp(format_detect(&p, span_str(lines[0]), &out), &out, "no stock");
	/* One that is not UTF-8. */
	expect_myapp(format_detect(&p, span_str(lines[1]), &out), &out, "no st\xff-ck");
	/* What is no time is no start of a record. */
	ck_assert_ptr_null(
		format_detect(&p, SPAN_LIT("today noon [ERROR] shop.cart 12ms x"), &out));
	ck_assert(!format_parse(format_by_name("myapp"), &p,
				SPAN_LIT("today noon [ERROR] shop.cart 12ms x"), &out));
	ck_assert_str_eq(p.miss, "a time");
	ck_assert(format_detect(&p, SPAN_LIT(""), &out) == NULL);
	/* The others go on as they are, unless the user's own is asked for. */
	ck_assert_ptr_eq(format_detect(&p, SPAN_LIT("WARNING:root:x"), &out),
			 format_get(FORMAT_BASIC));
	p.only = format_by_name("myapp");
	ck_assert_ptr_null(format_detect(&p, SPAN_LIT("WARNING:root:x"), &out));
	parser_release(&p);
}
END_TEST

static void
hear(void *arg, const struct keyvalue *kv)
{
	unsigned *heard = arg;

	*heard |= kv->id == FIELD_OTHER && span_eq_str(kv->key, "shard") &&
		  span_eq_str(kv->value, "s2");
	*heard |= (kv->id == FIELD_DURATION && span_eq_str(kv->key, "took_ms")) * 2u;
}

/* And what is in another unit is told under its own name. */
START_TEST(a_group_of_any_other_name_is_a_key)
{
	struct parser p;
	struct parsed out;
	unsigned heard = 0;

	load("formats: (" MYAPP ");");
	parser_init(&p);
	p.emit = hear;
	p.emit_arg = &heard;
	ck_assert_ptr_nonnull(format_detect(&p, span_str(lines[0]), &out));
	ck_assert_uint_eq(heard, 3);
	parser_release(&p);
}
END_TEST

/* Also: without a message the line is the message; a request is one; keys may be one's own. */
START_TEST(groups_are_fields_by_name_and_by_key)
{
	struct parser p;
	struct parsed out;

	load("fields: { user_id = \"who\"; };\n"
	     "formats: (" FORMAT_TEXT("a",
				      "(?<verb>GET|PUT) (?<url>/\\\\S*) (?<status>\\\\d+) "
				      "(?<who>\\\\w+)(?: (?<took>\\\\S+))?",
				      "GET / 200 ann") ");");
	parser_init(&p);
	ck_assert_ptr_nonnull(format_detect(&p, SPAN_LIT("PUT /a 503 bob 12ms"), &out));
	ck_assert(span_eq_str(out.field[FIELD_METHOD], "PUT"));
	ck_assert(span_eq_str(out.field[FIELD_PATH], "/a"));
	ck_assert(span_eq_str(out.field[FIELD_USER_ID], "bob"));
	ck_assert(span_eq_str(out.field[FIELD_MESSAGE], "PUT /a 503 bob 12ms"));
	ck_assert_int_eq(out.status, 503);
	ck_assert_int_eq(out.level, LEVEL_ERROR);
	ck_assert_double_eq_tol(out.duration, 0.012, 1e-9);
	ck_assert_uint_eq(out.flags, PARSED_ACCESS);
	/* The pattern starts where the line does. */
	ck_assert_ptr_null(format_detect(&p, SPAN_LIT("xPUT /a 503 bob"), &out));
	parser_release(&p);
}
END_TEST

START_TEST(the_users_own_go_before_the_built_in_ones)
{
	struct parser p;
	struct parsed out;

	load("formats: (" FORMAT_TEXT("later", "^never (?<message>.*)", "never x") ","
	     FORMAT_TEXT("basic2", "^(?<level>[A-Z]+):(?<component>\\\\w+):(?<message>.*)$",
			 "INFO:a:b") ");");
	parser_init(&p);
	ck_assert_str_eq(format_detect(&p, SPAN_LIT("WARNING:root:x"), &out)->name, "basic2");
	ck_assert(span_eq_str(out.field[FIELD_LOGGER], "root"));
	ck_assert_int_eq(parse("search --config CONF --format later x a.log"), -1);
	ck_assert_int_eq(parse("search --format later x a.log"), 0);
	ck_assert_str_eq(options.engine.format->name, "later");
	parser_release(&p);
}
END_TEST

static void *
read_many(void *arg)
{
	struct parser p;
	struct parsed out;
	size_t *read = arg;

	parser_init(&p);
	for (int i = 0; i < 5000; i++) {
		const struct format *f = format_detect(&p, span_str(lines[i % 2]), &out);

		*read += f && !strcmp(f->name, "myapp") && out.duration > 0.0124 &&
			 out.duration < 0.0126 && out.field[FIELD_MESSAGE].n == (i % 2 ? 9 : 8);
	}
	parser_release(&p);
	return NULL;
}

START_TEST(threads_share_a_pattern)
{
	pthread_t threads[2];
	size_t read[2] = { 0, 0 };

	load("formats: (" MYAPP ");");
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, read_many, &read[i]), 0);
	for (int i = 0; i < 2; i++) {
		pthread_join(threads[i], NULL);
		ck_assert_uint_eq(read[i], 5000);
	}
}
END_TEST

/* ---- the example ------------------------------------------------------------------- */

static char *
example(void)
{
	const char *srcdir = getenv("srcdir");
	char *from = xasprintf("%s/data/tailboard.conf", srcdir ? srcdir : ".");
	char *text = xcalloc(1, 32 << 10);
	FILE *f = fopen(from, "r");

	ck_assert_msg(f != NULL, "%s", from);
	ck_assert_uint_lt(fread(text, 1, (32 << 10) - 1, f), (32 << 10) - 1);
	fclose(f);
	free(from);
	return text;
}

START_TEST(the_example_says_the_defaults)
{
	struct options plain = { 0 };
	char *text = example(), *argv[] = { (char[]){ "tailboard" }, NULL };

	load(text);
	ck_assert_int_eq(parse("--config CONF a.log"), 0);
	ck_assert_int_eq(options_parse(&plain, 1, argv, 0, &err), 0);
	ck_assert_str_eq(options.theme, "default");
	ck_assert_int_eq(options.window, 60 * 60 * NSEC);
	ck_assert_str_eq(options.zone, plain.zone);
	ck_assert_double_eq(options.engine.slow, plain.engine.slow);
	ck_assert_uint_eq(options.engine.memory, plain.engine.memory);
	ck_assert_uint_eq(options.engine.threads, plain.engine.threads);
	options_release(&plain);
	free(text);
}
END_TEST

/* In the example prose begins with "# ", a setting that is left out with "#". */
static bool
is_left_out(const char *line)
{
	return line[0] == '#' && (islower((unsigned char)line[1]) || line[1] == '\t');
}

START_TEST(the_example_without_its_marks_is_good_too)
{
	char *text = example();
	struct strbuf out = STRBUF_INIT;

	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		strbuf_addf(&out, "%s\n", line + is_left_out(line));
	load(out.p);
	for (size_t i = 0; options_setting(i); i++) {
		bool there = false;

		for (size_t k = 0; k < options.settings.n; k++)
			there |= !strcmp(options.settings.v[k].name, options_setting(i));
		ck_assert_msg(there, "%s", options_setting(i));
	}
	ck_assert_ptr_nonnull(format_by_name("myapp"));
	strbuf_release(&out);
	free(text);
}
END_TEST

/* ---- filters --------------------------------------------------------------------------- */

static const struct { const char *text, *says; } bad_filters[] = {
	{ "filters: { slow = 3; };", "filters.slow: expected a query in quotes" },
	{ "filters = \"x\";", "filters: expected a group" },
	{ "filters: { slow = \"level>=eror\"; };", "filters.slow: unknown level" },
	{ "filters: { slow = \" \"; };", "filters.slow: it is empty" },
	{ "filters: { slow = \"a @slow\"; };", "stands for a wrong query, or for itself" },
	{ "filters: { a = \"x @b\"; b = \"y @a\"; };", "stands for a wrong query, or for itself" },
};

START_TEST(a_wrong_filter_is_told)
{
	write_file(path, bad_filters[_i].text);
	ck_assert_int_eq(parse("search --config CONF x a.log"), -1);
	ck_assert_msg(strstr(err.msg, bad_filters[_i].says) != NULL, "%s", err.msg);
}
END_TEST

static void
expect_dump(const char *text, const char *want)
{
	struct query *q = query_compile(span_str(text), 0, &err), *w = query_compile(span_str(want), 0, NULL);

	ck_assert_msg(q != NULL, "%s", err.msg);
	char *a = query_dump(q), *b = query_dump(w);

	ck_assert_str_eq(a, b);
	free(a);
	free(b);
	query_free(q);
	query_free(w);
}

START_TEST(a_name_stands_for_its_query)
{
	load("filters: { slow = \"duration>1s OR slow\"; both = \"@slow -level=info\"; };");
	expect_dump("@slow", "duration>1s OR slow");
	expect_dump("a @slow b", "a (duration>1s OR slow) b");
	expect_dump("-@both", "NOT ((duration>1s OR slow) -level=info)");
	expect_dump("@nobody", "\"@nobody\"");
	expect_dump("\"@slow\"", "\"@slow\"");
	ck_assert_str_eq(saved_filter_name(0), "@slow");
	ck_assert_str_eq(saved_filter_name(1), "@both");
	ck_assert_ptr_null(saved_filter_name(2));
}
END_TEST

static void
expect_file(const char *name, const char *want)
{
	char got[2048];
	FILE *f = fopen(name, "r");

	ck_assert_ptr_nonnull(f);
	got[fread(got, 1, sizeof got - 1, f)] = '\0';
	fclose(f);
	ck_assert_str_eq(got, want);
}

/* What a file holds, and holds when `new` is saved as "a \"b\" \\d". */
static const struct { const char *before, *after; } saves[] = {
	{ "", "filters: {\n\tnew = \"a \\\"b\\\" \\\\d\";\n};\n" },
	{ "slow = 2; # filters: {\n", "slow = 2; # filters: {\n\nfilters: {\n\tnew = \"a \\\"b\\\" \\\\d\";\n};\n" },
	{ "filters = { /* new = \"x\" */\n\told = \"}\"; }\ntheme = \"mono\"; // end\n",
	  "filters = {\n\tnew = \"a \\\"b\\\" \\\\d\"; /* new = \"x\" */\n\told = \"}\"; }\ntheme = \"mono\"; // end\n" },
	{ "slow = 2;", "slow = 2;\n\nfilters: {\n\tnew = \"a \\\"b\\\" \\\\d\";\n};\n" },
	{ "filters: { old = \"{ new\"; new = \"x\" # why\n \"y\", z = \"q\"; }; slow=1;",
	  "filters: { old = \"{ new\"; new = \"a \\\"b\\\" \\\\d\", z = \"q\"; }; slow=1;" },
	{ "mask: { keys = [ \"filters\" ]; };\nfilters: {};", "mask: { keys = [ \"filters\" ]; };\nfilters: {\n\tnew = "
	  "\"a \\\"b\\\" \\\\d\";};" },
};

START_TEST(a_filter_is_saved_and_the_rest_stays)
{
	struct stat st;

	write_file(path, saves[_i].before);
	ck_assert_int_eq(chmod(path, 0640), 0);
	ck_assert_msg(parse("search --config CONF x a.log") == 0, "%s", err.msg);
	ck_assert_msg(saved_filter_write("new", "a \"b\" \\d", &err) != NULL, "%s", err.msg);
	expect_file(path, saves[_i].after);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0640);
	expect_dump("@new", "a \"b\" \\d");
	ck_assert_msg(parse("search --config CONF x a.log") == 0, "%s", err.msg);
}
END_TEST

START_TEST(what_cannot_be_saved_changes_nothing)
{
	static const char text[] = "theme = \"mono\";\n";

	load(text);
	ck_assert_ptr_null(saved_filter_write("2slow", "a", &err));
	ck_assert_ptr_null(saved_filter_write("a b", "a", &err));
	ck_assert_ptr_null(saved_filter_write("slow", "level>=eror", &err));
	ck_assert_ptr_null(saved_filter_write("slow", "", &err));
	expect_file(path, text);
	/* The file was broken meanwhile. */
	write_file(path, "theme = ");
	ck_assert_ptr_null(saved_filter_write("slow", "a", &err));
	expect_file(path, "theme = ");
}
END_TEST

START_TEST(the_users_own_file_is_made)
{
	char name[128];
	struct stat st;

	ck_assert_int_eq(parse("a.log"), 0);
	ck_assert_msg(saved_filter_write("slow", "duration>1s", &err) != NULL, "%s", err.msg);
	snprintf(name, sizeof name, "%s/tailboard.conf", own);
	expect_file(name, "filters: {\n\tslow = \"duration>1s\";\n};\n");
	ck_assert_int_eq(stat(name, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
	ck_assert_int_eq(parse("a.log"), 0);
	expect_dump("@slow", "duration>1s");
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("config");
	TCase *t = tcase_create("config");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, settings_are_the_defaults_of_options);
	tcase_add_test(t, a_report_has_no_window_of_the_screen);
	tcase_add_test(t, the_users_own_file_is_read_when_it_is_there);
	tcase_add_test(t, a_config_file_that_was_named_has_to_be_there);
	tcase_add_test(t, only_the_option_config_names_a_file);
	tcase_add_loop_test(t, a_mistake_is_told_with_its_line, 0, (int)ARRAY_SIZE(mistakes));
	tcase_add_test(t, there_is_room_for_16_formats);
	tcase_add_loop_test(t, a_key_of_the_users_own_gives_the_field, 0, (int)ARRAY_SIZE(fields));
	tcase_add_test(t, keys_have_an_end);
	tcase_add_test(t, a_format_of_the_users_own_reads_lines);
	tcase_add_test(t, a_group_of_any_other_name_is_a_key);
	tcase_add_test(t, groups_are_fields_by_name_and_by_key);
	tcase_add_test(t, the_users_own_go_before_the_built_in_ones);
	tcase_add_test(t, threads_share_a_pattern);
	tcase_add_test(t, the_example_says_the_defaults);
	tcase_add_test(t, the_example_without_its_marks_is_good_too);
	tcase_add_loop_test(t, a_wrong_filter_is_told, 0, ARRAY_SIZE(bad_filters));
	tcase_add_test(t, a_name_stands_for_its_query);
	tcase_add_loop_test(t, a_filter_is_saved_and_the_rest_stays, 0, ARRAY_SIZE(saves));
	tcase_add_test(t, what_cannot_be_saved_changes_nothing);
	tcase_add_test(t, the_users_own_file_is_made);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
