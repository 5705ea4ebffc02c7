/*
 * Unit tests of core/home, core/source_file and the doors of core/block: bytes
 * that left memory come back the same, or not at all.
 */
#include "config.h"

#include "core/alloc.h"
#include "core/block.h"
#include "core/joiner.h"
#include "core/strbuf.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { LINES = 3000 };

static char dir[] = "/tmp/t_home.XXXXXX";

static void
setup(void)
{
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(chdir(dir), 0);
}

static void
teardown(void)
{
	source_file_limit(0);
	ck_assert_int_eq(chdir("/"), 0);
	char *command = xasprintf("rm -rf '%s'", dir);

	ck_assert_int_eq(system(command), 0);
	free(command);
}

/* Lines of many lengths; `salt` makes them others. */
static void
make_text(struct strbuf *out, unsigned salt)
{
	for (unsigned i = 0; i < LINES; i++)
		strbuf_addf(out, "%u line %u %.*s\n", salt, i, (int)(i * 7 % 60),
			    "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz");
}

static void
write_file(const char *name, struct span text)
{
	FILE *f = fopen(name, "w");

	ck_assert_uint_eq(fwrite(text.p, 1, text.n, f), text.n);
	fclose(f);
}

static struct source_file *
open_file(const char *name)
{
	struct stat st;
	char path[256];
	int fd = open(name, O_RDONLY);

	ck_assert_int_eq(fstat(fd, &st), 0);
	snprintf(path, sizeof path, "%s/%s", dir, name);
	return source_file_new(fd, &st, path);
}

/* A sealed block of a text; `file` (whose reference is taken, may be NULL) holds the text from 0 on. */
static struct block *
make_block(struct span text, struct source_file *file)
{
	struct block *b = block_new(0, 0, file);
	struct joiner j;

	b->seq = 1;
	memcpy(block_room(b, text.n), text.p, text.n);
	b->len = text.n;
	joiner_init(&j, NULL, NULL);
	joiner_start(&j, b, 0);
	joiner_feed(&j, SIZE_MAX);
	joiner_finish(&j);
	joiner_release(&j);
	block_seal(b, 0);
	block_check(b);
	return b;
}

/* How many records can be had; those that can are compared with the text. */
static uint32_t
readable(struct block *b, struct span text)
{
	struct record r = { 0 };
	uint32_t n = 0;

	for (uint32_t row = 0; row < b->n; row++)
		if (block_record(b, row, &r)) {
			ck_assert(span_eq(r.bytes, span_of(text.p + b->offset[row], b->size[row])));
			n++;
		}
	record_release(&r);
	return n;
}

struct fixture {
	struct strbuf text;
	struct source_file *file; /* with the source's reference and pin */
	struct block *block;
};

/* app.log, followed, and a block whose bytes are in it only. */
static struct fixture
begin(void)
{
	struct fixture f = { .text = STRBUF_INIT };

	make_text(&f.text, 1);
	write_file("app.log", strbuf_span(&f.text));
	f.file = open_file("app.log");
	f.block = make_block(strbuf_span(&f.text), source_file_ref(f.file));
	ck_assert(home_exists(&f.block->home));
	ck_assert_uint_gt(f.block->n, 0);
	block_evacuate(f.block);
	ck_assert_uint_eq(readable(f.block, strbuf_span(&f.text)), f.block->n);
	return f;
}

static void
end(struct fixture *f)
{
	block_free(f->block);
	source_file_leave(f->file);
	strbuf_release(&f->text);
}

static void
assert_all_there(struct fixture *f)
{
	ck_assert_uint_eq(readable(f->block, strbuf_span(&f->text)), f->block->n);
}

START_TEST(renamed_and_deleted_is_still_there)
{
	struct fixture f = begin();

	rename("app.log", "app.log.1");
	assert_all_there(&f);
	unlink("app.log.1");
	assert_all_there(&f);
	end(&f);
}
END_TEST

START_TEST(what_was_rewritten_is_not_shown_for_it)
{
	struct fixture f = begin();
	struct strbuf other = STRBUF_INIT;

	make_text(&other, 2);
	ck_assert_uint_eq(other.n, f.text.n);
	int fd = open("app.log", O_WRONLY);

	ck_assert_int_eq(write(fd, other.p, other.n), (ssize_t)other.n);
	close(fd);
	ck_assert_uint_eq(readable(f.block, strbuf_span(&f.text)), 0);
	/* The source has not seen it yet: nothing to look for. */
	ck_assert(!block_recover(f.block));
	f.file = source_file_renew(f.file);
	ck_assert(!block_recover(f.block));
	ck_assert_uint_eq(readable(f.block, strbuf_span(&f.text)), 0);
	strbuf_release(&other);
	end(&f);
}
END_TEST

START_TEST(a_truncation_leaves_a_copy)
{
	struct fixture f = begin();
	struct source_file *before = f.file;

	write_file("other.txt", span_str("nothing\n"));
	write_file("app.log-20250909", strbuf_span(&f.text));
	ck_assert_int_eq(truncate("app.log", 0), 0);
	f.file = source_file_renew(f.file);
	ck_assert_ptr_ne(f.file, before);
	ck_assert_int_ge(f.file->fd, 0);
	ck_assert_uint_eq(readable(f.block, strbuf_span(&f.text)), 0);
	ck_assert(block_recover(f.block));
	assert_all_there(&f);
	unlink("app.log-20250909");
	assert_all_there(&f);
	end(&f);
}
END_TEST

START_TEST(a_worker_keeps_the_descriptor_it_reads)
{
	struct fixture f = begin();

	ck_assert(block_pin(f.block));
	int fd = f.block->home.file->fd;

	f.file = source_file_renew(f.file);
	ck_assert_int_ne(f.file->fd, fd);
	ck_assert_int_eq(f.block->home.file->fd, fd);
	assert_all_there(&f);
	block_unpin(f.block);
	end(&f);
}
END_TEST

START_TEST(few_descriptors_do_for_many_files)
{
	enum { FILES = 30 };
	struct strbuf text[FILES];
	struct block *b[FILES];
	char name[32], to[32];

	source_file_limit(4);
	for (unsigned i = 0; i < FILES; i++) {
		text[i] = (struct strbuf)STRBUF_INIT;
		make_text(&text[i], i);
		snprintf(name, sizeof name, "app.log.%u", i);
		write_file(name, strbuf_span(&text[i]));
		struct source_file *f = open_file(name);

		b[i] = make_block(strbuf_span(&text[i]), source_file_ref(f));
		block_evacuate(b[i]);
		source_file_leave(f);
	}
	unsigned open = 0;

	for (unsigned i = 0; i < FILES; i++)
		open += b[i]->home.file->fd >= 0;
	ck_assert_uint_le(open, 5);
	for (unsigned i = FILES; i-- > 0;) {
		snprintf(name, sizeof name, "app.log.%u", i);
		snprintf(to, sizeof to, "app.log.%u", i + 1);
		rename(name, to);
	}
	for (unsigned i = 0; i < FILES; i++) {
		ck_assert(readable(b[i], strbuf_span(&text[i])) || block_recover(b[i]));
		ck_assert_uint_eq(readable(b[i], strbuf_span(&text[i])), b[i]->n);
	}
	unlink("app.log.1");
	source_file_limit(1);
	ck_assert(block_pin(b[7]));
	ck_assert_uint_eq(readable(b[0], strbuf_span(&text[0])), 0);
	ck_assert(!block_recover(b[0]));
	block_unpin(b[7]);
	for (unsigned i = 0; i < FILES; i++) {
		block_free(b[i]);
		strbuf_release(&text[i]);
	}
}
END_TEST

START_TEST(any_part_can_be_lent)
{
	struct fixture f = begin();
	struct loan loan = { 0 };
	unsigned seed = 5;

	for (int i = 0; i < 2000; i++) {
		size_t from = (size_t)rand_r(&seed) % f.text.n, n = (size_t)rand_r(&seed) % (f.text.n - from);

		n = i % 2 ? n : n % 300;
		ck_assert(span_eq(block_bytes(f.block, from, n, &loan), span_of(f.text.p + from, n)));
	}
	loan_release(&loan);
	end(&f);
}
END_TEST

START_TEST(compressed_bytes_come_back)
{
#ifdef HAVE_ZSTD
	struct strbuf text = STRBUF_INIT;
	struct loan loan = { 0 };
	unsigned seed = 6;

	for (unsigned i = 0; i < 4; i++)
		make_text(&text, i);
	ck_assert_uint_gt(text.n, 2 * HOME_FRAME);
	struct block *b = make_block(strbuf_span(&text), NULL);

	ck_assert(!home_exists(&b->home));
	ck_assert(home_pack(&b->home, strbuf_span(&text)));
	ck_assert_uint_lt(b->home.memory, text.n / 2);
	block_evacuate(b);
	ck_assert_uint_eq(readable(b, strbuf_span(&text)), b->n);
	for (int i = 0; i < 200; i++) {
		size_t from = (size_t)rand_r(&seed) % text.n, n = (size_t)rand_r(&seed) % (text.n - from);

		ck_assert(span_eq(block_bytes(b, from, n, &loan), span_of(text.p + from, n)));
	}
	loan_release(&loan);
	block_free(b);
	strbuf_release(&text);
#endif
}
END_TEST

START_TEST(noise_is_not_compressed)
{
	char noise[4096];
	struct home h = { 0 };
	unsigned seed = 7;

	for (size_t i = 0; i < sizeof noise; i++)
		noise[i] = (char)(rand_r(&seed) >> 8);
	ck_assert(!home_pack(&h, span_of(noise, sizeof noise)));
	ck_assert(!home_exists(&h));
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("home");
	TCase *t = tcase_create("home");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, renamed_and_deleted_is_still_there);
	tcase_add_test(t, what_was_rewritten_is_not_shown_for_it);
	tcase_add_test(t, a_truncation_leaves_a_copy);
	tcase_add_test(t, a_worker_keeps_the_descriptor_it_reads);
	tcase_add_test(t, few_descriptors_do_for_many_files);
	tcase_add_test(t, any_part_can_be_lent);
	tcase_add_test(t, compressed_bytes_come_back);
	tcase_add_test(t, noise_is_not_compressed);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
