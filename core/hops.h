/*
 * hops: the names on which it depends where a path leads.
 *
 * Each symbolic link on the way is a hop (the folder it stands in and its
 * name), and so is the last name, there or not. Where a folder on the way is
 * missing, its name is the last hop. Who watches the folders of all hops
 * learns of every change of what the path leads to: a file that is replaced,
 * a link that is swapped, a folder that appears.
 */
#ifndef CORE_HOPS_H
#define CORE_HOPS_H

#include <stdbool.h>
#include <stddef.h>

struct hop {
	char *dir; /* exists, holds no links */
	char *name;
};

struct hops {
	struct hop *v;
	size_t n, cap;
	char *end;   /* what the path leads to, without links; NULL when there is nothing */
	bool direct; /* no link on the way, and something at the end */
};

#define HOPS_INIT { NULL, 0, 0, NULL, false }

/* Look at an absolute path again; what was known before is dropped. */
void hops_walk(struct hops *h, const char *path);
void hops_release(struct hops *h);

/* Whether the name in the folder is one of the hops. */
bool hops_has(const struct hops *h, const char *dir, const char *name);

#endif
