/*
 * pane: making and freeing panes and targets. Everything else is each pane's
 * own (pane_*.c).
 */
#include "config.h"

#include "tui/pane.h"

#include "core/alloc.h"

#include <stdlib.h>

struct pane *
pane_new(const struct pane_ops *ops, struct lens *lens)
{
	struct pane *p = xcalloc(1, ops->size);

	p->ops = ops;
	p->lens = lens;
	if (ops->init)
		ops->init(p);
	return p;
}

void
pane_free(struct pane *p)
{
	if (!p)
		return;
	if (p->ops->release)
		p->ops->release(p);
	free(p);
}

void
target_init(struct target *t)
{
	*t = (struct target){ .from = TIME_NONE, .to = TIME_NONE, .record = RECORD_NONE };
}

void
target_release(struct target *t)
{
	strbuf_release(&t->query);
	strbuf_release(&t->label);
	target_init(t);
}
