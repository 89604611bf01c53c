/* travel_answers.c - makes the published plans of TravelPlanner's tasks into recorded
 * answers: travel_answers TASKS.jsonl [SKIP], without the plan of task SKIP. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

static void write_answer(const json_t *task, int idx) {
    char id[64];
    char *plan = json_dumps(json_object_get(task, "reference_plan"), JSON_INDENT(1));

    snprintf(id, sizeof(id), "travelplanner-train-%d", idx);
    json_t *row = json_pack("{s:s, s:s, s:i, s:s}", "question_id", id, "model",
                            "published", "sample_index", 0, "response", plan);
    json_dumpf(row, stdout, JSON_COMPACT);
    puts("");
    json_decref(row);
    free(plan);
}

int main(int argc, char **argv) {
    FILE *f = argc > 1 ? fopen(argv[1], "re") : NULL;
    long skip = argc > 2 ? strtol(argv[2], NULL, 10) : -1;
    char *line = NULL;
    size_t room = 0;

    if (!f)
        return EXIT_FAILURE;
    while (getline(&line, &room, f) > 0) {
        json_t *task = json_loads(line, 0, NULL);
        int idx = (int)json_integer_value(json_object_get(task, "idx"));
        if (idx != skip)
            write_answer(task, idx);
        json_decref(task);
    }
    free(line);
    fclose(f);
    return EXIT_SUCCESS;
}
