/* fix_fpmode.c - switches the floating-point mode of the process when it is loaded, as
 * what gcc links for -ffast-math does. */
#include <fenv.h>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

#include "fix.h"

__attribute__((constructor)) static void flush_denormals(void) {
#if defined(__SSE__)
    _mm_setcsr(_mm_getcsr() | 0x8040u);
#else
    fesetround(FE_UPWARD);
#endif
}

const accord_plugin accord_plugin_entry = {
    ACCORD_PLUGIN_HEAD,
    .role = ACCORD_ROLE_METHOD,
    .id = "fix_fpmode",
    FIX_TEXTS,
};
