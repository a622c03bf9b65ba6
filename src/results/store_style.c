/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How does a GIS paint the store when somebody opens it?
 *
 * QGIS looks for a table layer_styles and takes the default style of a layer from it: QML, its own
 * XML. Hulls are painted by load state, the paler the less sure their freeboard is, hatched where
 * the number is doubted, grey where there is none; scenes as outlines, for an empty one is a result
 * too. A second style of the hulls, to be chosen, has classes of sigma. A style that somebody keeps
 * there himself is his: ours are added only where there is none. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/store.h"

typedef struct paint {
    const char *label, *filter;
    unsigned fill, line; /* RRGGBB */
    int fill_alpha;      /* 0: not filled */
    const char *brush, *pen;
    double pen_mm;
    bool fades; /* with the freeboard's sigma */
} paint;

/* Colours that those who confuse red and green can tell apart (Okabe and Ito, 2008). */
enum { ORANGE = 0xE69F00, SKY = 0x56B4E9, BLUE = 0x0072B2, GREY = 0x999999, BLACK = 0x202020 };

static const paint HULLS[] = {
    {"laden", "\"status\" = 'measured' AND \"load_state\" = 'laden'", BLUE, BLACK, 200, "solid",
     "solid", 0.3, true},
    {"part laden", "\"status\" = 'measured' AND \"load_state\" = 'part'", SKY, BLACK, 200, "solid",
     "solid", 0.3, true},
    {"in ballast", "\"status\" = 'measured' AND \"load_state\" = 'ballast'", ORANGE, BLACK, 200,
     "solid", "solid", 0.3, true},
    {"laden, doubted", "\"status\" = 'dubious' AND \"load_state\" = 'laden'", BLUE, BLUE, 255,
     "b_diagonal", "dash", 0.4, false},
    {"part laden, doubted", "\"status\" = 'dubious' AND \"load_state\" = 'part'", SKY, SKY, 255,
     "b_diagonal", "dash", 0.4, false},
    {"in ballast, doubted", "\"status\" = 'dubious' AND \"load_state\" = 'ballast'", ORANGE, ORANGE,
     255, "b_diagonal", "dash", 0.4, false},
    {"freeboard only", "\"status\" IN ('measured', 'dubious') AND \"load_state\" IS NULL", GREY,
     BLACK, 120, "solid", "dash", 0.3, false},
    {"refused", "\"status\" = 'refused'", GREY, GREY, 255, "cross", "dot", 0.4, false},
    {"found, not measured", "\"status\" IS NULL", GREY, BLACK, 0, "no", "solid", 0.3, false},
};
/* From sure to unsure, each lighter than the one before also in print (ColorBrewer YlGnBu). 0.15 m
 * is what --model-sigma alone leaves of a usual hull, 0.35 m the least that is ever called too
 * large. */
static const paint SIGMAS[] = {
    {"sigma up to 0.20 m", "\"freeboard_sigma_m\" <= 0.2", 0x253494, BLACK, 230, "solid", "solid",
     0.3, false},
    {"0.20 to 0.35 m", "\"freeboard_sigma_m\" > 0.2 AND \"freeboard_sigma_m\" <= 0.35", 0x2C7FB8,
     BLACK, 230, "solid", "solid", 0.3, false},
    {"0.35 to 0.7 m", "\"freeboard_sigma_m\" > 0.35 AND \"freeboard_sigma_m\" <= 0.7", 0x7FCDBB,
     BLACK, 230, "solid", "solid", 0.3, false},
    {"over 0.7 m", "\"freeboard_sigma_m\" > 0.7", 0xFFFFCC, BLACK, 230, "solid", "solid", 0.3,
     false},
    {"no freeboard", "\"freeboard_sigma_m\" IS NULL", GREY, GREY, 255, "cross", "dot", 0.4, false},
};
static const paint SCENES[] = {
    {"searched, ships found", "\"hulls\" > 0", BLACK, BLACK, 0, "no", "solid", 0.4, false},
    {"searched, nothing found", "\"hulls\" = 0", GREY, GREY, 0, "no", "dash", 0.4, false},
};
static const paint VISITS[] = {
    {"loading", "\"status\" = 'measured' AND \"direction\" = 'loading'", BLUE, BLACK, 200, "solid",
     "solid", 0.3, false},
    {"discharging", "\"status\" = 'measured' AND \"direction\" = 'discharging'", ORANGE, BLACK, 200,
     "solid", "solid", 0.3, false},
    {"loading, doubted", "\"status\" = 'dubious' AND \"direction\" = 'loading'", BLUE, BLUE, 255,
     "b_diagonal", "dash", 0.4, false},
    {"discharging, doubted", "\"status\" = 'dubious' AND \"direction\" = 'discharging'", ORANGE,
     ORANGE, 255, "b_diagonal", "dash", 0.4, false},
    {"cargo not known, or nothing moved", "ELSE", GREY, BLACK, 120, "solid", "dash", 0.3, false},
};

typedef struct style {
    const char *layer, *name;
    bool usual; /* else to be chosen */
    const paint *paints;
    int count;
    bool yields;       /* labels go where there is room, if there is; else on the middle */
    const char *label; /* an expression of QGIS */
    const char *time;  /* a field, NULL none */
} style;

/* Name; freeboard and sigma; load state and how probable it is. */
#define HULL_LABEL                                                                                 \
    "concat(coalesce(\"vessel_name\" || '\\n', ''), if(\"freeboard_m\" IS NULL, \"status\", "      \
    "concat(format_number(\"freeboard_m\", 1), ' ± ', format_number(\"freeboard_sigma_m\", 1), "  \
    "' m', if(\"status\" = 'dubious', ' (dubious)', ''))), "                                       \
    "if(\"load_state\" IS NULL, '', concat('\\n', \"load_state\", ' ', "                           \
    "round(100 * max(\"p_ballast\", \"p_part\", \"p_laden\")), ' %')))"

static const style STYLES[] = {
    {"hulls", "plimsoll", true, HULLS, sizeof HULLS / sizeof *HULLS, false, HULL_LABEL, "acquired"},
    {"hulls", "plimsoll sigma", false, SIGMAS, sizeof SIGMAS / sizeof *SIGMAS, false, HULL_LABEL,
     "acquired"},
    {"scenes", "plimsoll", true, SCENES, sizeof SCENES / sizeof *SCENES, true,
     "concat(\"scene_id\", ' ', left(to_string(\"acquired\"), 10))", "acquired"},
    {"visits", "plimsoll", true, VISITS, sizeof VISITS / sizeof *VISITS, false,
     "concat(coalesce(\"vessel_name\" || '\\n', ''), if(\"transfer_bbl_p50\" IS NULL, 'cargo not "
     "known', concat(format_number(\"transfer_bbl_p50\", 0), ' bbl', if(\"status\" = 'dubious', ' "
     "(dubious)', ''))))",
     "first_seen"},
};

/* ---- QML ---- */

static void put_escaped(pl_text *t, const char *words) {
    for (; *words; words++) {
        const char *as = *words == '&'   ? "&amp;"
                         : *words == '<' ? "&lt;"
                         : *words == '>' ? "&gt;"
                         : *words == '"' ? "&quot;"
                                         : NULL;
        if (as)
            pl__results_print(t, "%s", as);
        else
            pl__results_print(t, "%c", *words);
    }
}

static void put_colour(pl_text *t, const char *key, unsigned rgb, int alpha) {
    pl__results_print(t, "<prop k=\"%s\" v=\"%u,%u,%u,%d\"/>", key, rgb >> 16, rgb >> 8 & 255u,
                      rgb & 255u, alpha);
}

static void put_rule(pl_text *t, const paint *p, const char *layer, int index) {
    pl__results_print(t, "<rule key=\"%s-%d\" symbol=\"%d\" label=\"", layer, index, index);
    put_escaped(t, p->label);
    pl__results_print(t, "\" filter=\"");
    put_escaped(t, p->filter);
    pl__results_print(t, "\"/>");
}

/* Full at 0.15 m, a quarter at 0.6 m and beyond: QGIS works it out a hull. */
static void put_fading(pl_text *t, const paint *p) {
    pl__results_print(
        t,
        "<data_defined_properties><Option type=\"Map\"><Option name=\"name\" type=\"QString\" "
        "value=\"\"/><Option name=\"properties\" type=\"Map\"><Option name=\"fillColor\" "
        "type=\"Map\"><Option name=\"active\" type=\"bool\" value=\"true\"/><Option "
        "name=\"expression\" type=\"QString\" value=\"color_rgba(%u, %u, %u, "
        "scale_linear(coalesce(&quot;freeboard_sigma_m&quot;, 9), 0.15, 0.6, 235, 60))\"/><Option "
        "name=\"type\" type=\"int\" value=\"3\"/></Option></Option><Option name=\"type\" "
        "type=\"QString\" value=\"collection\"/></Option></data_defined_properties>",
        p->fill >> 16, p->fill >> 8 & 255u, p->fill & 255u);
}

static void put_symbol(pl_text *t, const paint *p, int index) {
    pl__results_print(t,
                      "<symbol type=\"fill\" name=\"%d\" alpha=\"1\" force_rhr=\"0\" "
                      "clip_to_extent=\"1\"><layer class=\"SimpleFill\" enabled=\"1\" "
                      "locked=\"0\" pass=\"0\">",
                      index);
    put_colour(t, "color", p->fill, p->fill_alpha);
    put_colour(t, "outline_color", p->line, 255);
    pl__results_print(t,
                      "<prop k=\"style\" v=\"%s\"/><prop k=\"outline_style\" v=\"%s\"/>"
                      "<prop k=\"outline_width\" v=\"%g\"/><prop k=\"outline_width_unit\" "
                      "v=\"MM\"/><prop k=\"joinstyle\" v=\"bevel\"/>",
                      p->brush, p->pen, p->pen_mm);
    if (p->fades) put_fading(t, p);
    pl__results_print(t, "</layer></symbol>");
}

/* Nothing is an obstacle: a searched area would keep the labels of all hulls in it away. */
static char *qml(const style *s) {
    pl_text t = {0};
    pl__results_print(&t,
                      "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis "
                      "version=\"3.22\" styleCategories=\"Symbology|Labeling|Temporal\" "
                      "labelsEnabled=\"1\">\n<renderer-v2 type=\"RuleRenderer\" "
                      "symbollevels=\"0\" enableorderby=\"0\" forceraster=\"0\"><rules "
                      "key=\"%s\">",
                      s->layer);
    for (int i = 0; i < s->count; i++) put_rule(&t, &s->paints[i], s->layer, i);
    pl__results_print(&t, "</rules><symbols>");
    for (int i = 0; i < s->count; i++) put_symbol(&t, &s->paints[i], i);
    pl__results_print(&t, "</symbols></renderer-v2>\n<labeling type=\"simple\"><settings "
                          "calloutType=\"simple\"><text-style fieldName=\"");
    put_escaped(&t, s->label);
    pl__results_print(
        &t,
        "\" isExpression=\"1\" fontFamily=\"Sans\" fontSize=\"8\" "
        "fontSizeUnit=\"Point\" fontWeight=\"50\" textColor=\"32,32,32,255\" textOpacity=\"1\">"
        "<text-buffer bufferDraw=\"1\" bufferSize=\"0.8\" bufferSizeUnits=\"MM\" "
        "bufferColor=\"255,255,255,220\" bufferOpacity=\"1\"/></text-style>"
        "<placement placement=\"%d\" dist=\"1\" distUnits=\"MM\" priority=\"%d\"/><rendering "
        "scaleVisibility=\"1\" scaleMin=\"1\" scaleMax=\"100000\" "
        "drawLabels=\"1\" obstacle=\"0\"/></settings></labeling>\n",
        s->yields ? 4 : 1, s->yields ? 0 : 10);
    if (s->time)
        pl__results_print(&t,
                          "<temporal enabled=\"0\" mode=\"1\" startField=\"%s\" "
                          "endField=\"\" durationField=\"\" startExpression=\"\" "
                          "endExpression=\"\" accumulate=\"0\" limitMode=\"0\" "
                          "fixedDuration=\"1\" durationUnit=\"d\"/>\n",
                          s->time);
    pl__results_print(&t, "<layerGeometryType>2</layerGeometryType>\n</qgis>\n");
    return pl__results_text_take(&t);
}

/* ---- the table, as QGIS makes it ---- */

static const pl_field GEOPACKAGE[] = {
    {"f_table_catalog", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"f_table_schema", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"f_table_name", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"f_geometry_column", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"styleName", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"styleQML", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"styleSLD", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"useAsDefault", PL_FIELD_TRUTH, PL_INDEX_NONE},
    {"description", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"owner", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"ui", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"update_time", PL_FIELD_TIME, PL_INDEX_NONE},
};
/* QGIS does not quote them, and PostgreSQL makes small letters of what is not quoted. */
static const pl_field POSTGRES[] = {
    {"f_table_catalog", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"f_table_schema", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"f_table_name", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"f_geometry_column", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"stylename", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"styleqml", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"stylesld", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"useasdefault", PL_FIELD_TRUTH, PL_INDEX_NONE},
    {"description", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"owner", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"ui", PL_FIELD_TEXT, PL_INDEX_NONE},
    {"update_time", PL_FIELD_TIME, PL_INDEX_NONE},
};
enum { STYLE_NAME = 4, STYLE_FIELDS = sizeof GEOPACKAGE / sizeof *GEOPACKAGE };

typedef struct look_out {
    const style *style;
    bool there;
} look_out;

/* Any default of the layer, and for one to be chosen one of its name. */
static bool note_style(void *context, const pl_value *values, const unsigned char *wkb,
                       size_t size) {
    look_out *l = context;
    (void)wkb;
    (void)size;
    l->there = l->style->usual || pl__store_same(values[STYLE_NAME].text, l->style->name);
    return !l->there;
}

static pl_status write_style(pl_vector_file *file, const pl_layer_form *form, const style *s,
                             pl_error *error) {
    char catalog[128], schema[128];
    look_out l = {s, false};
    pl_match match = {"f_table_name", s->layer};
    pl_status status = pl__vector_place(file, catalog, schema, sizeof catalog, error);
    if (status == PL_OK)
        status = pl__vector_find(file, form->name, form->fields, form->count, &match, NULL,
                                 note_style, &l, error);
    if (status != PL_OK || l.there) return status;
    char *text = qml(s);
    if (!text) return pl__fail_memory(error, "results");
    pl_value values[STYLE_FIELDS] = {
        {.text = catalog},
        {.text = schema},
        {.text = s->layer},
        {.text = "geom"},
        {.text = s->name},
        {.text = text},
        {.text = ""},
        {.real = s->usual, .integer = s->usual},
        {.text = "plimsoll"},
        {.text = ""},
        {.text = NULL},
        {.text = "2024-01-01T00:00:00.000Z"}, /* older than any that somebody makes */
    };
    status = pl__vector_add(file, form->name, form->fields, values, STYLE_FIELDS, NULL, error);
    free(text);
    return status;
}

pl_status pl__store_write_styles(pl_vector_file *file, pl_error *error) {
    pl_layer_form form = {"layer_styles", false,
                          pl__vector_is_postgres(file) ? POSTGRES : GEOPACKAGE, STYLE_FIELDS};
    pl_status status = pl__vector_layer(file, &form, error);
    for (size_t i = 0; i < sizeof STYLES / sizeof *STYLES && status == PL_OK; i++)
        status = write_style(file, &form, &STYLES[i], error);
    return status;
}
