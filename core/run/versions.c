/* versions.c - what this program is made of and where it runs: part of manifest.h. */
#include <curl/curl.h>
#include <gnu/libc-version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <zlib.h>

#include "build.inc"
#include "run/manifest.h"

static void cpu_model(char *out, size_t size) {
    FILE *f = fopen("/proc/cpuinfo", "re");
    char line[512];

    snprintf(out, size, "unknown");
    while (f && fgets(line, sizeof(line), f)) {
        const char *colon = strchr(line, ':');
        if (!colon || strncmp(line, "model name", 10) != 0)
            continue;
        colon += strspn(colon, ": \t");
        snprintf(out, size, "%.*s", (int)strcspn(colon, "\n"), colon);
        break;
    }
    if (f)
        fclose(f);
}

static json_t *libraries(void) {
    return json_pack("{s:s, s:s, s:s, s:s}", "glibc", gnu_get_libc_version(), "jansson",
                     jansson_version_str(), "libcurl",
                     curl_version_info(CURLVERSION_NOW)->version, "zlib", zlibVersion());
}

/* No name of the machine or its user. */
static json_t *machine(void) {
    struct utsname u = {0};
    char cpu[256], system[sizeof(u.sysname) + sizeof(u.release) + sizeof(u.machine) + 3];

    uname(&u);
    cpu_model(cpu, sizeof(cpu));
    snprintf(system, sizeof(system), "%s %s %s", u.sysname, u.release, u.machine);
    return json_pack("{s:s, s:I, s:s}", "cpu", cpu, "cores",
                     (json_int_t)sysconf(_SC_NPROCESSORS_ONLN), "system", system);
}

json_t *accord_manifest_versions(void) {
    return json_pack("{s:{s:s, s:s, s:s, s:s}, s:o, s:o}", "accord", "version",
                     PACKAGE_VERSION, "commit", ACCORD_BUILD_COMMIT, "compiler",
                     ACCORD_BUILD_COMPILER, "flags", ACCORD_BUILD_FLAGS, "libraries",
                     libraries(), "machine", machine());
}
