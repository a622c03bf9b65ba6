/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom has a store seen, when, and where was looked in vain? Its hulls as observations, its scenes
 * as coverage.
 *
 * The columns hold most of an observation; cues and error budget are in a hull's record. A store
 * may be anybody's: it is opened to read, what is no number is unknown, words that mean nothing are
 * the cautious ones (a status that is none is a refusal), and what a row says of itself never
 * decides more than that row.
 *
 * A picture that was changed and could then not be measured keeps the rows of its former state:
 * they are marked (outdated). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/geo.h"
#include "plimsoll/review.h"
#include "results/store.h"

/* ---- columns by name ---- */

/* Wanted of a hull's row; where they lie is looked up once. */
typedef enum column {
    HULL_ID,
    OF_SCENE,
    ACQUIRED,
    PLATFORM,
    GSD,
    SUN_AZIMUTH,
    SUN_ELEVATION,
    VIEW_AZIMUTH,
    VIEW_INCIDENCE,
    SUN_SIGMA,
    VIEW_AZIMUTH_SIGMA,
    VIEW_INCIDENCE_SIGMA,
    PORT,
    LON,
    LAT,
    HEADING,
    HEADING_SIGMA,
    BOW_CERTAIN,
    LENGTH,
    LENGTH_SIGMA,
    BEAM,
    BEAM_SIGMA,
    VESSEL_CLASS,
    TANKER,
    VESSEL_NAME,
    VESSEL_IMO,
    VESSEL_SOURCE,
    FINGERPRINT,
    STATUS,
    REASONS,
    FREEBOARD,
    FREEBOARD_SIGMA,
    TRIM,
    TRIM_SIGMA,
    DRAFT,
    DRAFT_SIGMA,
    DEPTH,
    DEPTH_SIGMA,
    DEPTH_SOURCE,
    DWT,
    DWT_SIGMA,
    DISPLACEMENT,
    DISPLACEMENT_SIGMA,
    DISPLACEMENT_SOURCE,
    WATER,
    WATER_SIGMA,
    LOAD_STATE,
    P_BALLAST,
    P_PART,
    P_LADEN,
    P_DEEP,
    FRACTION_P05,
    FRACTION_P50,
    FRACTION_P95,
    CARGO_P05,
    CARGO_P50,
    CARGO_P95,
    OIL_P05,
    OIL_P50,
    OIL_P95,
    PRODUCT,
    CONVERSION,
    EVIDENCE,
    RECORD,
    COLUMNS
} column;

static const char *const NAMES[COLUMNS] = {
    "hull_id",
    "scene_id",
    "acquired",
    "platform",
    "gsd_m",
    "sun_azimuth_deg",
    "sun_elevation_deg",
    "view_azimuth_deg",
    "view_incidence_deg",
    "sun_sigma_deg",
    "view_azimuth_sigma_deg",
    "view_incidence_sigma_deg",
    "port",
    "lon",
    "lat",
    "heading_deg",
    "heading_sigma_deg",
    "bow_certain",
    "length_m",
    "length_sigma_m",
    "beam_m",
    "beam_sigma_m",
    "vessel_class",
    "tanker_probability",
    "vessel_name",
    "vessel_imo",
    "vessel_source",
    "fingerprint",
    "status",
    "reasons",
    "freeboard_m",
    "freeboard_sigma_m",
    "trim_m",
    "trim_sigma_m",
    "draft_m",
    "draft_sigma_m",
    "depth_m",
    "depth_sigma_m",
    "depth_source",
    "dwt_t",
    "dwt_sigma_t",
    "displacement_t",
    "displacement_sigma_t",
    "displacement_source",
    "water_density_t_m3",
    "water_density_sigma_t_m3",
    "load_state",
    "p_ballast",
    "p_part",
    "p_laden",
    "p_deep_loaded",
    "load_fraction_p05",
    "load_fraction_p50",
    "load_fraction_p95",
    "cargo_t_p05",
    "cargo_t_p50",
    "cargo_t_p95",
    "oil_bbl_p05",
    "oil_bbl_p50",
    "oil_bbl_p95",
    "product",
    "conversion",
    "conversion_evidence",
    "record",
};

/* One row, and where its columns lie; -1 nowhere. */
typedef struct row {
    const pl_value *value;
    const int *place;
} row;

static const char *text_at(const row *r, column c) {
    const char *text = r->place[c] < 0 ? NULL : r->value[r->place[c]].text;
    return text ? text : "";
}

static double real_at(const row *r, column c) {
    double value = r->place[c] < 0 ? (double)NAN : r->value[r->place[c]].real;
    return isfinite(value) ? value : (double)NAN;
}

static double angle_at(const row *r, column c) {
    return real_at(r, c) * PL_RAD_PER_DEG;
}

static pl_quantity quantity_at(const row *r, column value, column sigma) {
    return (pl_quantity){real_at(r, value), real_at(r, sigma)};
}

static pl_range range_at(const row *r, column p05, column p50, column p95) {
    return (pl_range){real_at(r, p05), real_at(r, p50), real_at(r, p95)};
}

#define COPY(member, text) pl__text_copy(member, sizeof(member), text)

/* ---- words ---- */

static double time_of(const char *text) {
    double utc_s;
    return text && pl__geo_time_parse(text, &utc_s) ? utc_s : (double)NAN;
}

static pl_reasons reasons_of(const char *text) {
    pl_reasons reasons = 0;
    for (const char *word = text; *word;) {
        size_t length = strcspn(word, " ");
        for (int i = 0; i < PL_REASON_COUNT; i++) {
            const char *code = pl_reason_code((pl_reason)i);
            if (strlen(code) == length && strncmp(code, word, length) == 0) reasons |= PL_BIT(i);
        }
        word += length + strspn(word + length, " ");
    }
    return reasons;
}

static int digit_of(char c) {
    static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(DIGITS, c) : NULL;
    return at ? (int)(at - DIGITS) : -1;
}

/* @return false unless it is base64 of just so many bytes. */
static bool unpack(const char *text, int8_t *out, size_t size) {
    size_t used = 0, length = strlen(text);
    if (length != (size + 2) / 3 * 4) return false;
    for (size_t i = 0; i < length; i += 4) {
        unsigned block = 0;
        for (size_t k = 0; k < 4; k++) {
            bool pad = text[i + k] == '=' && used + k > size;
            int digit = pad ? 0 : digit_of(text[i + k]);
            if (digit < 0) return false;
            block = block << 6 | (unsigned)digit;
        }
        for (int k = 16; k >= 0 && used < size; k -= 8) {
            unsigned char byte = (unsigned char)(block >> k & 255);
            memcpy(&out[used++], &byte, 1);
        }
    }
    return true;
}

/* ---- a hull ---- */

static void take_load(const row *r, pl_observation *o) {
    pl_load *load = &o->load;
    const char *by = text_at(r, DISPLACEMENT_SOURCE);
    o->has_load = *text_at(r, LOAD_STATE) && isfinite(real_at(r, DRAFT));
    load->status = o->has_load ? o->status : PL_REFUSED;
    load->reasons = o->reasons;
    load->depth_m = quantity_at(r, DEPTH, DEPTH_SIGMA);
    load->draft_m = quantity_at(r, DRAFT, DRAFT_SIGMA);
    load->summer_draft_m = (pl_quantity){NAN, NAN}; /* no column has it */
    load->dwt_t = quantity_at(r, DWT, DWT_SIGMA);
    load->displacement_t = quantity_at(r, DISPLACEMENT, DISPLACEMENT_SIGMA);
    load->water_density_t_m3 = quantity_at(r, WATER, WATER_SIGMA);
    load->depth_known = strcmp(text_at(r, DEPTH_SOURCE), "registry") == 0;
    for (int k = 0; pl_displacement_source_name((pl_displacement_source)k); k++)
        if (strcmp(by, pl_displacement_source_name((pl_displacement_source)k)) == 0)
            load->displacement_by = (pl_displacement_source)k;
    for (int k = PL_BALLAST; k <= PL_LADEN; k++)
        if (strcmp(text_at(r, LOAD_STATE), pl_load_state_name((pl_load_state)k)) == 0)
            load->state = (pl_load_state)k;
    load->p_deep = real_at(r, P_DEEP);
    load->p_state[PL_BALLAST] = real_at(r, P_BALLAST);
    load->p_state[PL_PART] = real_at(r, P_PART);
    load->p_state[PL_LADEN] = real_at(r, P_LADEN);
    load->load_fraction = range_at(r, FRACTION_P05, FRACTION_P50, FRACTION_P95);
    load->cargo_t = range_at(r, CARGO_P05, CARGO_P50, CARGO_P95);
    load->oil_bbl = range_at(r, OIL_P05, OIL_P50, OIL_P95);
    COPY(load->product, text_at(r, PRODUCT));
    COPY(load->conversion, text_at(r, CONVERSION));
    COPY(load->conversion_evidence, text_at(r, EVIDENCE));
}

static void take_cue(const pl_json *node, pl_observation *o) {
    const char *side = pl__json_string(pl__json_get(node, "side"));
    const char *kind = pl__json_string(pl__json_get(node, "kind"));
    double stations = pl__json_number(pl__json_get(node, "stations"));
    if (!side || !kind || o->cue_count == PL_CUES_MAX) return;
    o->cue[o->cue_count++] =
        (pl_cue){.side = strcmp(side, "port") == 0 ? PL_PORT_SIDE : PL_STARBOARD_SIDE,
                 .kind = strcmp(kind, "dark_band") == 0 ? PL_CUE_DARK_BAND : PL_CUE_LIT_WALL,
                 .width_m = {pl__json_number(pl__json_get(node, "width_m")),
                             pl__json_number(pl__json_get(node, "width_sigma_m"))},
                 .per_metre = pl__json_number(pl__json_get(node, "per_metre")),
                 .freeboard_m = {pl__json_number(pl__json_get(node, "freeboard_m")),
                                 pl__json_number(pl__json_get(node, "sigma_m"))},
                 .stations = stations >= 0 && stations < 1e6 ? (int)stations : 0,
                 .chi2 = pl__json_number(pl__json_get(node, "chi2"))};
}

/* What no column has. A record that is none leaves them unknown. */
static void take_record(const char *text, pl_observation *o) {
    pl_json *record = pl__json_parse(text, strlen(text), "record", NULL);
    const pl_json *properties = pl__json_get(record, "properties");
    const pl_json *budget = pl__json_get(properties, "error_budget");
    const pl_json *cues = pl__json_get(properties, "cues");
    for (int i = 0; i < PL_BUDGET_COUNT; i++)
        o->budget_m[i] = pl__json_number(pl__json_get(budget, pl_budget_name((pl_budget_term)i)));
    for (size_t i = 0; i < pl__json_size(cues) && i < PL_CUES_MAX; i++)
        take_cue(pl__json_at(cues, i), o);
    pl__json_free(record);
}

static void take_sight(const row *r, pl_sight *out) {
    *out = (pl_sight){.sun_azimuth_rad = angle_at(r, SUN_AZIMUTH),
                      .sun_elevation_rad = angle_at(r, SUN_ELEVATION),
                      .view_azimuth_rad = angle_at(r, VIEW_AZIMUTH),
                      .view_incidence_rad = angle_at(r, VIEW_INCIDENCE),
                      .sun_sigma_rad = angle_at(r, SUN_SIGMA),
                      .view_azimuth_sigma_rad = angle_at(r, VIEW_AZIMUTH_SIGMA),
                      .view_incidence_sigma_rad = angle_at(r, VIEW_INCIDENCE_SIGMA)};
}

static pl_status status_of(const char *word, const pl_quantity *freeboard_m) {
    bool number = isfinite(freeboard_m->value) && freeboard_m->sigma > 0;
    return !number                         ? PL_REFUSED
           : strcmp(word, "measured") == 0 ? PL_OK
           : strcmp(word, "dubious") == 0  ? PL_DUBIOUS
                                           : PL_REFUSED;
}

static void take_hull(const row *r, pl_observation *o) {
    const char *status = text_at(r, STATUS), *class = text_at(r, VESSEL_CLASS);
    memset(o, 0, sizeof *o);
    COPY(o->hull_id, text_at(r, HULL_ID));
    COPY(o->scene_id, text_at(r, OF_SCENE));
    COPY(o->port, text_at(r, PORT));
    COPY(o->platform, text_at(r, PLATFORM));
    COPY(o->vessel_name, text_at(r, VESSEL_NAME));
    COPY(o->vessel_imo, text_at(r, VESSEL_IMO));
    COPY(o->vessel_source, text_at(r, VESSEL_SOURCE));
    o->acquired_s = time_of(text_at(r, ACQUIRED));
    o->gsd_m = real_at(r, GSD);
    take_sight(r, &o->sight);
    o->lon_deg = real_at(r, LON);
    o->lat_deg = real_at(r, LAT);
    o->heading_rad = angle_at(r, HEADING);
    o->heading_sigma_rad = angle_at(r, HEADING_SIGMA);
    o->bow_certain = r->value[r->place[BOW_CERTAIN]].integer == 1;
    o->length_m = quantity_at(r, LENGTH, LENGTH_SIGMA);
    o->beam_m = quantity_at(r, BEAM, BEAM_SIGMA);
    o->has_fingerprint = unpack(text_at(r, FINGERPRINT), o->fingerprint, sizeof o->fingerprint);
    o->vessel_class = strcmp(class, "tanker") == 0  ? PL_CLASS_TANKER
                      : strcmp(class, "other") == 0 ? PL_CLASS_OTHER
                                                    : PL_CLASS_UNKNOWN;
    o->tanker_probability = real_at(r, TANKER);
    o->reasons = reasons_of(text_at(r, REASONS));
    o->freeboard_m = quantity_at(r, FREEBOARD, FREEBOARD_SIGMA);
    o->has_freeboard = *status;
    o->status = status_of(status, &o->freeboard_m);
    o->trim_m = quantity_at(r, TRIM, TRIM_SIGMA);
    take_record(text_at(r, RECORD), o);
    take_load(r, o);
}

/* ---- a review of it ---- */

static bool find_columns(const pl_layer_form *form, int place[COLUMNS]) {
    bool all = true;
    for (int c = 0; c < COLUMNS; c++) {
        place[c] = -1;
        for (int i = 0; i < form->count; i++)
            if (strcmp(form->fields[i].name, NAMES[c]) == 0) place[c] = i;
        all = all && place[c] >= 0;
    }
    return all;
}

/* The reviewed values take the place of the machine's; what a correction does not speak of (size,
 * place, trim) stays. */
static void take_correction(const pl_value *values, pl_observation *o) {
    pl_field fields[PL__REVIEW_FIELDS_MAX];
    pl_layer_form form = pl__store_review_form(fields);
    int place[COLUMNS];
    row r = {values, place};
    find_columns(&form, place);
    o->freeboard_m = quantity_at(&r, FREEBOARD, FREEBOARD_SIGMA);
    o->has_freeboard = true;
    o->status = status_of(text_at(&r, STATUS), &o->freeboard_m);
    o->reasons = reasons_of(text_at(&r, REASONS));
    o->cue_count = 0;
    take_record(text_at(&r, RECORD), o);
    take_load(&r, o);
}

/* @return false: the hull is not to be used. */
static bool take_review(const pl_kept_row *review, pl_observation *o) {
    const pl_value *v = review->values;
    for (int k = PL_REVIEW_ACCEPT; k <= PL_REVIEW_CORRECT; k++)
        if (pl__store_same(v[REVIEW_VERDICT].text, pl_review_verdict_name((pl_review_verdict)k)))
            o->reviewed = (pl_review_verdict)k;
    COPY(o->reviewer, v[REVIEW_ANALYST].text ? v[REVIEW_ANALYST].text : "");
    if (o->reviewed == PL_REVIEW_CORRECT) take_correction(v, o);
    return o->reviewed != PL_REVIEW_REJECT;
}

/* ---- all of them ---- */

typedef struct reading {
    const char *port; /* NULL: of all */
    int place[COLUMNS];
    int hulls_room, scenes_room;
    char **file; /* of each scene; NULL unknown */
    pl_kept_rows reviews;
    pl_sightings *out;
    bool failed; /* out of memory */
} reading;

static bool wanted(const reading *r, const char *port) {
    return !r->port || pl__store_same(r->port, port ? port : "");
}

static bool grow(void **list, int *room, int count, size_t size) {
    if (count < *room) return true;
    int more = 2 * *room + 16;
    void *grown = realloc(*list, (size_t)more * size);
    if (!grown) return false;
    *list = grown;
    *room = more;
    return true;
}

static bool keep_scene(void *context, const pl_value *values, const unsigned char *wkb,
                       size_t size) {
    reading *r = context;
    pl_sightings *out = r->out;
    int room = r->scenes_room;
    (void)wkb;
    (void)size;
    if (!wanted(r, values[SCENE_PORT].text)) return true;
    void *coverage = out->coverage, *file = r->file;
    r->failed = !grow(&coverage, &room, out->coverage_count, sizeof *out->coverage);
    out->coverage = coverage;
    r->failed = r->failed || !grow(&file, &r->scenes_room, out->coverage_count, sizeof *r->file);
    r->file = file;
    if (r->failed) return false;
    const char *name = values[SCENE_FILE].text;
    r->file[out->coverage_count] = name ? strdup(name) : NULL;
    r->failed = name && !r->file[out->coverage_count];
    pl__store_take_scene(values, &out->coverage[out->coverage_count++]);
    return !r->failed;
}

static bool keep_failure(void *context, const pl_value *values, const unsigned char *wkb,
                         size_t size) {
    reading *r = context;
    (void)wkb;
    (void)size;
    if (!pl__store_same(values[JOURNAL_STATUS].text, "failed")) return true;
    r->out->failures++;
    for (int i = 0; i < r->out->coverage_count; i++)
        if (pl__store_same(r->file[i], values[JOURNAL_FILE].text))
            r->out->coverage[i].outdated = true;
    return true;
}

static bool keep_hull(void *context, const pl_value *values, const unsigned char *wkb,
                      size_t size) {
    reading *r = context;
    pl_sightings *out = r->out;
    row here = {values, r->place};
    (void)wkb;
    (void)size;
    if (!wanted(r, text_at(&here, PORT))) return true;
    void *observation = out->observation;
    r->failed = !grow(&observation, &r->hulls_room, out->count, sizeof *out->observation);
    out->observation = observation;
    if (r->failed) return false;
    pl_observation *o = &out->observation[out->count++];
    bool stale;
    take_hull(&here, o);
    const pl_kept_row *review =
        pl__store_review_of(&r->reviews, o->hull_id, text_at(&here, RECORD), &stale);
    out->stale_reviews += stale;
    if (review && !take_review(review, o)) {
        out->rejected++;
        out->count--;
        return true;
    }
    out->accepted += o->reviewed == PL_REVIEW_ACCEPT;
    out->corrected += o->reviewed == PL_REVIEW_CORRECT;
    return true;
}

/* Unknown times last. */
static int by_time(double a, double b) {
    if (isnan(a) || isnan(b)) return isnan(a) - isnan(b);
    return (a > b) - (a < b);
}

static int earlier_hull(const void *a, const void *b) {
    const pl_observation *x = a, *y = b;
    int order = by_time(x->acquired_s, y->acquired_s);
    return order ? order : strcmp(x->hull_id, y->hull_id);
}

static int earlier_scene(const void *a, const void *b) {
    const pl_coverage *x = a, *y = b;
    int order = by_time(x->acquired_s, y->acquired_s);
    return order ? order : strcmp(x->scene_id, y->scene_id);
}

static int scene_named(const void *id, const void *coverage) {
    return strcmp(id, ((const pl_coverage *)coverage)->scene_id);
}

/* The scenes are in the order of their ids, as they were read. */
static void mark_outdated(pl_sightings *out) {
    for (int i = 0; i < out->count && out->coverage_count > 0; i++) {
        pl_observation *o = &out->observation[i];
        const pl_coverage *of = bsearch(o->scene_id, out->coverage, (size_t)out->coverage_count,
                                        sizeof *of, scene_named);
        if (!of || !of->outdated) continue;
        o->reasons |= PL_BIT(PL_OUTDATED);
        if (o->status == PL_OK) o->status = PL_DUBIOUS;
    }
}

static int scene_order(const void *a, const void *b) {
    return strcmp(((const pl_coverage *)a)->scene_id, ((const pl_coverage *)b)->scene_id);
}

static pl_status read_all(pl_vector_file *file, reading *r, pl_error *error) {
    pl_field fields[PL__CELLS_MAX + 1];
    pl_layer_form hulls = pl__store_hulls(fields);
    const pl_layer_form *scenes = &PL__STORE_SCENES, *journal = &PL__STORE_JOURNAL;
    if (!find_columns(&hulls, r->place))
        return pl__fail(error, PL_E_INTERNAL, "results", "a column of a hull is not in the schema");
    pl_status status = pl__store_read_reviews(file, &r->reviews, error);
    if (status != PL_OK) return status;
    status = pl__vector_find(file, scenes->name, scenes->fields, scenes->count, NULL, NULL,
                             keep_scene, r, error);
    if (status == PL_OK && !r->failed)
        status = pl__vector_find(file, journal->name, journal->fields, journal->count, NULL, NULL,
                                 keep_failure, r, error);
    if (status == PL_OK && !r->failed)
        status =
            pl__vector_find(file, hulls.name, fields, hulls.count, NULL, NULL, keep_hull, r, error);
    if (status == PL_OK && r->failed) status = pl__fail_memory(error, "results");
    return status;
}

void pl_sightings_free(pl_sightings *sightings) {
    free(sightings->observation);
    free(sightings->coverage);
    *sightings = (pl_sightings){0};
}

pl_status pl_store_sightings(const char *name, const char *port, pl_sightings *out,
                             pl_error *error) {
    reading r = {.port = port, .out = out};
    pl_vector_file *file = NULL;
    *out = (pl_sightings){0};
    pl_status status = pl__store_open_other(name, &file, error);
    if (status == PL_OK) status = read_all(file, &r, error);
    pl__vector_close(file, NULL);
    pl__store_drop_rows(&r.reviews);
    for (int i = 0; r.file && i < out->coverage_count; i++) free(r.file[i]);
    free(r.file);
    if (status != PL_OK) {
        pl_sightings_free(out);
        return status;
    }
    if (out->coverage_count > 0) {
        qsort(out->coverage, (size_t)out->coverage_count, sizeof *out->coverage, scene_order);
        mark_outdated(out);
        qsort(out->coverage, (size_t)out->coverage_count, sizeof *out->coverage, earlier_scene);
    }
    if (out->count > 0)
        qsort(out->observation, (size_t)out->count, sizeof *out->observation, earlier_hull);
    return PL_OK;
}

/* ---- one hull, as it was measured ---- */

bool pl__store_take_hull(const pl_value *values, pl_observation *out, const char **record) {
    pl_field fields[PL__CELLS_MAX + 1];
    pl_layer_form hulls = pl__store_hulls(fields);
    int place[COLUMNS];
    row here = {values, place};
    if (!find_columns(&hulls, place)) return false;
    take_hull(&here, out);
    *record = text_at(&here, RECORD);
    return true;
}
