/*
 * logname: what a file's name and first bytes say about whether it is a log
 * that a person wants to follow.
 */
#ifndef CORE_LOGNAME_H
#define CORE_LOGNAME_H

#include "core/span.h"

enum { LOGNAME_KEY = 40 }; /* a key is shorter */

/* app.log, access.json, error_log, syslog; not hidden files, login.py, changelog.md. */
bool logname_is_log(const char *name);

/* A copy that a rotation made, by its name: app.log.1, app.log-20250909, app.log.2.gz. */
bool logname_is_rotated(const char *name);

/* A copy, as above or with its number before the extension (app.1.log), of a log that stands beside it in `dir`. */
bool logname_has_current(const char *dir, const char *name);

/* The log whose copy a name is: app.log of app.log.2.gz and app-2025-09-09.log. Owned by the caller; NULL: of none. */
char *logname_base(const char *name);

/*
 * The number or date that tells a copy of the log `base` from others:
 * app.log.1 and app.1.log, for app.log. SPAN_NONE: it is none.
 */
struct span logname_key(const char *base, const char *name);
/* A name without what compressing or setting aside appends (.gz, .zst, .old); all of it when it has none. */
struct span logname_plain(const char *name);

/* An archive, or few NULs, if any, in the first 4 KiB. A file that cannot be read counts as text: opening it will say why. */
bool logname_is_text(const char *path);

#endif
