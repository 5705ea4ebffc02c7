/*
 * view_record.c: everything about one record.
 */
#include "config.h"

#include "core/engine_internal.h"
#include "core/view.h"

#include "core/alloc.h"
#include "core/explain.h"

#include <stdlib.h>

/* Spans hold offsets into the text until it stands still. */
static struct span
keep(struct strbuf *text, struct span s)
{
	size_t at = text->n;

	strbuf_add(text, s);
	return span_of((const char *)at, s.n);
}

/* The same for what may hold secrets. */
static struct span
keep_shown(bool mask, struct strbuf *text, struct span key, struct span s)
{
	size_t at = text->n;

	if (!mask || !mask_value(key, s, text))
		strbuf_add(text, s);
	return span_of((const char *)at, text->n - at);
}

static struct span
settle(const struct strbuf *text, struct span s)
{
	return span_of(strbuf_span(text).p + (size_t)s.p, s.n);
}

struct gather {
	bool mask;
	struct view_record *view;
	size_t cap;
};

static void
gather_field(void *arg, const struct keyvalue *kv)
{
	struct gather *g = arg;
	struct view_record *v = g->view;

	if (kv->id == FIELD_TRACEBACK)
		return; /* has a place of its own */
	ARRAY_GROW(v->fields, v->n, g->cap);
	v->fields[v->n++] = (struct view_field){ keep(&v->text, kv->key),
					       keep_shown(g->mask, &v->text, kv->key, kv->value), kv->id };
}

static bool
fill(struct engine *e, uint64_t id, bool mask, struct view_record *out)
{
	struct record r = { 0 };
	uint32_t row;
	struct block *b = ring_find(&e->ring, id, &row);

	memset(out, 0, sizeof *out);
	if (!b || !engine_record(e, b, row, &r))
		return false;
	struct strbuf *text = &out->text;

	out->id = id;
	out->place = block_place(b, row);
	out->time = r.time;
	out->own_time = r.own_time;
	out->level = r.level;
	out->format = r.format->name;
	out->format_title = r.format->title;
	out->source = e->feeds[b->source]->intake.source->name;
	out->logger = keep(text, r.logger);
	out->message = keep_shown(mask, text, SPAN_LIT("message"), record_field(&r, FIELD_MESSAGE));
	out->raw = keep_shown(mask, text, SPAN_LIT("message"), record_text(&r));
	struct span rest = record_rest(&r);

	out->traceback = keep_shown(mask, text, SPAN_LIT("traceback"), rest.n ? rest : record_field(&r, FIELD_TRACEBACK));
	record_each(&r, gather_field, &(struct gather){ .mask = mask, .view = out });
	record_release(&r);
	out->logger = settle(text, out->logger);
	out->message = settle(text, out->message);
	out->raw = settle(text, out->raw);
	out->traceback = settle(text, out->traceback);
	for (size_t i = 0; i < out->n; i++) {
		out->fields[i].key = settle(text, out->fields[i].key);
		out->fields[i].value = settle(text, out->fields[i].value);
	}
	return true;
}

bool
view_record(struct engine *e, uint64_t id, struct view_record *out)
{
	return fill(e, id, e->masks, out);
}

bool
view_record_as_is(struct engine *e, uint64_t id, struct view_record *out)
{
	return fill(e, id, false, out);
}

void
view_record_release(struct view_record *v)
{
	free(v->fields);
	strbuf_release(&v->text);
	memset(v, 0, sizeof *v);
}

bool
view_explain(struct engine *e, uint64_t id, size_t width, struct strbuf *out)
{
	struct record r = { 0 };
	uint32_t row;
	struct block *b = ring_find(&e->ring, id, &row);

	if (!b || !engine_record(e, b, row, &r))
		return false;
	struct format_memory memory = e->parser.memory;

	e->parser.memory = e->feeds[b->source]->intake.source->memory;
	struct strbuf masked = STRBUF_INIT;

	explain_body(&r, width, out);
	if (e->masks && mask_text(strbuf_span(out), &masked)) {
		strbuf_clear(out);
		strbuf_add(out, strbuf_span(&masked));
	}
	strbuf_release(&masked);
	e->parser.memory = memory;
	record_release(&r);
	return true;
}
