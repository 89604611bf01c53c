/* includes.h - which files a file of MJCF is made of, for the manifest. */
#ifndef ACCORD_VISUAL_INCLUDES_H
#define ACCORD_VISUAL_INCLUDES_H

#include <accord/plugin.h>

/* [any] The file `path` and what it includes, their includes too; names are relative to
 * the first file's folder, as MuJoCo has it.  *out is NULL-terminated and the caller's,
 * see includes_free().  An included file that is not there is left out: MuJoCo says so.
 */
accord_code includes_list(const accord_host *host, const char *path, char ***out,
                          accord_err *err);

/* [any] NULL is allowed. */
void includes_free(char **files);

#endif
