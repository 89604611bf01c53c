/* visual_scene.c - see visual_scene.h. */
#include "visual_scene.h"

#include <check.h>

#include "base/err.h"
#include "host/host.h"

void visual_scene_begin(visual_scene *s, const char *name, const char *task) {
    const world_options options = {.domain = name, .task = task, .assets = ""};
    accord_err err = {0};

    ck_assert_msg(!world_init(&s->w, &accord_host_default, &options, &err), "%s",
                  err.msg);
    ck_assert_msg(!environment_init(&s->e, &s->w, &err), "%s", err.msg);
}

void visual_scene_end(visual_scene *s) {
    environment_fini(&s->e);
    world_fini(&s->w);
}
