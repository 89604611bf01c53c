/* render_table.h - the loops at the level that is being compiled, at the end of its
 * file. */
#ifndef ACCORD_VISUAL_RENDER_TABLE_H
#define ACCORD_VISUAL_RENDER_TABLE_H

#include "render_shade.h"

#define RENDER_TABLE \
    { .draw = draw, .paint = paint }

#endif
