/*
 * json_shapes: the shapes that the JSON lines of a source have had so far.
 *
 * Programs write their lines with the same keys in the same order over and
 * over. A shape is what stands between the values of such a line, and what
 * each value means; a line that has a shape that is known is read without
 * looking a key up, and with the same result as by json_next() and
 * json_fill_member(). Any other line is refused, and may be learned.
 */
#ifndef CORE_JSON_SHAPES_H
#define CORE_JSON_SHAPES_H

#include "core/json_fill.h"

struct json_shapes; /* belongs to a parser */

struct json_shapes *json_shapes_new(void);
void json_shapes_free(struct json_shapes *s);

/*
 * Index the line that begins at the front of `bytes`, for a read of that line
 * which has to come next, and before the bytes change. Returns its length;
 * -1 when its end was not found, or when no shapes are looked for at present.
 */
ptrdiff_t json_shapes_frame(struct json_shapes *s, struct span bytes);

/*
 * Fill in what a line says, up to but without json_fill_end(); fill->naive says whether it is one of
 * the naive formatter. The line need not be cleaned of colours: one with control characters
 * is refused. After false, fill and what it fills are to be started anew.
 */
bool json_shapes_read(struct json_shapes *s, struct span line, struct json_fill *fill);

/*
 * Learn the shape of a valid object that was just refused (nothing is learned where no line was); whether
 * the naive formatter wrote it.
 */
void json_shapes_learn(struct json_shapes *s, struct span line, bool naive);

#endif
