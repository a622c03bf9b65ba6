/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What do AIS tables say of the hulls of one picture, and what does the picture say of them?
 *
 * The tables come from strangers as the picture does, and are read where it is read. What is not
 * within reach of the picture is passed over. Ships are paired with hulls before anything is
 * measured, so that the particulars of one that a registry knows can be used; what a crew typed as
 * draught is compared with what was measured, and changes nothing of it. */
#include "run/ais.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "geo/geo.h"
#include "image/image.h"
#include "io/io.h"
#include "run/vessel.h"
#include "scene/scene.h"

static const double MARGIN_M = 20000.0, REACH_MOST_M = 200000.0;
/* Orthorectified products are placed to 5 m or so (CE90 10 m), raw ones with an RPC to twice that;
 * the deck is drawn where it leans to, by a freeboard that is not known yet. */
static const double PICTURE_M = 8.0, RAW_M = 15.0, LEAN_M = 5.0;
/* Of all hulls on the water: never taken for rarer than one a square kilometre. Where one place was
 * looked at and not an area, a hull is as likely as that one is there. */
static const double FEWEST_PER_M2 = 1e-6, POINTED_PER_M2 = 1e-5;
static const double SURE_UNSEEN = 0.95, SHARP_M = 60.0, BLIND_SHARE = 0.1, ANOTHER_M = 40.0;
static const double BAD_TOLD = 0.01;
/* Of what is taken for open water, so much may differ from its middle by so many times the noise.
 */
static const double OUT_SHARE = 0.02, STANDS_OUT = 8.0, LEAST_NOISE = 0.004;
enum { LOOKS_MOST = 8 }; /* each takes as long as a search of a window */

/* ---- the window ---- */

static bool is_placed(const pl_scene_info *info) {
    /* a sun that is not where it should be tells of local time taken for UTC */
    const pl_reasons unplaced = PL_BIT(PL_NO_GEOREFERENCE) | PL_BIT(PL_GEOREFERENCE_CONTRADICTED) |
                                PL_BIT(PL_SUN_CONTRADICTED);
    return isfinite(info->acquired_s) && isfinite(info->centre.lon_deg) &&
           !(info->reasons & unplaced);
}

static pl_status find_window(const pl_scene *scene, const pl_scene_info *info, pl_ais_window *w,
                             pl_error *error) {
    double x = info->width_px, y = info->height_px;
    double corner[4][2] = {{0, 0}, {x, 0}, {x, y}, {0, y}};
    *w = (pl_ais_window){info->acquired_s, info->centre.lon_deg, info->centre.lat_deg, 0.0};
    pl_status status = pl_scene_to_lonlat(scene, 4, corner, error);
    for (int i = 0; i < 4 && status == PL_OK; i++) {
        double east, north;
        pl__ais_metres(w->lon_deg, w->lat_deg, corner[i][0], corner[i][1], &east, &north);
        double away_m = hypot(east, north);
        if (isfinite(away_m)) w->reach_m = pl__max(w->reach_m, away_m);
    }
    w->reach_m = pl__min(w->reach_m + MARGIN_M, REACH_MOST_M);
    return status;
}

/* ---- the prior ---- */

static double area_m2(const pl_port_area *area) {
    double sum = 0, east_a, north_a, east_b, north_b;
    for (int i = 0; i + 1 < area->count; i++) {
        const double *origin = area->lonlat[0], *a = area->lonlat[i], *b = area->lonlat[i + 1];
        pl__ais_metres(origin[0], origin[1], a[0], a[1], &east_a, &north_a);
        pl__ais_metres(origin[0], origin[1], b[0], b[1], &east_b, &north_b);
        sum += east_a * north_b - east_b * north_a;
    }
    return 0.5 * fabs(sum);
}

static pl_ais_prior prior_of(const pl_measure_options *options, const pl_scene_info *info,
                             const pl_hull_list *hulls, const pl_port_area *area) {
    const pl_hull_hint *hint = &options->hint;
    bool pointed = hint->outline_file || isfinite(hint->at_x_px) || isfinite(hint->at_lon_deg);
    double water_m2 = area_m2(area), tilt = tan(info->sight.view_incidence_rad);
    double lean_m = LEAN_M * (isfinite(tilt) ? tilt : 0.5);
    double placed_m = strcmp(info->crs, "RPC") == 0 ? RAW_M : PICTURE_M;
    pl_ais_prior prior = {POINTED_PER_M2, hypot(placed_m, lean_m), options->hull.min_length_m};
    if (!pointed && water_m2 > 0)
        prior.hulls_per_m2 = pl__max(FEWEST_PER_M2, hulls->count / water_m2);
    return prior;
}

/* ---- asking ---- */

static void warn(const pl_ais_heard *heard, pl_scene_info *info) {
    if (heard->used_rows == 0)
        pl__scene_warn(info, "AIS: no position within %.0f h and %.0f km of the picture",
                       PL_AIS_HOURS, heard->window.reach_m / 1000.0);
    if (heard->bad_rows > 0 && (double)heard->bad_rows >= BAD_TOLD * (double)heard->rows)
        pl__scene_warn(info, "AIS: %llu of %llu rows have no readable time, place or MMSI",
                       (unsigned long long)heard->bad_rows, (unsigned long long)heard->rows);
}

static pl_ais_hull hull_of(const pl_hull *h) {
    return (pl_ais_hull){h->outline_count > 0 ? h->lon_deg : (double)NAN,
                         h->lat_deg,
                         h->heading_rad,
                         h->heading_sigma_rad,
                         h->bow_certain,
                         h->length_m,
                         h->beam_m};
}

pl_status pl__run_ais_ask(const pl_scene *scene, const pl_measure_options *options,
                          const pl_hull_list *hulls, const pl_port_area *area, pl_scene_info *info,
                          pl_arena *arena, pl_run_ais *out, pl_error *error) {
    pl_ais_window window;
    *out = (pl_run_ais){.asked = options->ais_count > 0};
    if (!out->asked) return PL_OK;
    out->placed = is_placed(info);
    if (!out->placed) {
        pl__scene_warn(info, "AIS: not asked, the picture has no certain time or place");
        return PL_OK;
    }
    pl_status status = find_window(scene, info, &window, error);
    if (status == PL_OK)
        status = pl__ais_read(options->ais, options->ais_count, &window, arena, &out->heard, error);
    if (status != PL_OK) return status;
    warn(&out->heard, info);
    size_t ships = (size_t)out->heard.count + 1, count = (size_t)hulls->count + 1;
    out->place = pl__arena_array(arena, ships, sizeof *out->place);
    out->unseen = pl__arena_array(arena, ships, sizeof *out->unseen);
    out->answer = pl__arena_array(arena, count, sizeof *out->answer);
    pl_ais_hull *hull = pl__arena_array(arena, count, sizeof *hull);
    if (!out->place || !out->unseen || !out->answer || !hull) return pl__fail_memory(error, "run");
    for (int i = 0; i < out->heard.count; i++) pl__ais_place(&out->heard.track[i], &out->place[i]);
    for (int h = 0; h < hulls->count; h++) hull[h] = hull_of(&hulls->hull[h]);
    pl_ais_prior prior = prior_of(options, info, hulls, area);
    return pl__ais_match(&out->heard, out->place, hull, hulls->count, &prior, arena, out->answer,
                         out->unseen, error);
}

/* ---- rows ---- */

const pl_vessel *pl__run_ais_vessel(const pl_run_ais *ais, const pl_measure_options *options,
                                    int index, const pl_hull *hull) {
    const pl_vessel *vessel = NULL;
    if (!ais->placed || ais->answer[index].status != PL_AIS_MATCHED || !options->registry)
        return NULL;
    const pl_ais_track *t = &ais->heard.track[ais->answer[index].track];
    if (!*t->imo || pl_vessels_find(options->registry, t->imo, &vessel, NULL) != PL_OK) return NULL;
    return vessel && !pl__run_vessel_contradicts(vessel, hull) ? vessel : NULL;
}

static void put_mmsi(uint32_t mmsi, char out[12]) {
    snprintf(out, 12, "%09u", mmsi);
}

void pl__run_ais_take(const pl_run_ais *ais, int index, bool named, pl_result_row *row) {
    static const pl_quantity UNKNOWN = {NAN, NAN};
    pl_ais_link *link = &row->ais;
    *link = (pl_ais_link){.status = ais->asked ? PL_AIS_UNPLACED : PL_AIS_NOT_ASKED,
                          .length_m = NAN,
                          .beam_m = NAN,
                          .speed_m_s = NAN,
                          .gap_s = NAN,
                          .distance_m = NAN,
                          .probability = NAN,
                          .draught_m = UNKNOWN,
                          .draught_excess_m = UNKNOWN};
    if (!ais->placed) return;
    const pl_ais_answer *a = &ais->answer[index];
    link->status = a->status;
    if (a->track < 0) return;
    const pl_ais_track *t = &ais->heard.track[a->track];
    put_mmsi(t->mmsi, link->mmsi);
    link->probability = a->probability;
    link->distance_m = a->distance_m;
    link->gap_s = ais->place[a->track].gap_s;
    pl__text_copy(link->ship_type, sizeof link->ship_type, t->type);
    link->speed_m_s = ais->place[a->track].speed_m_s;
    link->length_m = t->length_m;
    link->beam_m = t->beam_m;
    if (a->status != PL_AIS_MATCHED) return;
    pl__ais_draught(t->draught_m, row->has_load ? row->load.draft_m : UNKNOWN, link);
    if (named) return;
    pl__text_copy(row->vessel_name, sizeof row->vessel_name, t->name);
    pl__text_copy(row->vessel_imo, sizeof row->vessel_imo, t->imo);
    pl__text_copy(row->vessel_source, sizeof row->vessel_source, "AIS");
}

/* ---- ships ---- */

static bool is_searched(const pl_port_area *area, double lon_deg, double lat_deg) {
    bool inside = false;
    for (int i = 0; i + 1 < area->count; i++) {
        const double *a = area->lonlat[i], *b = area->lonlat[i + 1];
        double ax = remainder(a[0] - lon_deg, 360.0), bx = remainder(b[0] - lon_deg, 360.0);
        if ((a[1] > lat_deg) == (b[1] > lat_deg)) continue;
        if (ax + (lat_deg - a[1]) / (b[1] - a[1]) * (bx - ax) > 0) inside = !inside;
    }
    return inside;
}

/* Does nothing stand out from the water there, in one band? The noise is told by what neighbours
 * differ by; a ship, a quay or land differs from the middle by many times that. */
static bool is_even(const float *plane, size_t count, float *work) {
    double middle, spread, noise, none;
    size_t used = 0, pairs = 0, out = 0;
    for (size_t i = 0; i < count; i++)
        if (isfinite(plane[i])) work[used++] = plane[i];
    if (used == 0) return false;
    pl__image_median_mad(work, used, &middle, &spread);
    for (size_t i = 0; i + 1 < count; i++)
        if (isfinite(plane[i]) && isfinite(plane[i + 1])) work[pairs++] = plane[i + 1] - plane[i];
    if (pairs == 0) return false;
    pl__image_median_mad(work, pairs, &none, &noise);
    noise = pl__max(noise / sqrt(2.0), LEAST_NOISE * fabs(middle));
    for (size_t i = 0; i < count; i++)
        out += isfinite(plane[i]) && fabs(plane[i] - middle) > STANDS_OUT * noise ? 1 : 0;
    return (double)out <= OUT_SHARE * (double)used;
}

static pl_status is_open_water(const pl_image *image, bool *open, pl_error *error) {
    size_t count = (size_t)image->width * (size_t)image->height;
    float *work = malloc((count + 1) * sizeof *work);
    if (!work) return pl__fail_memory(error, "run");
    *open = true;
    for (int b = 0; b < image->bands && *open; b++)
        *open = is_even(pl__plane(image, b), count, work);
    free(work);
    return PL_OK;
}

/* Can the picture show a ship at this pixel, all of her; and is there open water instead? */
static pl_status can_show(const pl_scene *scene, const double px[2], double reach_m, bool *shows,
                          bool *open, pl_error *error) {
    const pl_scene_info *info = pl_scene_describe(scene);
    double reach = reach_m / info->gsd_m;
    pl_crop crop;
    *shows = px[0] >= reach && px[1] >= reach && px[0] <= info->width_px - reach &&
             px[1] <= info->height_px - reach;
    *open = false;
    if (!*shows) return PL_OK;
    pl_arena *working = pl_arena_new(0);
    if (!working) return pl__fail_memory(error, "run");
    pl_status status =
        pl_scene_crop(scene, px[0] - reach, px[1] - reach, px[0] + reach, px[1] + reach,
                      pl__max(1.0, reach / 64), working, &crop, error);
    if (status == PL_OK) {
        size_t count = (size_t)crop.pixels.width * (size_t)crop.pixels.height, blind = 0;
        for (size_t i = 0; i < count; i++) blind += isfinite(crop.pixels.data[i]) ? 0 : 1;
        *shows = (double)blind <= BLIND_SHARE * (double)count;
        status = is_open_water(&crop.pixels, open, error);
    }
    pl_arena_free(working);
    return status;
}

/* Is there a hull after all, that the search has not found? */
static pl_status look_closer(const pl_scene *scene, const pl_measure_options *options,
                             const pl_hull_list *hulls, const double px[2], bool *there,
                             pl_error *error) {
    pl_hull hull;
    double searched[4];
    pl_arena *working = pl_arena_new(0);
    if (!working) return pl__fail_memory(error, "run");
    pl_status status =
        pl_hull_find_at(scene, px[0], px[1], &options->hull, working, &hull, searched, error);
    *there = status == PL_OK;
    for (int h = 0; h < hulls->count && *there; h++) {
        double east, north;
        pl__ais_metres(hull.lon_deg, hull.lat_deg, hulls->hull[h].lon_deg, hulls->hull[h].lat_deg,
                       &east, &north);
        *there = hypot(east, north) > ANOTHER_M; /* else it is one that was found */
    }
    pl_arena_free(working);
    return status < 0 ? status : PL_OK;
}

/* What contradicts a ship is a finding, and said aloud. */
static void warn_unseen(const pl_ais_report *ais, pl_scene_info *info) {
    int count = 0, first = -1;
    for (int i = 0; i < ais->count; i++) {
        if (ais->ship[i].sight != PL_AIS_NOT_SEEN) continue;
        if (count++ == 0) first = i;
    }
    if (count > 0)
        pl__scene_warn(info, "AIS: %d ship%s told where open water is seen: %s (MMSI %s)%s", count,
                       count > 1 ? "s are" : " is", ais->ship[first].name, ais->ship[first].mmsi,
                       count > 1 ? ", ..." : "");
}

/* By the pairs alone: a hull, none, or not sure. */
static pl_ais_sight by_pairs(const pl_run_ais *ais, int ship, int hulls, double least_length_m,
                             int *hull) {
    const pl_ais_track *t = &ais->heard.track[ship];
    *hull = -1;
    if (ais->place[ship].known == PL_AIS_JUMPS) return PL_AIS_LEAPS;
    for (int h = 0; h < hulls; h++) {
        if (ais->answer[h].track != ship) continue;
        *hull = h;
        if (ais->answer[h].status == PL_AIS_MATCHED) return PL_AIS_SEEN;
    }
    if (!(ais->unseen[ship] > SURE_UNSEEN)) return PL_AIS_UNSURE;
    *hull = -1;
    if (t->length_m < least_length_m) return PL_AIS_TOO_SMALL;
    return isnan(t->length_m) ? PL_AIS_UNSURE : PL_AIS_NOT_SEEN;
}

static void describe(const pl_run_ais *ais, int i, pl_ais_ship *s) {
    const pl_ais_track *t = &ais->heard.track[i];
    const pl_ais_place *p = &ais->place[i];
    put_mmsi(t->mmsi, s->mmsi);
    pl__text_copy(s->name, sizeof s->name, t->name);
    pl__text_copy(s->imo, sizeof s->imo, t->imo);
    pl__text_copy(s->ship_type, sizeof s->ship_type, t->type);
    s->lon_deg = p->lon_deg;
    s->lat_deg = p->lat_deg;
    s->sigma_m = p->sigma_m;
    s->speed_m_s = p->speed_m_s;
    s->heading_rad = p->heading_rad;
    s->length_m = t->length_m;
    s->beam_m = t->beam_m;
    s->draught_m = t->draught_m;
    s->gap_s = p->gap_s;
}

/* Where she is in the picture; of a ship that leaps any of the places she told. */
static pl_status find_pixel(const pl_run_ais *ais, int i, const pl_scene *scene, double px[2],
                            bool *inside, pl_error *error) {
    const pl_scene_info *info = pl_scene_describe(scene);
    const pl_ais_track *t = &ais->heard.track[i];
    const pl_ais_place *p = &ais->place[i];
    double place[2 * PL_AIS_NEAREST][2] = {{p->lon_deg, p->lat_deg}};
    size_t count = p->known == PL_AIS_KNOWN;
    if (p->known == PL_AIS_JUMPS)
        for (int k = 0; k < t->earlier + t->later; k++) {
            const pl_ais_message *m = k < t->earlier ? &t->before[k] : &t->after[k - t->earlier];
            place[count][0] = m->lon_deg;
            place[count++][1] = m->lat_deg;
        }
    pl_status status = count > 0 ? pl_scene_to_pixels(scene, count, place, error) : PL_OK;
    *inside = false;
    for (size_t k = 0; k < count && status == PL_OK && !*inside; k++) {
        *inside = place[k][0] >= 0 && place[k][1] >= 0 && place[k][0] <= info->width_px &&
                  place[k][1] <= info->height_px;
        memcpy(px, place[k], sizeof place[k]);
    }
    return status;
}

/* A ship that is none of the hulls: does the picture show her place, and is it empty? Beside a quay
 * a hull may be missed twice. */
static pl_status examine(const pl_scene *scene, const pl_measure_options *options,
                         const pl_hull_list *hulls, const pl_port_area *area,
                         const double middle[2], int *looks, pl_ais_ship *s, pl_error *error) {
    bool shows = is_searched(area, middle[0], middle[1]) && s->sigma_m <= SHARP_M, there = false,
         open = false;
    double px[1][2] = {{middle[0], middle[1]}};
    pl_status status = pl_scene_to_pixels(scene, 1, px, error);
    if (status == PL_OK && shows)
        status = can_show(scene, px[0], 0.5 * s->length_m + 2 * s->sigma_m, &shows, &open, error);
    s->sight = PL_AIS_NOT_LOOKED;
    if (status != PL_OK || !shows || ++*looks > LOOKS_MOST) return status;
    status = look_closer(scene, options, hulls, px[0], &there, error);
    s->sight = there ? PL_AIS_OVERLOOKED : open ? PL_AIS_NOT_SEEN : PL_AIS_UNSURE;
    return status;
}

pl_status pl__run_ais_tell(const pl_run_ais *ais, const pl_scene *scene,
                           const pl_measure_options *options, const pl_hull_list *hulls,
                           const pl_port_area *area, pl_scene_info *info, pl_arena *arena,
                           pl_ais_report *out, pl_error *error) {
    pl_status status = PL_OK;
    int looks = 0;
    *out = (pl_ais_report){.files = options->ais_count};
    for (int i = 0; i < options->ais_count && status == PL_OK; i++) {
        const char *slash = strrchr(options->ais[i], '/');
        pl__text_copy(out->file[i], sizeof out->file[i], slash ? slash + 1 : options->ais[i]);
        if (options->ais_sha256[i])
            pl__text_copy(out->sha256[i], sizeof out->sha256[i], options->ais_sha256[i]);
        else
            status = pl__io_sha256(options->ais[i], out->sha256[i], error);
    }
    if (!ais->placed || status != PL_OK) return status;
    const pl_ais_heard *heard = &ais->heard;
    pl__text_copy(out->publisher, sizeof out->publisher, heard->publisher ? heard->publisher : "");
    out->rows = heard->rows;
    out->bad_rows = heard->bad_rows;
    out->used_rows = heard->used_rows;
    out->heard = heard->count;
    out->ship = pl__arena_array(arena, (size_t)heard->count + 1, sizeof *out->ship);
    if (!out->ship) return pl__fail_memory(error, "run");
    for (int i = 0; i < heard->count && status == PL_OK; i++) {
        double px[2];
        bool inside = false;
        status = find_pixel(ais, i, scene, px, &inside, error);
        if (status != PL_OK || !inside) continue;
        pl_ais_ship *s = &out->ship[out->count++];
        *s = (pl_ais_ship){.hull = -1};
        describe(ais, i, s);
        s->sight = by_pairs(ais, i, hulls->count, options->hull.min_length_m, &s->hull);
        if (s->sight != PL_AIS_NOT_SEEN) continue;
        pl__ais_middle(&heard->track[i], &ais->place[i], px);
        status = examine(scene, options, hulls, area, px, &looks, s, error);
    }
    warn_unseen(out, info);
    return status;
}
