#include "config.h"

#include "core/source_file.h"

#include "core/alloc.h"

#include <stdlib.h>
#include <unistd.h>

struct source_file *
source_file_new(int fd, const struct stat *st)
{
	struct source_file *f = xmalloc(sizeof *f);

	*f = (struct source_file){ .fd = fd, .dev = st->st_dev, .ino = st->st_ino, .refs = 1 };
	return f;
}

struct source_file *
source_file_ref(struct source_file *f)
{
	f->refs++;
	return f;
}

void
source_file_unref(struct source_file *f)
{
	if (!f || --f->refs)
		return;
	close(f->fd);
	free(f);
}

bool
source_file_is(const struct source_file *f, const struct stat *st)
{
	return f->dev == st->st_dev && f->ino == st->st_ino;
}
