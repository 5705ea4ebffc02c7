/*
 * silence: how often a source usually speaks, and whether it has fallen silent.
 *
 * Silent is who has said nothing for longer than ten seconds, than twenty of
 * its usual gaps and than three times the longest gap of late: a source that
 * writes in bursts is not silent between two of them. Nothing is said of a
 * source that had fewer than SILENCE_RECORDS records.
 */
#ifndef CORE_SILENCE_H
#define CORE_SILENCE_H

#include <stdbool.h>
#include <stdint.h>

enum { SILENCE_RECORDS = 100 };

/* Zero-initialised is good. */
struct silence {
	uint64_t records; /* that came */
	double usual;     /* seconds between two of them, those of late counting most */
	double longest;   /* seconds; fades as records come */
};

/* n records came together, `gap` seconds after what came before them. */
void silence_learn(struct silence *s, double gap, uint64_t n);
/* Seconds without a word that are more than usual; negative: not known yet. */
double silence_limit(const struct silence *s);
/* Records a second that are usual; 0: not known yet. */
double silence_rate(const struct silence *s);
/* "12/s", "3/m", "2/h" into buf of at least 16 bytes; returns buf. */
const char *silence_rate_text(double per_second, char *buf);

#endif
