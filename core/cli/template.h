/* template.h - the files that `accord plugin new` writes; "@NAME@" stands for the
 * plugin's id.  tests/sdk.sh builds and runs them. */
#ifndef ACCORD_TEMPLATE_H
#define ACCORD_TEMPLATE_H

extern const char accord_template_method[];
extern const char accord_template_makefile[];
extern const char accord_template_suite[];

#endif
