#include "config.h"

#include "tests/unit.h"

#include <stdbool.h>
#include <stdlib.h>

int
unit_run(Suite *suite)
{
	bool tap = getenv("CK_TAP_LOG_FILE_NAME") != NULL;
	SRunner *runner = srunner_create(suite);

	srunner_run_all(runner, tap ? CK_SILENT : CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed && !tap ? EXIT_FAILURE : EXIT_SUCCESS;
}
