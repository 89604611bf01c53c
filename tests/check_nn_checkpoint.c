#include "suites.h"

Suite *suite_nn_checkpoint(void) {
    return suite_create("nn_checkpoint");
}
