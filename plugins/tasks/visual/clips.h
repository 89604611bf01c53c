/* clips.h - films that the user has: a folder of clip folders, each with one PNG or JPEG
 * file per frame.
 *
 * Clips and frames go by name, numbers in names by value: video2 comes before video10.
 * Files that are no pictures are not looked at. */
#ifndef ACCORD_VISUAL_CLIPS_H
#define ACCORD_VISUAL_CLIPS_H

#include <stdbool.h>

#include <accord/plugin.h>

#include "picture.h"

typedef struct clips clips;

/* [any] True when `folder` has a folder in it, hence might hold clips. */
bool clips_seem_there(const char *folder);

/* [any] Lists the clips in `folder`, at most `most`; 0: all.  *out is the caller's.
 * ACCORD_E_IO if a folder cannot be read, ACCORD_E_CONFIG if there is no clip or one has
 * no pictures. */
accord_code clips_open(const accord_host *host, const char *folder, size_t most,
                       clips **out, accord_err *err);
/* [any] NULL is allowed. */
void clips_close(clips *c);

/* [any] Number of clips. */
size_t clips_count(const clips *c);
/* [any] Number of frames of a clip, at least 1. */
size_t clips_length(const clips *c, size_t clip);
/* [any] SHA-256 of the names and sizes of all frames: tells sets of clips apart without
 * reading gigabytes. */
const char *clips_fingerprint(const clips *c);

/* [any] Reads a frame in its own size; see picture_read(). */
accord_code clips_read(const clips *c, size_t clip, size_t frame, picture *out,
                       accord_err *err);

#endif
