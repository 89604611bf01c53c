/* services.h - what a method may ask of the host while it plays: the tables behind the
 * ids of <accord/plugin.h>. */
#ifndef ACCORD_SERVICES_H
#define ACCORD_SERVICES_H

#include "host/host.h"

extern const accord_service accord_run_services[];

#endif
