/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long, how wide and which way is a ship of a few pixels?
 *
 * Her sides are no lines any more, but her light is all there: the blur of the optics moves it and
 * loses none. Each pixel near the blob counts with the share of it that deck would fill. The second
 * moments of these shares give the axis; along it, the length ends where the profile falls to half
 * of its middle; the beam is what the shares amount to over the middle part. The deck's level is
 * the brightest part's: where the beam is under two pixels none shows it in full, and the beam
 * comes out too large. Its sigma says so. Bow, sides and freeboard are not to be had: too_coarse.
 */
#include <math.h>
#include <stdlib.h>

#include "geo/geo.h"
#include "hull/internal.h"

enum { ROUNDS = 4, BINS_A_PX = 4, BINS_MAX = 1024, REACH_PX = 3 };
static const double DECK_QUANTILE = 0.8;  /* of the core's pixels: there it is deck throughout */
static const double CORE_U = 0.35;        /* of the length either way */
static const double LEAST_SHARE = 0.1;    /* of a pixel: below it is water */
static const double GAP_SHARE = 0.6;      /* of the beam */
static const double LEAST_CONTRAST = 5.0; /* of the deck, in the water's sigmas */
static const double LEAST_RATIO = 2.2, MOST_RATIO = 12.0, MOST_BEAM_M = 75.0;
static const double AFLOAT_SHARE = 0.15; /* beside her, of her brightness: what fades is no ship */
static const double LEAFY = 4.0; /* near infrared of any other band, both above the water's */
/* Her water is looked for so far off her side, half and all the way: clear of her blur. */
static const double NEAR_PX = 1.5, MIDDLE_PX = 3.5, FAR_PX = 5.5;
static const double SIDES_SHARE =
    0.3; /* of her contrast: how far one side's water is above both's mean */
static const double LEAST_PX = 6.0; /* long: what is shorter has no shape */
static const double COARSE_M = 2.0,
                    COARSE_BEAM_PX = 10.0; /* of the blob, which the blur widens by two or more */
/* The bow narrows: where her breadth is half, a fortieth of the length is still to come. */
static const double BOW_SHARE = 0.025;
static const double LENGTH_SIGMA = 0.025, LENGTH_SIGMA_PX = 0.7, BEAM_SIGMA = 0.1,
                    BEAM_SIGMA_PX = 0.3, SIDE_PX = 0.3;

typedef struct patch {
    const pl_crop *crop;
    const pl_sea *sea;
    int x0, y0, x1, y1; /* crop pixels, x1 and y1 beyond the last */
    float *share, *scratch;
    double x, y, cos_t, sin_t; /* centre, corner convention, and axis in crop pixels */
    double length_px, beam_px;
} patch;

static double along(const patch *p, int x, int y) {
    return (x + 0.5 - p->x) * p->cos_t + (y + 0.5 - p->y) * p->sin_t;
}

static double across(const patch *p, int x, int y) {
    return (y + 0.5 - p->y) * p->cos_t - (x + 0.5 - p->x) * p->sin_t;
}

static float *share_at(const patch *p, int x, int y) {
    return &p->share[(size_t)(y - p->y0) * (size_t)(p->x1 - p->x0) + (size_t)(x - p->x0)];
}

/* May this pixel be the ship's? Within her box and a few pixels of blur. */
static bool near_ship(const patch *p, int x, int y) {
    return fabs(along(p, x, y)) < 0.5 * p->length_px + REACH_PX &&
           fabs(across(p, x, y)) < 0.5 * p->beam_px + REACH_PX;
}

/* Adds what a band says above its water, in sigmas. */
static void add_band(patch *p, int band, double weight) {
    const float *plane = pl__plane(&p->crop->pixels, band);
    for (int y = p->y0; y < p->y1; y++)
        for (int x = p->x0; x < p->x1; x++)
            *share_at(p, x, y) +=
                (float)(weight / p->sea->sigma[band] *
                        ((double)plane[(size_t)y * (size_t)p->crop->pixels.width + (size_t)x] -
                         pl__hull_sea_level(p->sea, band, x + 0.5, y + 0.5)));
}

/* The near infrared where there is one, since haze and shallows are not in it; else all bands. */
static void mix(patch *p) {
    int bands = p->crop->pixels.bands, infrared = 0;
    for (int band = 0; band < bands; band++) infrared += p->crop->role[band] == PL_BAND_NIR;
    for (int band = 0; band < bands; band++)
        if (!infrared || p->crop->role[band] == PL_BAND_NIR)
            add_band(p, band, 1.0 / (infrared ? infrared : bands));
}

/* Deck throughout. */
static bool in_core(const patch *p, int x, int y) {
    return fabs(along(p, x, y)) < CORE_U * p->length_px &&
           fabs(across(p, x, y)) < pl__max(0.25 * p->beam_px, 0.75);
}

static double deck_level(const patch *p) {
    size_t n = 0;
    for (int y = p->y0; y < p->y1; y++)
        for (int x = p->x0; x < p->x1; x++)
            if (in_core(p, x, y)) p->scratch[n++] = *share_at(p, x, y);
    return pl__image_quantile(p->scratch, n, DECK_QUANTILE);
}

/* How far a band is above its water over the middle of her. */
static double excess(const patch *p, int band) {
    const float *plane = pl__plane(&p->crop->pixels, band);
    size_t n = 0;
    for (int y = p->y0; y < p->y1; y++)
        for (int x = p->x0; x < p->x1; x++)
            if (in_core(p, x, y))
                p->scratch[n++] = plane[(size_t)y * (size_t)p->crop->pixels.width + (size_t)x] -
                                  (float)pl__hull_sea_level(p->sea, band, x + 0.5, y + 0.5);
    return pl__image_quantile(p->scratch, n, 0.5);
}

/* Leaves send the near infrared back and swallow the rest: an islet, mangroves. No paint does. */
static bool is_leafy(const patch *p) {
    const pl_crop *crop = p->crop;
    double infrared = -INFINITY, light = -INFINITY;
    for (int band = 0; band < crop->pixels.bands; band++) {
        pl_band_role role = crop->role[band];
        if (role == PL_BAND_NIR)
            infrared = pl__max(infrared, excess(p, band));
        else if (role == PL_BAND_RED || role == PL_BAND_GREEN)
            light = pl__max(light, excess(p, band));
    }
    return isfinite(light) && infrared > LEAFY * pl__max(light, 0);
}

/* The median of a long side's water, in sigmas; NAN where nothing of it is to be seen. */
static double beside(const patch *p, int side) {
    size_t n = 0;
    const unsigned char *stood = p->crop->stood;
    for (int y = p->y0; y < p->y1; y++) {
        for (int x = p->x0; x < p->x1; x++) {
            double w = side * across(p, x, y) - 0.5 * p->beam_px;
            if (fabs(along(p, x, y)) > CORE_U * p->length_px || w < NEAR_PX || w > FAR_PX) continue;
            if (stood && stood[(size_t)y * (size_t)p->crop->pixels.width + (size_t)x]) continue;
            p->scratch[n++] = *share_at(p, x, y);
        }
    }
    return pl__image_quantile(p->scratch, n, 0.5);
}

/* Haze, shallows and wakes lift the water here above that of its tile, on one side more than on the
 * other: what is seen on both sides is taken off, and between them what lies on the straight line.
 * @return false where that is no water: a quay's side is as bright as the ship. */
static bool take_off_water(patch *p, double deck) {
    double left = beside(p, -1), right = beside(p, +1), reach = 0.5 * p->beam_px + MIDDLE_PX;
    if (isnan(left) || isnan(right)) return true; /* her quay stood there before */
    double middle = 0.5 * (left + right);
    if (pl__max(left, right) - middle > SIDES_SHARE * (deck - middle)) return false;
    for (int y = p->y0; y < p->y1; y++) {
        for (int x = p->x0; x < p->x1; x++) {
            double t = pl__clamp(across(p, x, y) / reach, -1, 1);
            *share_at(p, x, y) -= (float)(middle + 0.5 * t * (right - left));
        }
    }
    return true;
}

/* From sigmas to shares of a pixel. @return false when nothing stands out. */
static bool to_shares(patch *p) {
    size_t all = (size_t)(p->x1 - p->x0) * (size_t)(p->y1 - p->y0);
    if (!take_off_water(p, deck_level(p))) return false;
    double deck = deck_level(p);
    if (!(deck > LEAST_CONTRAST)) return false;
    for (size_t k = 0; k < all; k++) {
        double share = (double)p->share[k] / deck;
        if (isfinite(share)) share = share < LEAST_SHARE ? 0 : pl__min(share, 1.0);
        p->share[k] = (float)share; /* NAN: the picture ends here; turn() refuses it near her */
    }
    return true;
}

/* Centre and axis by the moments of the shares. @return false when nothing is left. */
static bool turn(patch *p) {
    double m0 = 0, mx = 0, my = 0, xx = 0, xy = 0, yy = 0;
    for (int y = p->y0; y < p->y1; y++) {
        for (int x = p->x0; x < p->x1; x++) {
            if (!near_ship(p, x, y)) continue;
            double q = (double)*share_at(p, x, y), dx = x + 0.5 - p->x, dy = y + 0.5 - p->y;
            m0 += q;
            mx += q * dx;
            my += q * dy;
            xx += q * dx * dx;
            xy += q * dx * dy;
            yy += q * dy * dy;
        }
    }
    if (!(m0 > 0)) return false;
    mx /= m0;
    my /= m0;
    double angle = 0.5 * atan2(2 * (xy / m0 - mx * my), (xx / m0 - mx * mx) - (yy / m0 - my * my));
    p->x += mx;
    p->y += my;
    p->cos_t = cos(angle);
    p->sin_t = sin(angle);
    return true;
}

/* From the middle outward, over gaps no longer than a superstructure's shadow: where does the
 * profile fall to half for good? In bins, corner convention; NAN when not before the profile's end.
 */
static double end_of(const double *bin, int bins, int sign, double middle) {
    double half = 0.5 * middle;
    int last = bins / 2, gap = (int)ceil(GAP_SHARE * middle * BINS_A_PX * BINS_A_PX);
    for (int i = last; i >= 0 && i < bins && abs(i - last) <= gap; i += sign)
        if (bin[i] > half) last = i;
    int next = last + sign;
    if (next < 0 || next >= bins) return NAN;
    return last + 0.5 + sign * (bin[last] - half) / (bin[last] - bin[next] + 1e-9);
}

/* What part of a pixel's square lies before this place along the axis, counted from its middle? So
 * spread, pixels side by side leave no gaps in the profile at any heading. */
static double before(const patch *p, double at) {
    double a = pl__max(0.5 * fabs(p->cos_t), 1e-3), b = pl__max(0.5 * fabs(p->sin_t), 1e-3),
           sum = 0;
    for (int k = 0; k < 4; k++) {
        double from = pl__max(at + (k & 1 ? a : -a) + (k & 2 ? b : -b), 0);
        sum += (k == 0 || k == 3 ? 1 : -1) * from * from;
    }
    return sum / (8 * a * b);
}

/* Length and beam by the profile along the axis. @return false when it has no two ends. */
static bool measure(patch *p) {
    double bin[BINS_MAX] = {0}, reach = 0.5 * p->length_px + REACH_PX;
    int bins = (int)ceil(2 * reach * BINS_A_PX);
    if (bins > BINS_MAX) return false;
    for (int y = p->y0; y < p->y1; y++) {
        for (int x = p->x0; x < p->x1; x++) {
            if (!near_ship(p, x, y)) continue;
            double at = along(p, x, y) + reach, q = (double)*share_at(p, x, y);
            int from = (int)pl__max(floor((at - 1) * BINS_A_PX), 0),
                to = (int)pl__min(ceil((at + 1) * BINS_A_PX), bins);
            for (int i = from; i < to; i++)
                bin[i] += q * (before(p, (double)(i + 1) / BINS_A_PX - at) -
                               before(p, (double)i / BINS_A_PX - at));
        }
    }
    size_t n = 0;
    for (int i = 0; i < bins; i++)
        if (fabs((i + 0.5) / BINS_A_PX - reach) < CORE_U * p->length_px)
            p->scratch[n++] = (float)bin[i];
    double middle = pl__image_quantile(p->scratch, n, 0.5); /* deck pixels across, per bin */
    if (!(middle > 0)) return false;
    double low = end_of(bin, bins, -1, middle), high = end_of(bin, bins, +1, middle);
    if (!(low < high)) return false; /* NAN too */
    double from = low / BINS_A_PX - reach, to = high / BINS_A_PX - reach;
    p->x += 0.5 * (from + to) * p->cos_t;
    p->y += 0.5 * (from + to) * p->sin_t;
    p->length_px = to - from;
    p->beam_px = middle * BINS_A_PX;
    return true;
}

/* Takes out what stood there before: the quay that she lies at. */
static void take_out(patch *p) {
    const unsigned char *stood = p->crop->stood;
    for (int y = p->y0; y < p->y1; y++)
        for (int x = p->x0; x < p->x1; x++)
            if (stood[(size_t)y * (size_t)p->crop->pixels.width + (size_t)x])
                *share_at(p, x, y) = 0;
}

/* Is there water along both long sides, two to three pixels off? */
static bool afloat(const patch *p) {
    int water[2] = {0}, all[2] = {0};
    for (int y = p->y0; y < p->y1; y++) {
        for (int x = p->x0; x < p->x1; x++) {
            double w = across(p, x, y), off = fabs(w) - 0.5 * p->beam_px;
            if (fabs(along(p, x, y)) > CORE_U * p->length_px || off < 1.5 || off > 3.0) continue;
            all[w > 0]++;
            water[w > 0] += (double)*share_at(p, x, y) < AFLOAT_SHARE;
        }
    }
    return water[0] > 0.8 * all[0] && water[1] > 0.8 * all[1];
}

static void describe(const patch *p, const pl_candidate *c, pl_hull *out) {
    const pl_crop *crop = p->crop;
    const double *m = crop->frame.metres;
    double east = (m[0] * p->cos_t + m[1] * p->sin_t) * crop->step,
           north = (m[2] * p->cos_t + m[3] * p->sin_t) * crop->step;
    double metre = hypot(east, north); /* of a pixel, along */
    out->heading_rad = fmod(pl__geo_wrap(atan2(east, north)), PL_PI);
    out->length_m.value = (1 + BOW_SHARE) * p->length_px * metre;
    out->beam_m.value = p->beam_px * metre;
    out->length_m.sigma = hypot(LENGTH_SIGMA_PX * metre, LENGTH_SIGMA * out->length_m.value);
    out->beam_m.sigma = hypot(BEAM_SIGMA_PX * metre, BEAM_SIGMA * out->beam_m.value);
    out->heading_sigma_rad = SIDE_PX / p->length_px;
    out->x_px = crop->x_px + p->x * crop->step;
    out->y_px = crop->y_px + p->y * crop->step;
    static const double CORNER[5][2] = {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}, {-1, -1}};
    out->outline_count = 5;
    for (int k = 0; k < 5; k++) {
        double u = 0.5 * p->length_px * CORNER[k][0], w = 0.5 * p->beam_px * CORNER[k][1];
        out->outline_px[k][0] = crop->x_px + (p->x + u * p->cos_t - w * p->sin_t) * crop->step;
        out->outline_px[k][1] = crop->y_px + (p->y + u * p->sin_t + w * p->cos_t) * crop->step;
    }
    out->false_alarms = c->false_alarms;
    out->reasons = PL_BIT(PL_TOO_COARSE) | PL_BIT(PL_BOW_UNCERTAIN);
}

/* Her quay is to one side; where it begins is known to a pixel. */
static void lie_alongside(const patch *p, const pl_candidate *c, pl_hull *out) {
    bool turned = fabs(pl__geo_turn(out->heading_rad, c->axis_rad)) > PL_PI / 2;
    out->touched[(c->touch > 0) != turned] = true;
    out->reasons |= PL_BIT(PL_ALONGSIDE);
    out->beam_m.sigma = hypot(out->beam_m.sigma, p->crop->frame.pixel_m * p->crop->step);
}

bool pl__hull_is_coarse(double beam_m, double pixel_m) {
    return pixel_m >= COARSE_M && beam_m < COARSE_BEAM_PX * pixel_m;
}

pl_status pl__hull_coarse(const pl_crop *search, const pl_sea *sea, const pl_candidate *c,
                          const pl_hull_options *options, pl_arena *arena, pl_hull *out,
                          pl_error *error) {
    double step_m = search->frame.pixel_m * search->step;
    const double *q = search->frame.pixels;
    double ux = (q[0] * sin(c->axis_rad) + q[1] * cos(c->axis_rad)) / search->step,
           uy = (q[2] * sin(c->axis_rad) + q[3] * cos(c->axis_rad)) / search->step;
    patch p = {.crop = search,
               .sea = sea,
               .x = (c->x_px - search->x_px) / search->step,
               .y = (c->y_px - search->y_px) / search->step,
               .cos_t = ux / hypot(ux, uy),
               .sin_t = uy / hypot(ux, uy),
               .length_px = c->length_m / step_m,
               .beam_px = c->beam_m / step_m};
    *out = (pl_hull){.tanker_probability = NAN, .ship_probability = NAN};
    for (int k = 0; k < PL_EVIDENCE_COUNT; k++) out->evidence[k] = NAN;
    int reach = (int)ceil(0.6 * p.length_px) + 2 * REACH_PX;
    p.x0 = (int)pl__max(p.x - reach, 0);
    p.y0 = (int)pl__max(p.y - reach, 0);
    p.x1 = (int)pl__min(p.x + reach + 1, search->pixels.width);
    p.y1 = (int)pl__min(p.y + reach + 1, search->pixels.height);
    if (p.x1 <= p.x0 || p.y1 <= p.y0) return PL_REFUSED;
    size_t count = (size_t)(p.x1 - p.x0) * (size_t)(p.y1 - p.y0) + BINS_MAX;
    p.share = pl__arena_array(arena, count, sizeof *p.share);
    p.scratch = pl__arena_array(arena, count, sizeof *p.scratch);
    if (!p.share || !p.scratch) return pl__fail_memory(error, "hull");
    mix(&p);
    if (!to_shares(&p)) return pl__fail(error, PL_REFUSED, "hull", "too faint");
    if (c->parted && search->stood) take_out(&p);
    for (int round = 0; round < ROUNDS; round++)
        if (!turn(&p) || !measure(&p)) return pl__fail(error, PL_REFUSED, "hull", "no two ends");
    if (c->parted) p.beam_px += pl__hull_before_margin(search); /* taken out with the quay */
    describe(&p, c, out);
    if (c->parted) lie_alongside(&p, c, out);
    double ratio = out->length_m.value / out->beam_m.value;
    if (out->length_m.value < options->min_length_m ||
        out->length_m.value > options->max_length_m || ratio < LEAST_RATIO || ratio > MOST_RATIO ||
        out->beam_m.value > MOST_BEAM_M || !afloat(&p) || p.length_px < LEAST_PX)
        return pl__fail(error, PL_REFUSED, "hull", "not of a ship's proportions, or not afloat");
    if (is_leafy(&p)) return pl__fail(error, PL_REFUSED, "hull", "leaves");
    return PL_OK;
}
