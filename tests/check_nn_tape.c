#include "suites.h"

Suite *suite_nn_tape(void) {
    return suite_create("nn_tape");
}
