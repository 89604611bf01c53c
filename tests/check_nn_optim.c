#include "suites.h"

Suite *suite_nn_optim(void) {
    return suite_create("nn_optim");
}
