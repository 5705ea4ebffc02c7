/*
 * format_rows: the rows of the registry, each defined in the file of its
 * family. For format.c and the tests; everybody else asks format.h.
 */
#ifndef CORE_FORMAT_ROWS_H
#define CORE_FORMAT_ROWS_H

#include "core/format.h"

extern const struct format format_json;
extern const struct format format_json_naive;
extern const struct format format_django;
extern const struct format format_python;
extern const struct format format_basic;
extern const struct format format_tagged;
extern const struct format format_simple;
extern const struct format format_structlog;
extern const struct format format_timed;
extern const struct format format_access;
extern const struct format format_access_ms;
extern const struct format format_gunicorn;
extern const struct format format_nginx;
extern const struct format format_apache;
extern const struct format format_uvicorn;
extern const struct format format_daphne;
extern const struct format format_runserver;
extern const struct format format_uwsgi;
extern const struct format format_rails;
extern const struct format format_morgan;
extern const struct format format_celery;
extern const struct format format_redis;
extern const struct format format_postgres;
extern const struct format format_haproxy;
extern const struct format format_syslog;
extern const struct format format_logfmt;
extern const struct format format_klog;
extern const struct format format_compose;
extern const struct format format_cri;
extern const struct format format_docker;

/* Whether a text that a container tool put its prefix before is the inside of a stack trace. */
bool container_goes_on(struct span text);
/* Whether a line has docker compose's prefix, also one that starts no record. */
bool compose_prefixed(struct span line);
/* Whether a line has PostgreSQL's mark of what belongs to the message before it. */
bool postgres_goes_on(struct span line);

#endif
