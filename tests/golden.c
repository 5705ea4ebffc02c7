#include "config.h"

#include "tests/golden.h"

#include "core/alloc.h"
#include "tests/unit.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

void
golden_setup(void)
{
	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
	ck_assert_int_eq(clock_set_zone("UTC", NULL), 0);
}

static void
draw(struct pane *p, struct golden_size size, bool roles, struct strbuf *out)
{
	struct grid g;

	grid_init(&g, size.w, size.h, size.ascii);
	struct canvas c = canvas_whole(&g);

	p->ops->draw(p, &c);
	strbuf_addf(out, "== %dx%d%s\n", size.w, size.h, size.ascii ? " ascii" : "");
	grid_dump(&g, out);
	if (roles) {
		strbuf_addf(out, "== %dx%d roles\n", size.w, size.h);
		grid_dump_roles(&g, out);
	}
	grid_release(&g);
}

static char *
golden_path(const char *name)
{
	const char *top = getenv("srcdir");

	return xasprintf("%s/tests/drawn/%s.txt", top ? top : ".", name);
}

static void
write_text(const char *path, struct span text)
{
	FILE *f = fopen(path, "w");

	ck_assert_msg(f != NULL, "%s: %s", path, strerror(errno));
	ck_assert_uint_eq(fwrite(text.p, 1, text.n, f), text.n);
	ck_assert_int_eq(fclose(f), 0);
}

static void
read_all(const char *path, struct strbuf *out)
{
	FILE *f = fopen(path, "r");
	char part[4096];
	size_t n;

	ck_assert_msg(f != NULL, "%s: %s (GOLDEN=accept makes it)", path, strerror(errno));
	while ((n = fread(part, 1, sizeof part, f)))
		strbuf_add(out, span_of(part, n));
	fclose(f);
}

static struct span
take_line(struct span *s)
{
	ptrdiff_t nl = span_chr(*s, '\n');
	struct span line = span_head(*s, nl < 0 ? s->n : (size_t)nl);

	*s = span_from(*s, line.n + 1);
	return line;
}

static void
compare(const char *path, struct span want, struct span got)
{
	for (int number = 1; want.n || got.n; number++) {
		struct span a = take_line(&want), b = take_line(&got);

		ck_assert_msg(span_eq(a, b), "%s:%d:\nwant |%.*s|\ngot  |%.*s|", path, number, SPAN_FMT(a), SPAN_FMT(b));
	}
}

void
golden_pane(struct pane *p, const char *name, const struct golden_size *sizes, size_t n)
{
	struct strbuf got = STRBUF_INIT, want = STRBUF_INIT;
	char *path = golden_path(name);
	const char *mode = getenv("GOLDEN");

	for (size_t i = 0; i < n; i++)
		draw(p, sizes[i], i == 0, &got);
	if (mode && strcmp(mode, "accept") == 0) {
		write_text(path, strbuf_span(&got));
	} else {
		read_all(path, &want);
		compare(path, strbuf_span(&want), strbuf_span(&got));
	}
	strbuf_release(&got);
	strbuf_release(&want);
	free(path);
}

void
golden_every_size(struct pane *p)
{
	struct strbuf out = STRBUF_INIT;

	for (int w = 0; w <= 140; w += w < 20 ? 1 : 7)
		for (int h = 0; h <= 40; h += h < 8 ? 1 : 8) {
			strbuf_clear(&out);
			draw(p, (struct golden_size){ w, h, (w + h) % 2 }, false, &out);
		}
	strbuf_release(&out);
}
