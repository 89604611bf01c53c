/* look_source.c - what all episodes of a mode share; see look.h. */
#include "look_source.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clips.h"

/* What the published code fixes for each mode. */
struct mode {
    const char *name;
    enum look_kind kind;
    double spread;      /* colours: standard deviation of the published settings */
    size_t n_films;     /* videos: as many as the published set has */
    bool floor;         /* videos: they cover the floor, too */
    const char *folder; /* of the data folder, where published clips lie */
};

static const struct mode modes[] = {
    {.name = "train", .kind = LOOK_TRAIN},
    {.name = "color_easy", .kind = LOOK_COLOUR, .spread = 0.1},
    {.name = "color_hard", .kind = LOOK_COLOUR, .spread = 0.2},
    {.name = "video_easy",
     .kind = LOOK_VIDEO,
     .n_films = 10,
     .folder = "dmcgb/video_easy"},
    {.name = "video_hard",
     .kind = LOOK_VIDEO,
     .n_films = 100,
     .floor = true,
     .folder = "dmcgb/video_hard"},
    {.name = "distracting", .kind = LOOK_DISTRACTING, .folder = "davis"},
};

enum { N_MODES = sizeof(modes) / sizeof(modes[0]) };

const char *const look_modes[] = {"train",      "color_easy",  "color_hard", "video_easy",
                                  "video_hard", "distracting", NULL};

/* A source on its way. */
struct opening {
    const accord_host *host;
    const look_options *options;
    const struct mode *mode;
    look_source *s;
    accord_err *err;
};

static accord_code no_memory(const struct opening *o) {
    return o->host->fail(o->host, o->err, ACCORD_E_NOMEM, "no memory for the look");
}

static accord_code copy_materials(const struct opening *o, const mjModel *m) {
    look_source *s = o->s;

    s->n_materials = (size_t)m->nmat;
    s->self = mj_name2id(m, mjOBJ_MATERIAL, "self");
    s->rgba = calloc(s->n_materials + 1, sizeof(*s->rgba));
    if (!s->rgba)
        return no_memory(o);
    for (size_t i = 0; i < s->n_materials; i++)
        memcpy(s->rgba[i], m->mat_rgba + 4 * i, sizeof(s->rgba[i]));
    return ACCORD_OK;
}

static accord_code open_colours(const struct opening *o) {
    look_source *s = o->s;

    if (s->self < 0)
        return o->host->fail(o->host, o->err, ACCORD_E_CONFIG,
                             "mode %s recolours the material self, which the model "
                             "does not have",
                             o->mode->name);
    accord_code rc =
        palette_open(o->host, o->mode->name, o->mode->spread, &s->palette, o->err);
    s->files[0] = s->palette.file;
    if (s->palette.file)
        snprintf(s->provenance, sizeof(s->provenance),
                 "published colours dmcgb/%s.jsonl, %zu settings", o->mode->name,
                 s->palette.n);
    else
        snprintf(s->provenance, sizeof(s->provenance),
                 "generated colours, %zu settings after the published distribution",
                 s->palette.n);
    return rc;
}

static void describe_films(const struct opening *o, const char *folder, bool missing) {
    const films *f = o->s->films;
    char *text = o->s->provenance;
    const size_t room = sizeof(o->s->provenance);

    if (films_fingerprint(f))
        snprintf(text, room, "%s clips in %s, %zu of them, names and sizes %.16s",
                 o->options->clips[0] ? "the user's" : "published", folder,
                 films_count(f), films_fingerprint(f));
    else
        snprintf(text, room, "generated films, %zu of them%s%s", films_count(f),
                 missing ? ": no clip folders in " : "", missing ? folder : "");
}

/* The folder that was asked for must be there.  The published one is used if it is there
 * and holds folders of frames; the published film files must be unpacked first. */
static accord_code open_films(const struct opening *o, size_t n_generated, size_t most) {
    const char *folder = o->options->clips[0] ? o->options->clips : o->mode->folder;
    films_options wanted = {.most = most,
                            .name = o->mode->name,
                            .n_generated = n_generated,
                            .width = o->options->width,
                            .height = o->options->height};
    const bool asked = o->options->clips[0] != '\0';
    char path[PATH_MAX];
    const accord_code found =
        o->host->data_path(o->host, folder, path, sizeof(path), asked ? o->err : NULL);

    if (found != ACCORD_OK && asked)
        return found;
    if (found == ACCORD_OK && (asked || clips_seem_there(path)))
        wanted.folder = path;
    accord_code rc = films_open(o->host, &wanted, &o->s->films, o->err);
    if (!rc)
        describe_films(o, folder, found == ACCORD_OK);
    return rc;
}

static void add_text(look_source *s, const char *text) {
    const size_t n = strlen(s->provenance);

    snprintf(s->provenance + n, sizeof(s->provenance) - n, "%s", text);
}

static accord_code open_video(const struct opening *o) {
    accord_code rc = open_films(o, o->mode->n_films, 0);

    add_text(o->s, o->options->key ? "; published colour key" : "; exact masks");
    return rc;
}

static accord_code open_distracting(const struct opening *o) {
    distract_rules *rules = &o->s->rules;
    char text[64];

    if (!distract_at(o->options->intensity, rules))
        return o->host->fail(o->host, o->err, ACCORD_E_CONFIG,
                             "intensity %g: the published ones are " DISTRACT_INTENSITIES,
                             o->options->intensity);
    if (!distract_domain(o->options->domain, rules))
        return o->host->fail(o->host, o->err, ACCORD_E_CONFIG,
                             "mode distracting does not know the domain %s",
                             o->options->domain);
    accord_code rc = open_films(o, rules->n_films, rules->n_films);
    snprintf(text, sizeof(text), "; intensity %g", rules->intensity);
    add_text(o->s, text);
    return rc;
}

static accord_code open_kind(const struct opening *o) {
    switch (o->mode->kind) {
    case LOOK_COLOUR:
        return open_colours(o);
    case LOOK_VIDEO:
        return open_video(o);
    case LOOK_DISTRACTING:
        return open_distracting(o);
    case LOOK_TRAIN:
        break;
    }
    add_text(o->s, "the model's own look");
    return ACCORD_OK;
}

static accord_code find_mode(struct opening *o) {
    for (size_t i = 0; i < N_MODES; i++)
        if (strcmp(modes[i].name, o->options->mode) == 0) {
            o->mode = &modes[i];
            return ACCORD_OK;
        }
    return o->host->fail(o->host, o->err, ACCORD_E_NOTFOUND,
                         "no mode %s: there are train, color_easy, color_hard, "
                         "video_easy, video_hard and distracting",
                         o->options->mode);
}

accord_code look_source_open(const accord_host *host, const look_options *options,
                             const mjModel *m, look_source **out, accord_err *err) {
    struct opening o = {.host = host, .options = options, .err = err};
    accord_code rc = find_mode(&o);

    *out = NULL;
    if (rc)
        return rc;
    o.s = calloc(1, sizeof(*o.s));
    if (!o.s)
        return no_memory(&o);
    o.s->host = host;
    o.s->kind = o.mode->kind;
    o.s->floor = o.mode->floor;
    o.s->key = options->key;
    o.s->width = options->width;
    o.s->height = options->height;
    o.s->action_repeat = options->action_repeat;
    o.s->camera = options->camera;
    rc = copy_materials(&o, m);
    if (!rc)
        rc = open_kind(&o);
    if (rc)
        look_source_close(o.s);
    else
        *out = o.s;
    return rc;
}

const char *const *look_source_files(const look_source *s) {
    return s->files;
}

const char *look_source_provenance(const look_source *s) {
    return s->provenance;
}

void look_source_close(look_source *s) {
    if (!s)
        return;
    palette_fini(&s->palette);
    films_close(s->films);
    free(s->rgba);
    free(s);
}
