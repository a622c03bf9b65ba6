/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How is a failure said? Who detects it writes it here once; everybody above passes it on. */
#include <stdio.h>

#include "base/base.h"

pl_status pl__fail(pl_error *error, pl_status status, const char *floor, const char *format, ...) {
    if (error) {
        error->status = status;
        pl__text_copy(error->floor, sizeof error->floor, floor);
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(error->message, sizeof error->message, format, arguments);
        va_end(arguments);
        for (char *c = error->message; *c; c++) {
            if ((unsigned char)*c < 0x20 || *c == 0x7f)
                *c = ' '; /* one line, whatever a file's own text holds */
        }
    }
    return status;
}

pl_status pl__fail_memory(pl_error *error, const char *floor) {
    return pl__fail(error, PL_E_MEMORY, floor, "out of memory");
}
