/*
 * demo_text: the words of the demo's shop, as tables.
 *
 * In every text marked *digits*, each '#' stands for a random digit (the
 * first one of a run is never 0), so that one row makes many lines.
 */
#ifndef CORE_DEMO_TEXT_H
#define CORE_DEMO_TEXT_H

#include <stddef.h>

enum demo_fault_id {
	DEMO_FINE,
	DEMO_NOT_FOUND,
	DEMO_BAD_REQUEST,
	DEMO_LOGIN_REFUSED,
	DEMO_FORBIDDEN,
	DEMO_THROTTLED,
	DEMO_DEADLOCK,
	DEMO_CARD_FORMAT,
	DEMO_SESSION,
	DEMO_NO_TEMPLATE,
	DEMO_POOL_EMPTY,
	DEMO_GATEWAY_TIMEOUT,
	DEMO_BAD_GATEWAY,
	DEMO_BUG_TIER,
	DEMO_BUG_ADDRESS,
	DEMO_BUG_PRICE,
	DEMO_FAULTS
};

/* How a request fails. Without frames it is the client's fault: a warning, no traceback. */
struct demo_fault {
	int status;
	const char *message;
	double least;       /* seconds that it takes to fail */
	const char *module; /* of the exception's type, with its dot; may be "" */
	const char *type;
	const char *frames; /* the traceback between its first and last line */
};

enum demo_route_id {
	DEMO_HOME,
	DEMO_PRODUCTS,
	DEMO_PRODUCT,
	DEMO_SEARCH,
	DEMO_ORDERS,
	DEMO_ORDER,
	DEMO_CART,
	DEMO_CHECKOUT,
	DEMO_LOGIN,
	DEMO_PROFILE,
	DEMO_STOCK,
	DEMO_CAPTURE,
	DEMO_REPORT,
	DEMO_HEALTH,
	DEMO_UNKNOWN, /* what scanners ask for; its path comes from demo_scans */
	DEMO_ROUTES,
	DEMO_ANY = DEMO_ROUTES
};

struct demo_route {
	const char *method;
	const char *before, *after; /* the path, around an id where ids > 0 */
	unsigned ids;
	const char *view;
	double median, sigma;   /* of the response time, in seconds */
	double weight;          /* share of the traffic, relative */
	enum demo_fault_id odd; /* what a client gets wrong here, ... */
	double odd_share;       /* ... and how often */
	enum demo_fault_id accident; /* what the shop itself gets wrong here, rarely */
	unsigned size;          /* of a usual response, in bytes */
};

/* A file that the server in front serves by itself. */
struct demo_asset {
	const char *path; /* digits */
	int status;
	unsigned size;    /* bytes */
};
extern const struct demo_asset demo_assets[];
extern const size_t demo_assets_n;

/* A record that the application writes in the middle of a request. */
struct demo_note {
	enum demo_route_id route;
	double share; /* of the requests of this route */
	const char *level, *logger;
	const char *message; /* digits */
	const char *fields;  /* digits; JSON members after the message */
};

/* A line of the payment and stock services. */
struct demo_chat {
	double weight;
	const char *level, *module;
	const char *message;   /* digits */
	const char *traceback; /* NULL or whole lines */
};

struct demo_task {
	double weight;
	const char *name;
	double median, sigma; /* seconds */
	const char *result;   /* digits */
	double fails;         /* share that raises */
};

extern const struct demo_fault demo_faults[DEMO_FAULTS];
extern const struct demo_route demo_routes[DEMO_ROUTES];
extern const struct demo_note demo_notes[];
extern const size_t demo_notes_n;
extern const struct demo_chat demo_chats[];
extern const size_t demo_chats_n;
extern const struct demo_task demo_tasks[];
extern const size_t demo_tasks_n;
extern const char *const demo_agents[];
extern const size_t demo_agents_n;
extern const char *const demo_scans[];
extern const size_t demo_scans_n;
/* What a task raises when it fails, ... */
extern const char demo_task_error[];
/* ... and its traceback, whole lines. */
extern const char demo_task_traceback[];

#endif
