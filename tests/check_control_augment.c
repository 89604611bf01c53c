#include "augment.h"
#include "control_suites.h"
Suite *suite_control_augment(void) {
    return suite_create("control_augment");
}
