/* paths.h - the folders that Accord looks in, and where this program lies. */
#ifndef ACCORD_PATHS_H
#define ACCORD_PATHS_H

#include <limits.h>

/* [any] Writes XDG_DATA_HOME/accord/NAME (by default ~/.local/share/accord/NAME) to
 * path[PATH_MAX]; "" when there is no home. */
void accord_path_user(const char *name, char *path);

/* [any] Writes the folder with methods/, tasks/ and models/ that belongs to this program:
 * the build tree's, the one of the prefix that it lies in, or the one it was configured
 * for. */
void accord_path_plugins(char *path);

/* [any] Writes the folder of the suites that belong to this program, found likewise. */
void accord_path_suites(char *path);

#endif
