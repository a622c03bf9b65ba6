/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rational polynomials came with a picture?
 *
 * GDAL gathers them into its metadata domain "RPC": from a GeoTIFF's RPCCoefficientTag, NITF's
 * RPC00A and RPC00B (A's terms put into B's order), .RPB, _RPC.TXT, _rpc.txt, .rpc and DIMAP's
 * RPC_*.XML. There lines and samples count from the centre of the first pixel as (0, 0): DIMAP,
 * which calls it (1, 1), has lost its 1 by then (docs/method/raw-pictures.md;
 * tests/io/test_rpc.c). The numbers are read strictly here: GDAL's own reader takes a word for
 * nought. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_conv.h>
#include <cpl_string.h>

#include "io/gdal.h"

enum { TERMS = 20 };

/* "+003577.86 pixels": the unit is the key's own. @return what follows the number, NULL: none. */
static const char *take_number(const char *text, double *out) {
    char *end = NULL;
    *out = CPLStrtod(text, &end);
    return end == text ? NULL : end;
}

static bool take_one(CSLConstList items, const char *key, double *out) {
    const char *text = CSLFetchNameValue(items, key);
    return text && take_number(text, out);
}

static bool take_terms(CSLConstList items, const char *key, double out[TERMS]) {
    const char *text = CSLFetchNameValue(items, key);
    for (int i = 0; i < TERMS; i++) {
        text = text ? take_number(text, &out[i]) : NULL;
        if (!text) return false;
    }
    return text[strspn(text, " \t\r\n")] == '\0';
}

static void read_items(CSLConstList items, pl_rpc *rpc, char *fault, size_t size) {
    const struct {
        const char *key;
        double *one, *terms;
    } row[] = {
        {"LINE_OFF", &rpc->line_off, NULL},        {"SAMP_OFF", &rpc->sample_off, NULL},
        {"LAT_OFF", &rpc->lat_off_deg, NULL},      {"LONG_OFF", &rpc->lon_off_deg, NULL},
        {"HEIGHT_OFF", &rpc->height_off_m, NULL},  {"LINE_SCALE", &rpc->line_scale, NULL},
        {"SAMP_SCALE", &rpc->sample_scale, NULL},  {"LAT_SCALE", &rpc->lat_scale_deg, NULL},
        {"LONG_SCALE", &rpc->lon_scale_deg, NULL}, {"HEIGHT_SCALE", &rpc->height_scale_m, NULL},
        {"LINE_NUM_COEFF", NULL, rpc->line_num},   {"LINE_DEN_COEFF", NULL, rpc->line_den},
        {"SAMP_NUM_COEFF", NULL, rpc->sample_num}, {"SAMP_DEN_COEFF", NULL, rpc->sample_den},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        bool fine = row[i].one ? take_one(items, row[i].key, row[i].one)
                               : take_terms(items, row[i].key, row[i].terms);
        if (fine) continue;
        snprintf(fault, size, "%s is missing or no number", row[i].key);
        return;
    }
    const char *words = pl__geo_rpc_fault(rpc);
    pl__text_copy(fault, size, words ? words : "");
}

void pl__gdal_rpc(GDALDatasetH dataset, pl_raster_info *info) {
    CSLConstList items = GDALGetMetadata(dataset, "RPC");
    info->gcps = GDALGetGCPCount(dataset);
    info->has_rpc = CSLCount(items) > 0;
    if (info->has_rpc) read_items(items, &info->rpc, info->rpc_fault, sizeof info->rpc_fault);
}
