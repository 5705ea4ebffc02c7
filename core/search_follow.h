/*
 * search_follow: prints the records that match a query, first those that are
 * there, in merged order, then each as it comes, until it is told to end.
 *
 * Nothing is held: what is read is printed and let go, and nothing more is
 * read than the output takes.
 */
#ifndef CORE_SEARCH_FOLLOW_H
#define CORE_SEARCH_FOLLOW_H

#include "core/options.h"

struct follow_options {
	const struct options *o;
	struct query *query;             /* taken over */
	const char *const *inputs;
	size_t n_inputs;
	bool only_new;                   /* not those that are there */
	int fd;                          /* where records go */
	/* A line for a person: what, and why or NULL. */
	void (*complain)(const char *what, const char *why);
};

/*
 * Ends on SIGTERM, SIGINT and SIGHUP, when nobody reads any more, and when all
 * sources were streams that ended. Returns the exit status.
 */
int search_follow(const struct follow_options *f);

#endif
