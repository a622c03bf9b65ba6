/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which oil, how heavy, and how many barrels is a tonne of it?
 *
 * Names are taken in any case; a product also answers to its alias. The conversion "density" is no
 * row of a table but barrels per cubic metre over density, and its spread is the density's. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "load/model.h"

static const char FLOOR[] = "load";

/* 42 US gallons of 231 cubic inches: 0.158987294928 m3, exact by definition. */
static const double BARREL_M3 = 0.158987294928;
/* A density that the user gives is one cargo's: the hydrometer's third decimal. */
static const double GIVEN_DENSITY_SIGMA = 0.002;

/* Appends ", name" to a list; what does not fit is left out. */
static void append(char *list, size_t size, const char *name) {
    size_t used = strlen(list);
    if (used + strlen(name) + 3 > size) return;
    snprintf(list + used, size - used, "%s%s", used ? ", " : "", name);
}

static pl_status find_product(const pl_load_models *models, const char *name,
                              const pl__product **out, pl_error *error) {
    char known[180] = "";
    for (int i = 0; i < models->products; i++) {
        const pl__product *p = &models->product[i];
        if (strcasecmp(name, p->name) == 0 || (*p->alias && strcasecmp(name, p->alias) == 0)) {
            *out = p;
            return PL_OK;
        }
        append(known, sizeof known, p->name);
    }
    return pl__fail(error, PL_E_USAGE, FLOOR, "no product '%.24s'; known: %s", name, known);
}

static pl_status find_conversion(const pl_load_models *models, const char *name, pl__oil *out,
                                 pl_error *error) {
    char known[100] = "density", products[160] = "";
    const char *last = "";
    bool found = false;
    for (int i = 0; i < models->conversions; i++) {
        const pl__conversion *c = &models->conversion[i];
        if (strcasecmp(c->name, last) != 0) append(known, sizeof known, c->name);
        last = c->name;
        if (strcasecmp(name, c->name) != 0) continue;
        if (strcasecmp(c->product, out->product->name) == 0) {
            out->bbl_per_t = c->bbl_per_t;
            pl__text_copy(out->conversion, sizeof out->conversion, c->name);
            pl__text_copy(out->evidence, sizeof out->evidence, c->evidence);
            return PL_OK;
        }
        found = true;
        append(products, sizeof products, c->product);
    }
    if (found)
        return pl__fail(error, PL_E_USAGE, FLOOR,
                        "conversion '%.16s' has no row for %s; it knows: %s", name,
                        out->product->name, products);
    return pl__fail(error, PL_E_USAGE, FLOOR, "no conversion '%.24s'; known: %s", name, known);
}

pl_status pl__load_oil(const pl_load_models *models, const pl_load_options *options, pl__oil *out,
                       pl_error *error) {
    *out = (pl__oil){.bbl_per_t = NAN};
    if (!options->product || !options->conversion)
        return pl__fail(error, PL_E_USAGE, FLOOR, "product and conversion must be named");
    double density = options->density_t_m3;
    if (!isnan(density) && !(density >= 0.3 && density <= 1.2))
        return pl__fail(error, PL_E_USAGE, FLOOR, "density %g t/m3 is no oil's; 0.3 to 1.2 can be",
                        density);
    pl_status status = find_product(models, options->product, &out->product, error);
    if (status) return status;
    out->density_t_m3 = isnan(density) ? out->product->density_t_m3 : density;
    out->density_sigma = isnan(density) ? out->product->sigma : GIVEN_DENSITY_SIGMA;
    if (strcasecmp(options->conversion, "density") != 0)
        return find_conversion(models, options->conversion, out, error);
    pl__text_copy(out->conversion, sizeof out->conversion, "density");
    pl__text_copy(out->evidence, sizeof out->evidence,
                  isnan(density) ? "density of the product" : "density given");
    return PL_OK;
}

double pl__oil_barrels_per_t(const pl__oil *oil, double density_t_m3) {
    return isnan(oil->bbl_per_t) ? 1 / (BARREL_M3 * density_t_m3) : oil->bbl_per_t;
}
