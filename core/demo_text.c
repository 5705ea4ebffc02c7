/*
 * The words of the demo's shop: routes with their response times, the ways
 * requests fail, what the application says meanwhile, the other services,
 * the tasks. Only tables; who picks from them and when is in demo_sim.c and
 * demo_story.c.
 */
#include "config.h"

#include "core/demo_text.h"

#include "core/alloc.h"

#define FRAME(file, line, function, code) \
	"  File \"" file "\", line " line ", in " function "\n    " code "\n"
#define PACKAGES "/srv/shop/venv/lib/python3.11/site-packages/"
#define ENTRY \
	FRAME(PACKAGES "django/core/handlers/base.py", "197", "_get_response", \
	      "response = wrapped_callback(request, *callback_args, **callback_kwargs)")

const struct demo_fault demo_faults[DEMO_FAULTS] = {
	[DEMO_FINE] = { 200, "", 0, "", "", NULL },
	[DEMO_NOT_FOUND] = { 404, "Not Found", 0, "", "", NULL },
	[DEMO_BAD_REQUEST] = { 400, "Bad Request", 0, "", "", NULL },
	[DEMO_LOGIN_REFUSED] = { 401, "Unauthorized", 0, "", "", NULL },
	[DEMO_FORBIDDEN] = { 403, "Forbidden", 0, "", "", NULL },
	[DEMO_THROTTLED] = { 429, "Too Many Requests", 0, "", "", NULL },
	[DEMO_DEADLOCK] = { 500, "deadlock detected on relation \"orders_order\"",
		0, "django.db.utils.", "OperationalError",
		ENTRY
		FRAME("/srv/shop/orders/views.py", "88", "place", "order.reserve(lines)")
		FRAME("/srv/shop/orders/models.py", "214", "reserve",
		      "Stock.objects.select_for_update().filter(sku__in=skus)")
		FRAME(PACKAGES "django/db/backends/utils.py", "89", "_execute",
		      "return self.cursor.execute(sql, params)") },
	[DEMO_CARD_FORMAT] = { 500, "card expiry '13/27' is not a month",
		0, "", "ValueError",
		ENTRY
		FRAME("/srv/shop/payments/views.py", "41", "capture", "card = Card.parse(form)")
		FRAME("/srv/shop/payments/card.py", "63", "parse",
		      "raise ValueError(f\"card expiry {text!r} is not a month\")") },
	[DEMO_SESSION] = { 500, "session store answered with 3 bytes, expected a pickle",
		0, "shop.accounts.", "SessionDamaged",
		ENTRY
		FRAME("/srv/shop/accounts/session.py", "29", "load", "data = unpack(raw)")
		FRAME("/srv/shop/accounts/session.py", "58", "unpack",
		      "raise SessionDamaged(raw)") },
	[DEMO_NO_TEMPLATE] = { 500, "catalog/badges/limited.html",
		0, "django.template.exceptions.", "TemplateDoesNotExist",
		ENTRY
		FRAME("/srv/shop/catalog/views.py", "52", "detail",
		      "return render(request, card.template, context)")
		FRAME(PACKAGES "django/template/loader.py", "19", "get_template",
		      "raise TemplateDoesNotExist(template_name, chain=chain)") },
	[DEMO_POOL_EMPTY] = { 500, "couldn't get a connection after 5.00 sec",
		5.0, "django.db.utils.", "OperationalError",
		ENTRY
		FRAME("/srv/shop/core/db.py", "37", "borrow", "return pool.getconn(timeout=5.0)")
		FRAME(PACKAGES "psycopg_pool/pool.py", "192", "getconn",
		      "raise PoolTimeout(timeout)") },
	[DEMO_GATEWAY_TIMEOUT] = { 504, "upstream did not answer within 5 s",
		5.0, "shop.upstream.", "UpstreamTimeout",
		ENTRY
		FRAME("/srv/shop/core/upstream.py", "71", "call",
		      "raise UpstreamTimeout(f\"{name} did not answer within {limit} s\")") },
	[DEMO_BAD_GATEWAY] = { 502, "[Errno 111] Connection refused",
		0, "", "ConnectionRefusedError",
		ENTRY
		FRAME("/srv/shop/core/upstream.py", "58", "call",
		      "reply = session.send(prepared, timeout=limit)") },
	[DEMO_BUG_TIER] = { 500, "'discount_tier'",
		0, "", "KeyError",
		ENTRY
		FRAME("/srv/shop/orders/views.py", "131", "checkout", "total = price(cart, user)")
		FRAME("/srv/shop/orders/pricing.py", "46", "price",
		      "tier = profile['discount_tier']") },
	[DEMO_BUG_ADDRESS] = { 500, "'NoneType' object has no attribute 'postcode'",
		0, "", "AttributeError",
		ENTRY
		FRAME("/srv/shop/orders/views.py", "104", "detail",
		      "zone = zone_of(order.address.postcode)") },
	[DEMO_BUG_PRICE] = { 500,
		"unsupported operand type(s) for *: 'decimal.Decimal' and 'float'",
		0, "", "TypeError",
		ENTRY
		FRAME("/srv/shop/catalog/views.py", "77", "detail", "card.net = net_price(product)")
		FRAME("/srv/shop/catalog/tax.py", "22", "net_price",
		      "return product.price * 0.9091") },
};

const struct demo_route demo_routes[DEMO_ROUTES] = {
	[DEMO_HOME] = { "GET", "/", "", 0, "home",
		0.018, 0.50, 18, DEMO_FINE, 0,
		DEMO_NO_TEMPLATE, 14200 },
	[DEMO_PRODUCTS] = { "GET", "/products/", "", 0, "product_list",
		0.045, 0.60, 15, DEMO_BAD_REQUEST, 0.01,
		DEMO_NO_TEMPLATE, 22800 },
	[DEMO_PRODUCT] = { "GET", "/products/", "/", 180, "product_detail",
		0.032, 0.55, 24, DEMO_NOT_FOUND, 0.06,
		DEMO_NO_TEMPLATE, 9100 },
	[DEMO_SEARCH] = { "GET", "/search/", "", 0, "search",
		0.120, 0.75, 9, DEMO_THROTTLED, 0.03,
		DEMO_NO_TEMPLATE, 6400 },
	[DEMO_ORDERS] = { "GET", "/api/orders/", "", 0, "order_list",
		0.090, 0.65, 5, DEMO_FORBIDDEN, 0.04,
		DEMO_DEADLOCK, 5200 },
	[DEMO_ORDER] = { "GET", "/api/orders/", "/", 5200, "order_detail",
		0.040, 0.50, 12, DEMO_NOT_FOUND, 0.05,
		DEMO_DEADLOCK, 1400 },
	[DEMO_CART] = { "POST", "/api/cart/", "/items/", 900, "cart_add",
		0.055, 0.60, 9, DEMO_BAD_REQUEST, 0.05,
		DEMO_DEADLOCK, 380 },
	[DEMO_CHECKOUT] = { "POST", "/api/checkout/", "", 0, "checkout",
		0.340, 0.60, 4, DEMO_BAD_REQUEST, 0.07,
		DEMO_DEADLOCK, 720 },
	[DEMO_LOGIN] = { "POST", "/accounts/login/", "", 0, "login",
		0.210, 0.35, 4, DEMO_LOGIN_REFUSED, 0.14,
		DEMO_SESSION, 310 },
	[DEMO_PROFILE] = { "GET", "/accounts/", "/profile/", 2400, "profile",
		0.028, 0.50, 4, DEMO_FORBIDDEN, 0.04,
		DEMO_SESSION, 2100 },
	[DEMO_STOCK] = { "GET", "/api/inventory/", "/stock/", 180, "stock_level",
		0.015, 0.40, 6, DEMO_NOT_FOUND, 0.02,
		DEMO_BAD_GATEWAY, 90 },
	[DEMO_CAPTURE] = { "POST", "/api/payments/", "/capture/", 7000, "payment_capture",
		0.420, 0.60, 2, DEMO_BAD_REQUEST, 0.08,
		DEMO_CARD_FORMAT, 240 },
	[DEMO_REPORT] = { "GET", "/reports/sales/", "", 0, "sales_report",
		0.850, 0.55, 0.6, DEMO_FORBIDDEN, 0.05,
		DEMO_GATEWAY_TIMEOUT, 48000 },
	[DEMO_HEALTH] = { "GET", "/health/", "", 0, "health",
		0.002, 0.30, 6, DEMO_FINE, 0,
		DEMO_FINE, 21 },
	[DEMO_UNKNOWN] = { "GET", "", "", 0, "unknown",
		0.004, 0.40, 0, DEMO_NOT_FOUND, 1,
		DEMO_FINE, 179 },
};

const struct demo_note demo_notes[] = {
	{ DEMO_HOME, 0.15, "DEBUG", "shop.cache", "Banner fragment rebuilt",
	  "\"cache_key\": \"banner:v3:##\", \"cache_hit\": false" },
	{ DEMO_PRODUCTS, 0.10, "DEBUG", "shop.db", "Query plan fell back to a sequential scan",
	  "\"table\": \"catalog_product\", \"rows\": 4###" },
	{ DEMO_PRODUCT, 0.35, "INFO", "shop.catalog", "Product viewed",
	  "\"product_id\": 1##, \"price\": ##.90" },
	{ DEMO_PRODUCT, 0.12, "DEBUG", "shop.cache", "Product card not in the cache",
	  "\"cache_key\": \"card:1##\", \"cache_hit\": false" },
	{ DEMO_SEARCH, 0.50, "INFO", "shop.search", "Search answered",
	  "\"query\": \"리넨 셔츠\", \"results\": ##" },
	{ DEMO_SEARCH, 0.12, "WARNING", "shop.search", "Search index is ## s behind",
	  "\"index\": \"products-#\"" },
	{ DEMO_ORDERS, 0.20, "INFO", "shop.orders", "Order page ## of a long list asked for",
	  "\"page\": ##" },
	{ DEMO_CART, 0.60, "INFO", "shop.cart", "Cart updated",
	  "\"cart_id\": ###, \"items\": #, \"amount\": 1##.50" },
	{ DEMO_CART, 0.05, "WARNING", "shop.cart", "Quantity lowered to what is in stock",
	  "\"cart_id\": ###, \"asked\": ##, \"given\": #" },
	{ DEMO_CHECKOUT, 0.85, "INFO", "shop.orders", "Order placed",
	  "\"order_id\": 5####, \"amount\": 1##.90, \"currency\": \"EUR\"" },
	{ DEMO_CHECKOUT, 0.10, "WARNING", "shop.orders", "Coupon SUMMER## has expired",
	  "\"coupon\": \"SUMMER\"" },
	{ DEMO_LOGIN, 0.75, "INFO", "shop.accounts", "User signed in",
	  "\"method_used\": \"password\", \"session_age\": 0" },
	{ DEMO_LOGIN, 0.08, "WARNING", "shop.security", "Third wrong password in a row",
	  "\"account\": \"user####@example.com\"" },
	{ DEMO_CAPTURE, 0.70, "INFO", "shop.payments", "Payment captured",
	  "\"payment_id\": 8#####, \"amount\": 1##.40, \"provider\": \"cardhouse\"" },
	{ DEMO_REPORT, 0.80, "INFO", "shop.reports", "Sales report built from ##### rows",
	  "\"rows\": #####, \"format\": \"xlsx\"" },
};
const size_t demo_notes_n = ARRAY_SIZE(demo_notes);

static const char gateway_traceback[] =
	"Traceback (most recent call last):\n"
	FRAME("/srv/payments/gateway.py", "118", "settle", "answer = provider.settle(batch)")
	FRAME("/srv/payments/providers/cardhouse.py", "54", "settle",
	      "reply = self.session.post(self.url, json=batch, timeout=8)")
	FRAME("/srv/payments/venv/lib/python3.11/site-packages/requests/adapters.py", "713",
	      "send", "raise ReadTimeout(e, request=request)")
	"requests.exceptions.ReadTimeout: cardhouse.example: Read timed out. (read timeout=8)\n";

static const char stock_traceback[] =
	"Traceback (most recent call last):\n"
	FRAME("/srv/inventory/reserve.py", "92", "apply", "shelf.take(quantity)")
	FRAME("/srv/inventory/shelf.py", "40", "take", "raise ShelfError(self.sku, self.left)")
	"inventory.errors.ShelfError: SKU-4107: 0 left\n"
	"\n"
	"During handling of the above exception, another exception occurred:\n"
	"\n"
	"Traceback (most recent call last):\n"
	FRAME("/srv/inventory/worker.py", "61", "run", "job.apply()")
	FRAME("/srv/inventory/reserve.py", "97", "apply", "ledger.undo(self.entry)")
	"LookupError: entry 88213 is not in the ledger\n";

const struct demo_chat demo_chats[] = {
	{ 30, "INFO", "inventory", "Stock of SKU-#### counted: ##", NULL },
	{ 22, "INFO", "inventory", "Reserved # of SKU-#### for order 5####", NULL },
	{ 20, "INFO", "payments", "Authorised 1##.90 EUR for order 5#### in 0.###s", NULL },
	{ 14, "INFO", "payments", "Webhook cardhouse/charge.settled, event 9######", NULL },
	{ 8, "INFO", "shipping", "Label printed for parcel 00340#########", NULL },
	{ 3, "DEBUG", "payments", "Idempotency key pay-###### seen before, answer repeated", NULL },
	{ 3.2, "WARNING", "inventory", "Stock of SKU-#### is down to #", NULL },
	{ 2.0, "WARNING", "payments", "Card declined for order 5####: insufficient funds", NULL },
	{ 1.0, "WARNING", "shipping", "Carrier took #.#s, label for 5#### is late", NULL },
	{ 0.5, "ERROR", "payments", "Settlement of batch #### failed", gateway_traceback },
	{ 0.4, "ERROR", "inventory", "Reservation for order 5#### could not be undone",
	  stock_traceback },
	{ 0.04, "CRITICAL", "payments", "Ledger and provider differ by ##.#0 EUR, payouts held",
	  NULL },
};
const size_t demo_chats_n = ARRAY_SIZE(demo_chats);

const struct demo_task demo_tasks[] = {
	{ 40, "shop.tasks.send_order_mail", 0.18, 0.5, "None", 0.015 },
	{ 22, "shop.tasks.resize_image", 0.42, 0.6, "{'sizes': #}", 0 },
	{ 18, "shop.tasks.sync_stock", 0.09, 0.4, "##", 0 },
	{ 10, "shop.tasks.update_search_index", 0.75, 0.5, "{'documents': ###}", 0 },
	{ 6, "shop.tasks.settle_payments", 1.10, 0.4, "None", 0 },
	{ 4, "shop.tasks.drop_old_sessions", 0.30, 0.3, "###", 0 },
};
const size_t demo_tasks_n = ARRAY_SIZE(demo_tasks);

const char demo_task_error[] =
	"SMTPServerDisconnected('Connection unexpectedly closed')";
const char demo_task_traceback[] =
	"Traceback (most recent call last):\n"
	FRAME(PACKAGES "celery/app/trace.py", "453", "trace_task",
	      "R = retval = fun(*args, **kwargs)")
	FRAME("/srv/shop/tasks.py", "34", "send_order_mail", "mail.send(fail_silently=False)")
	FRAME("/usr/lib/python3.11/smtplib.py", "398", "getreply",
	      "raise SMTPServerDisconnected(\"Connection unexpectedly closed\")")
	"smtplib.SMTPServerDisconnected: Connection unexpectedly closed\n";

const char *const demo_agents[] = {
	"Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0",
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/139.0.0.0 Safari/537.36",
	"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) Version/18.6 Safari/604.1",
	"Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/139.0.0.0 Mobile Safari/537.36",
	"ShopApp/4.12 (Android 15)",
	"ShopApp/4.12 (iOS 18.6)",
	"curl/8.14.1",
};
const size_t demo_agents_n = ARRAY_SIZE(demo_agents);

const char *const demo_scans[] = {
	"/wp-login.php", "/.env", "/.git/config", "/phpmyadmin/", "/admin.php", "/xmlrpc.php",
	"/backup.zip", "/server-status", "/vendor/phpunit/phpunit.xml", "/actuator/env",
};
const size_t demo_scans_n = ARRAY_SIZE(demo_scans);

const struct demo_asset demo_assets[] = {
	{ "/static/css/shop.css", 200, 48211 },
	{ "/static/js/cart.js", 200, 91034 },
	{ "/static/js/cart.js", 304, 0 },
	{ "/static/fonts/text.woff2", 304, 0 },
	{ "/media/products/##.webp", 200, 31870 },
	{ "/media/products/###.webp", 200, 27512 },
	{ "/media/banners/autumn.webp", 200, 118402 },
	{ "/favicon.ico", 200, 1150 },
};
const size_t demo_assets_n = sizeof demo_assets / sizeof *demo_assets;
