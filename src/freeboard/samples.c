/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which pixels show this side of the hull, and where do they lie?
 *
 * Pixels are not resampled: resampling moves edges and ties neighbours' noise together. Each pixel
 * near the side is placed by the Jacobian of the projection, u metres along the hull and n metres
 * outward from its axis, and added to a bin: blocks of a few metres along, a third of a pixel
 * across. A bin keeps the mean place of its pixels, so that the bins' width costs nothing. A side
 * that is turned against the grid shows its edges at all phases of a pixel. */
#include <math.h>
#include <string.h>

#include "freeboard/internal.h"
#include "geo/geo.h"

static const double BLOCK_M = 3.0, BLOCK_PX = 4.0, BINS_A_PIXEL = 3.0;
/* How far the deck's edge may lie from the outline's: a detected one's as its beam's sigma says,
 * but no farther than a lit wall's share of the beam; a drawn one's as far as hands slip. */
static const double EDGE_BEAM_SHARE = 0.05, HAND_PX = 3.0;
static const double INSIDE_PX = 6.0; /* of deck that is collected within the edge */
static const double BEYOND_PX = 14.0, BEYOND_M = 6.0; /* of water beyond the longest band */

/* More than any tanker shows: a ballasted VLCC has 0.06 L, a small tanker 0.055 L. */
double pl__freeboard_greatest(double length_m) {
    return 0.075 * length_m + 1.0;
}

/* ---- bands ---- */

/* Attenuation against green's in coastal water: blue is taken by yellow matter, red and near
 * infrared by the water itself (Jerlov's coastal types; IOCCG). Each is good to a factor of 1.5. */
double pl__freeboard_attenuation(pl_band_role role) {
    switch (role) {
    case PL_BAND_BLUE:
        return 1.2;
    case PL_BAND_RED:
        return 1.7;
    case PL_BAND_NIR:
        return 6.0;
    case PL_BAND_PAN:
        return 1.2;
    default:
        return 1.0;
    }
}

static bool choose_bands(const pl_crop *chip, const pl_sea *sea, const pl_hull *hull,
                         pl_side_view *v, int band[PL__BANDS]) {
    double x = (hull->x_px - chip->x_px) / chip->step, y = (hull->y_px - chip->y_px) / chip->step;
    v->bands = 0;
    for (int b = 0; b < chip->pixels.bands && v->bands < PL__BANDS; b++) {
        if (chip->role[b] == PL_BAND_ALPHA) continue;
        int k = v->bands++;
        band[k] = b;
        v->sea[k] = pl__hull_sea_level(sea, b, x, y);
        /* no picture is better than a thousandth of its water, or than its own steps */
        v->sea_sigma[k] = pl__max(sea->sigma[b], pl__max(0.001 * fabs(v->sea[k]), 1e-9));
        v->attenuation[k] = pl__freeboard_attenuation(chip->role[b]);
    }
    return v->bands > 0;
}

/* ---- bins ---- */

typedef struct axes { /* chip pixel -> u, n */
    double u0, ux, uy, n0, nx, ny;
} axes;

static axes place(const pl_crop *chip, const pl_hull *hull, double normal_rad) {
    double e0, n0, e, n, hull_e, hull_n;
    double sa = sin(hull->heading_rad), ca = cos(hull->heading_rad);
    double sn = sin(normal_rad), cn = cos(normal_rad);
    const double *m = chip->frame.metres;
    pl__geo_to_metres(&chip->frame, hull->x_px, hull->y_px, &hull_e, &hull_n);
    pl__geo_to_metres(&chip->frame, chip->x_px, chip->y_px, &e0, &n0);
    e = e0 - hull_e;
    n = n0 - hull_n;
    double k = chip->step;
    return (axes){e * sa + n * ca, k * (m[0] * sa + m[2] * ca), k * (m[1] * sa + m[3] * ca),
                  e * sn + n * cn, k * (m[0] * sn + m[2] * cn), k * (m[1] * sn + m[3] * cn)};
}

static void lay_out(pl_side_view *v) {
    double px = v->pixel_m;
    v->edge_within_m = v->edge_is_deck
                           ? HAND_PX * px
                           : px + pl__min(2 * v->beam_sigma_m, EDGE_BEAM_SHARE * v->beam_m);
    double reach = pl__freeboard_greatest(v->length_m) *
                       (pl__max(v->geometry.shadow, 0) + pl__max(-v->geometry.lean, 0)) +
                   BEYOND_M + BEYOND_PX * v->pixel_m;
    double straight = 2 * PL__MID_SHARE * v->length_m;
    int most = (int)(straight / pl__max(BLOCK_M, BLOCK_PX * v->pixel_m));
    v->blocks = most < 1 ? 1 : most > PL__BLOCKS_MAX ? PL__BLOCKS_MAX : most;
    v->block_m = straight / v->blocks;
    v->bin_m = v->pixel_m / BINS_A_PIXEL;
    /* a lit wall's deck edge lies inside the outline by all of the wall */
    double inside =
        INSIDE_PX * v->pixel_m + (v->geometry.shadow > 0 ? 0.04 * v->beam_m : 0.35 * v->beam_m);
    v->n0_m = pl__max(0, v->edge_m - inside);
    v->bins = (int)ceil((v->edge_m + reach - v->n0_m) / v->bin_m);
}

static void add_pixel(pl_side_view *v, const pl_image *image, const int band[], int x, int y,
                      double u, double n) {
    int block = (int)((u + PL__MID_SHARE * v->length_m) / v->block_m);
    int bin = (int)((n - v->n0_m) / v->bin_m);
    if (block < 0 || block >= v->blocks || bin < 0 || bin >= v->bins) return;
    size_t at = (size_t)y * (size_t)image->width + (size_t)x;
    for (int b = 0; b < v->bands; b++)
        if (isnan(pl__plane(image, band[b])[at])) return;
    pl_sample *s = &v->sample[(size_t)block * (size_t)v->bins + (size_t)bin];
    s->u_m += (float)u;
    s->n_m += (float)n;
    s->count += 1;
    for (int b = 0; b < v->bands; b++) s->value[b] += pl__plane(image, band[b])[at];
}

static void collect(pl_side_view *v, const pl_crop *chip, const pl_hull *hull, const int band[]) {
    axes a = place(chip, hull, v->normal_rad);
    const pl_image *image = &chip->pixels;
    double far_u = PL__MID_SHARE * v->length_m, far_n = v->n0_m + v->bins * v->bin_m;
    for (int y = 0; y < image->height; y++) {
        /* the stretch of this row in which -far_u <= u <= far_u and n0 <= n <= far_n */
        double from = 0, to = image->width;
        double u = a.u0 + a.uy * (y + 0.5), n = a.n0 + a.ny * (y + 0.5);
        const double rows[2][4] = {{u, a.ux, -far_u, far_u}, {n, a.nx, v->n0_m, far_n}};
        for (int k = 0; k < 2; k++) {
            double at = rows[k][0], slope = rows[k][1];
            if (fabs(slope) < 1e-9) {
                if (at < rows[k][2] || at > rows[k][3]) to = from;
                continue;
            }
            double p = (rows[k][2] - at) / slope, q = (rows[k][3] - at) / slope;
            from = pl__max(from, pl__min(p, q) - 1);
            to = pl__min(to, pl__max(p, q) + 1);
        }
        for (int x = (int)from; x < to; x++)
            add_pixel(v, image, band, x, y, u + a.ux * (x + 0.5), n + a.nx * (x + 0.5));
    }
    for (int k = 0; k < v->blocks * v->bins; k++) {
        pl_sample *s = &v->sample[k];
        if (!(s->count > 0)) continue;
        s->u_m /= s->count;
        s->n_m /= s->count;
        for (int b = 0; b < v->bands; b++) s->value[b] /= s->count;
    }
}

/* Share of the samples near the deck's edge in which no band is below saturation: one that is not
 * saturated is enough to place the edge. */
static double saturated(const pl_side_view *v, double saturation_dn) {
    double bad = 0, all = 0;
    if (!isfinite(saturation_dn)) return 0;
    for (int k = 0; k < v->blocks * v->bins; k++) {
        const pl_sample *s = &v->sample[k];
        if (!(s->count > 0) || fabs((double)s->n_m - v->edge_m) > 3 * v->pixel_m) continue;
        bool each = true;
        for (int b = 0; b < v->bands; b++) each = each && (double)s->value[b] >= saturation_dn;
        bad += each;
        all += 1;
    }
    return all > 0 ? bad / all : 0;
}

void pl__freeboard_face(const pl_hull *hull, pl_side side, const pl_sight *sight, double pixel_m,
                        pl_side_view *v) {
    *v = (pl_side_view){.side = side,
                        .length_m = hull->length_m.value,
                        .beam_m = hull->beam_m.value,
                        .beam_sigma_m = hull->beam_m.sigma,
                        .heading_sigma_rad = hull->heading_sigma_rad,
                        .bow_certain = hull->bow_certain,
                        .edge_is_deck = hull->given,
                        .pixel_m = pixel_m,
                        .edge_m = 0.5 * hull->beam_m.value};
    v->normal_rad =
        pl__geo_wrap(hull->heading_rad + (side == PL_STARBOARD_SIDE ? PL_PI / 2 : -PL_PI / 2));
    v->geometry = pl_freeboard_geometry(sight, v->normal_rad);
    v->cast_along = cos(sight->sun_azimuth_rad - hull->heading_rad) / tan(sight->sun_elevation_rad);
    v->lean_along =
        tan(sight->view_incidence_rad) * cos(sight->view_azimuth_rad - hull->heading_rad);
    lay_out(v);
}

pl_status pl__freeboard_side(const pl_crop *chip, const pl_hull *hull, const pl_sea *sea,
                             pl_side side, pl_arena *arena, pl_side_view *v, pl_error *error) {
    int band[PL__BANDS];
    pl__freeboard_face(hull, side, &chip->sight, chip->frame.pixel_m * chip->step, v);
    if (!choose_bands(chip, sea, hull, v, band))
        return pl__fail(error, PL_REFUSED, "freeboard", "no band shows water");
    v->sample = pl__arena_array(arena, (size_t)v->blocks * (size_t)v->bins, sizeof *v->sample);
    if (!v->sample) return pl__fail_memory(error, "freeboard");
    collect(v, chip, hull, band);
    v->saturated_share = saturated(v, chip->saturation_dn);
    return PL_OK;
}
