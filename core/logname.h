/*
 * logname: what a file's name and first bytes say about whether it is a log
 * that a person wants to follow.
 */
#ifndef CORE_LOGNAME_H
#define CORE_LOGNAME_H

#include <stdbool.h>

/* app.log, access.json, error_log, syslog; not hidden files, login.py, changelog.md. */
bool logname_is_log(const char *name);

/* A copy that a rotation made, by its name: app.log.1, app.log-20250909, app.log.2.gz. */
bool logname_is_rotated(const char *name);

/*
 * The same for names whose number stands before the extension (app.1.log,
 * app-2025-09-09.log): rotated when app.log stands beside them in `dir`.
 */
bool logname_has_current(const char *dir, const char *name);

/* Few NULs, if any, in the first 4 KiB. A file that cannot be read counts as text: opening it will say why. */
bool logname_is_text(const char *path);

#endif
