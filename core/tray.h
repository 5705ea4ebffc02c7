/*
 * tray: where the counters of a minute (or of what is older than all) are counted
 * until they are packed (counters.h).
 */
#ifndef CORE_TRAY_H
#define CORE_TRAY_H

#include "core/counters.h"
#include "core/sketch.h"

struct tray_row {
	uint32_t key;
	uint32_t latency; /* number of its sketch + 1; 0: none */
	uint64_t n;
	uint32_t second[60];
};

struct tray {
	struct tray_row *rows;     /* owned; in the order they came */
	uint32_t n, cap;
	uint16_t *slots;           /* owned; open addressing by key: row + 1 */
	uint32_t slot_count;
	uint32_t kinds[COUNTER_KINDS]; /* different ones of a kind */
	struct sketch *latencies;  /* owned; those behind latencies_n are empty */
	uint32_t latencies_n, latencies_made, latencies_cap;
	uint32_t wide;             /* latencies that are dense, so that adding is cheap */
};

#define TRAY_INIT { 0 }

void tray_release(struct tray *t);
void tray_clear(struct tray *t);

/*
 * The row of a key, for as long as no other is added; made when it is new. A new one beyond the
 * limit of its kind is COUNTER_OTHER's. The count of a kind is asked for before its errors and slow ones.
 */
struct tray_row *tray_row(struct tray *t, uint32_t key);
/* The row of a key, NULL: there is none. */
const struct tray_row *tray_find(const struct tray *t, uint32_t key);
/* The latency of a route's row, until the next is asked for. */
struct sketch *tray_latency(struct tray *t, struct tray_row *row);

/* Add what stands in counters, or in series. */
void tray_take(struct tray *t, const struct counters *c);
void tray_take_series(struct tray *t, const struct counters *c);

/* Append one run with every row of the kinds from..to. */
void tray_pack(struct tray *t, enum counter_kind from, enum counter_kind to, struct strbuf *out);
void tray_pack_series(struct tray *t, enum counter_kind from, enum counter_kind to, struct strbuf *out);

/* What each of a kind has, in the order they came. *sums is allocated, the caller frees it. */
size_t tray_sums(const struct tray *t, enum counter_kind kind, struct counter_sum **sums);
/* Different ones that it counts, of all kinds. */
uint32_t tray_names(const struct tray *t);

size_t tray_memory(const struct tray *t);

#endif
