/*
 * What happens to a log on disk, scripted, and what is read of it, for t_source*.c.
 * Rotations and cuts stand in the text that is compared: "|R|" and "|T|".
 */
#ifndef TESTS_SOURCE_SCRIPT_H
#define TESTS_SOURCE_SCRIPT_H

#include "core/alloc.h"
#include "core/source.h"
#include "core/strbuf.h"
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define LONG_LINE "0123456789 abcdefghijklmnopqrstuvwxyz 0123456789 abcdefghijklmnopqrstuvwxyz\n"

/* The source under test, of app.log in a folder of its own, and what the last pull brought. */
extern struct source *s;
extern struct strbuf got;
extern char dir[];
/* The wall clock that it is told, ns. */
extern int64_t script_now;

/* A case with the folder made before and removed after each test. */
TCase *script_case(Suite *suite, const char *name);

void put(const char *name, const char *text, int flags);
void append(const char *name, const char *text);

/* Read until nothing more comes; the last event. A small buffer makes many reads of a few bytes. */
enum source_event pull(void);
void assert_pulls(const char *want);

/* app.log with a text that was read. */
void open_with(const char *text);

/* All names one up, as RotatingFileHandler does. */
void shift(int highest);
/* The next file is at the path: app.log is renamed to `name`, and the text goes to a new one. */
void rotate(const char *name, const char *text);
/* logrotate's copytruncate: what is in app.log is in `copy`, and app.log is empty. */
void copy_and_cut(const char *copy);

#endif
