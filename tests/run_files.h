/* run_files.h - writes run directories as core/run/README.md describes them, below the
 * scratch folder of a test. */
#ifndef RUN_FILES_H
#define RUN_FILES_H

#include <stdio.h>

/* An episode of evaluation and what was asked in it. */
typedef struct ep_line {
    const char *item;
    int index;
    const char *outcome;
    double score;
    int prompt, completion; /* tokens of its one call */
} ep_line;

/* Starts run "NAME": its manifest names task "gsm" (parts strict and flexible, modes
 * default) and "trip" (parts plain, a/x, b/z, a/y), model "m" (1 and 2 a million tokens),
 * and the cells given as JSON. */
void run_begin(const char *name, const char *cells);

/* The path of a file of the run that was begun; the caller's to free(). */
char *run_path(const char *file);
/* The folder of a cell, made when it is missing; the caller's to free(). */
char *run_cell(const char *task, const char *method, int seed);

/* Opens a file of a cell to append to. */
FILE *run_open(const char *cell, const char *file);
/* Writes an episode's lines: a call and its end.  `canon` is 42 for correct. */
void run_episode(FILE *journal, const ep_line *e);
/* Marks a journal as done and closes it. */
void run_finish(FILE *journal);
/* Writes the cell's summary. */
void run_seal(const char *cell);
/* A sealed cell of gsm: item q#0, q#1, ..., as the letters of `right` say: 1 right, 0
 * wrong, x broke off, - not played; 100 prompt tokens and `tokens` more each. */
void run_play(const char *method, int seed, const char *right, int tokens);
/* Puts `to` where `from` stands in the manifest. */
void run_edit_manifest(const char *from, const char *to);
/* Reads a whole file; the caller's to free(). */
char *run_read(const char *path);
/* Makes one line of each sentence that was broken at 80 columns. */
void run_join(char *text);

#endif
