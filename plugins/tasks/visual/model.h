/* model.h - MJCF becomes an mjModel: our own text, or a file of the user's copy of the
 * published suite. */
#ifndef ACCORD_VISUAL_MODEL_H
#define ACCORD_VISUAL_MODEL_H

#include <accord/plugin.h>
#include <mujoco/mujoco.h>

struct model {
    mjModel *m;
    char **files; /* that were read, NULL-terminated; NULL for our own text */
};

/* [worker] Compiles the MJCF `text` under the name `name` for messages.  ACCORD_E_CONFIG
 * with MuJoCo's sentence.  model_fini() in any case. */
accord_code model_parse(const accord_host *host, const char *name, const char *text,
                        struct model *out, accord_err *err);

/* [worker] Compiles FOLDER/NAME.xml, where FOLDER is looked for as a data file is, with
 * the files it includes.  ACCORD_E_NOTFOUND says which file is not there,
 * ACCORD_E_CONFIG has MuJoCo's sentence.  model_fini() in any case. */
accord_code model_read(const accord_host *host, const char *folder, const char *name,
                       struct model *out, accord_err *err);

/* [any] An mjData of small size for the model, or NULL without memory; freed with
 * mj_deleteData(). */
mjData *model_data(const mjModel *m);

/* [any] */
void model_fini(struct model *model);

#endif
