/* visual_scene.h - a control task at work in a test. */
#ifndef VISUAL_SCENE_H
#define VISUAL_SCENE_H

#include "environment.h"

typedef struct visual_scene {
    world w;
    environment e;
} visual_scene;

/* Fails the test when the task cannot be made. */
void visual_scene_begin(visual_scene *s, const char *name, const char *task);
void visual_scene_end(visual_scene *s);

#endif
