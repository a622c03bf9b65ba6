/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How is text cut, and when is it a number? */
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

void pl__text_copy(char *out, size_t size, const char *text) {
    if (size == 0) return;
    size_t length = strlen(text);
    if (length >= size) {
        length = size - 1;
        while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80)
            length--; /* not inside a UTF-8 sequence */
    }
    memcpy(out, text, length);
    out[length] = '\0';
}

bool pl__text_number(const char *text, double *out) {
    char *end = NULL;
    if (strpbrk(text, "xX")) return false; /* C would read 0x10 as 16 */
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!c_locale) return false;
    double value = strtod_l(text, &end, c_locale);
    freelocale(c_locale);
    while (*end == ' ' || *end == '\t' || *end == '\r') end++;
    if (end == text || *end != '\0' || !isfinite(value)) return false;
    *out = value;
    return true;
}
