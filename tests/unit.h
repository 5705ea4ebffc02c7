/*
 * unit: the main() of a unit test, in one line.
 *
 *	int
 *	main(void)
 *	{
 *		return unit_run(suite());
 *	}
 */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <check.h>

/*
 * Run the suite (which is taken) and return main's exit status. Under `make
 * check`, where the results go out as TAP, failures are in those results and
 * the status is 0; run by hand, the status tells.
 */
int unit_run(Suite *suite);

#endif
