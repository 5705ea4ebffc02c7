/*
 * rescue: the terminal as it was found, even when the program crashes.
 *
 * Everything that is needed is prepared beforehand, so that the moment itself
 * is a write() and a tcsetattr(), both allowed in a signal handler.
 */
#ifndef TUI_RESCUE_H
#define TUI_RESCUE_H

#include "core/span.h"

#include <termios.h>

/*
 * From now on a fatal signal (SIGSEGV SIGBUS SIGABRT SIGFPE SIGILL) first
 * writes `bytes` (copied, at most 255) to fd and sets its modes to `modes`, and then
 * goes on to whoever handled it before. fd has to stay open until disarmed.
 */
void rescue_arm(int fd, const struct termios *modes, struct span bytes);
/* Do it now. Once: false, and nothing is done, when it was done or nothing is armed. Async-signal-safe. */
bool rescue_now(void);
/*
 * The terminal is about to be left in the ordinary way; the handlers that were
 * there come back. false when rescue_now() has been here first.
 */
bool rescue_disarm(void);

#endif
