/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands on this deck?
 *
 * The deck between its ends and sides is laid on a grid, in units of its own median above the
 * water, and its middle half is looked at, where every kind of ship carries her cargo: bow and
 * stern need not be known. Evidence is what an analyst would name:
 *
 * - centre_line: does a line (catwalk, pipe rack) run along the middle through three quarters of
 *   the cargo deck? Its contrast with what lies on both sides, of the deck's scatter; logarithm.
 * - cross_bars: how much of what varies along the deck's middle varies over its whole width at
 *   once, as gaps between hatches and stacks do; a share.
 * - shade: the darkest tenth of the deck, of its median. Open holds are dark, and the shadows of
 *   hatches and stacks.
 * - piping: fine detail in the middle that is neither along nor across, against that on the side
 *   decks; logarithm of the ratio.
 * - length_per_beam. */
#include <math.h>

#include "hull/strip.h"

enum { ALONG = 192, ACROSS = 48, FROM = 50, TO = 142, ROWS = TO - FROM, SMOOTH = 5 };
enum { LINE_CELLS = 3, LINE_REACH = 8 }; /* how wide a line may be, how far off the middle */
static const double MIDDLE = 0.24;       /* of the beam, from the axis */
static const double PIPES = 0.20, PLATES_FROM = 0.28, PLATES_TO = 0.40;
static const double DECK = 0.38, EDGE = 0.42;        /* within: deck, without gunwale and water */
static const double LEAST_BEAM_PX = 8.0;             /* below, a catwalk is no line any more */
static const double DARKEST = -0.2, BRIGHTEST = 3.0; /* of the median: beyond lies glint */

static const char *const NAME[PL_EVIDENCE_COUNT] = {
    [PL_CENTRE_LINE] = "centre_line",
    [PL_CROSS_BARS] = "cross_bars",
    [PL_SHADE] = "shade",
    [PL_PIPING] = "piping",
    [PL_LENGTH_PER_BEAM] = "length_per_beam",
};

const char *pl_evidence_name(pl_evidence kind) {
    return (unsigned)kind < PL_EVIDENCE_COUNT ? NAME[kind] : NULL;
}

typedef struct grid {
    float at[ROWS][ACROSS];
    float scratch[ROWS * ACROSS];
} grid;

static double place(int column) {
    return (column + 0.5) / ACROSS - 0.5;
}

/* The cargo deck on the grid: means of 3 x 3 points a cell. @return false where the picture ends.
 */
static bool lay(const pl_strip *s, const pl_side_line side[2], const pl_ends *end, grid *g) {
    double length = end->high_u - end->low_u;
    for (int row = 0; row < ROWS; row++) {
        for (int column = 0; column < ACROSS; column++) {
            double sum = 0;
            for (int k = 0; k < 9; k++) {
                double u = end->low_u + (FROM + row + (k / 3 + 0.5) / 3) / ALONG * length;
                double middle = 0.5 * (side[0].a + side[1].a + (side[0].b + side[1].b) * u);
                double beam = side[1].a - side[0].a + (side[1].b - side[0].b) * u;
                double w = middle + ((column + (k % 3 + 0.5) / 3) / ACROSS - 0.5) * beam;
                sum += (double)pl__image_linear(s->image.data, s->image.width, s->image.height,
                                                (u - s->u0_m) / s->pixel_m,
                                                (w - s->w0_m) / s->pixel_m);
            }
            if (!isfinite(sum)) return false;
            g->at[row][column] = (float)(sum / 9 - s->water);
        }
    }
    return true;
}

/* Cells whose distance from the axis lies in [from, to) of the beam, into the scratch. */
static size_t gather(grid *g, double from, double to) {
    size_t n = 0;
    for (int row = 0; row < ROWS; row++)
        for (int column = 0; column < ACROSS; column++)
            if (fabs(place(column)) >= from && fabs(place(column)) < to)
                g->scratch[n++] = g->at[row][column];
    return n;
}

/* In units of the deck's median. @return false when the deck is no brighter than water. */
static bool normalise(grid *g) {
    double median = pl__image_quantile(g->scratch, gather(g, 0, DECK), 0.5);
    if (!(median > 0)) return false;
    for (int row = 0; row < ROWS; row++)
        for (int column = 0; column < ACROSS; column++)
            g->at[row][column] =
                (float)pl__clamp((double)g->at[row][column] / median, DARKEST, BRIGHTEST);
    return true;
}

/* Mean of a row's cells whose distance from the axis lies in [from, to). */
static double row_mean(const grid *g, int row, double from, double to) {
    double sum = 0;
    int n = 0;
    for (int column = 0; column < ACROSS; column++) {
        if (fabs(place(column)) < from || fabs(place(column)) >= to) continue;
        sum += (double)g->at[row][column];
        n++;
    }
    return sum / n;
}

static double variance(const double *values, int count) {
    double mean = 0, sum = 0;
    for (int k = 0; k < count; k++) mean += values[k] / count;
    for (int k = 0; k < count; k++) sum += (values[k] - mean) * (values[k] - mean);
    return sum / count;
}

/* Mean of the cells [low, high) of a row, smoothed along. */
static double cells_mean(const grid *g, int row, int low, int high) {
    double sum = 0;
    for (int k = 0; k < SMOOTH; k++)
        for (int column = low; column < high; column++) sum += (double)g->at[row + k][column];
    return sum / (SMOOTH * (high - low));
}

/* The contrast with both neighbours that a strip of `cells` from `low` on has over three quarters
 * of the length, brighter (+1) or darker (-1) than they. */
static double contrast(grid *g, int low, int cells, int sign) {
    size_t n = 0;
    int beside = 1 + cells / 2, high = low + cells;
    for (int row = 0; row + SMOOTH <= ROWS; row++) {
        double line = cells_mean(g, row, low, high);
        double left = sign * (line - cells_mean(g, row, low - cells - beside, low - 1));
        double right = sign * (line - cells_mean(g, row, high + 1, high + cells + beside));
        g->scratch[n++] = (float)pl__min(left, right);
    }
    return pl__image_quantile(g->scratch, n, 0.25);
}

static double centre_line(grid *g) {
    double median, scatter, best = 0;
    pl__image_median_mad(g->scratch, gather(g, 0, 0.5), &median, &scatter);
    for (int cells = 1; cells <= LINE_CELLS; cells++)
        for (int low = ACROSS / 2 - LINE_REACH; low < ACROSS / 2 + LINE_REACH; low++)
            for (int sign = -1; sign <= 1; sign += 2)
                best = pl__max(best, contrast(g, low, cells, sign));
    return log(0.1 + best / (scatter / 1.4826 + 0.03));
}

static double cross_bars(const grid *g) {
    double middle[ROWS], column[ROWS], all = 0;
    int columns = 0;
    for (int row = 0; row < ROWS; row++) middle[row] = row_mean(g, row, 0, MIDDLE);
    for (int k = 0; k < ACROSS; k++) {
        if (fabs(place(k)) >= MIDDLE) continue;
        for (int row = 0; row < ROWS; row++) column[row] = (double)g->at[row][k];
        all += variance(column, ROWS);
        columns++;
    }
    return variance(middle, ROWS) / (all / columns + 1e-4);
}

/* Median |difference over two rows| beyond what the whole row differs by: neither a line along nor
 * a bar across counts. */
static double detail(grid *g, double from, double to) {
    size_t n = 0;
    for (int row = 0; row + 2 < ROWS; row++) {
        double across = row_mean(g, row + 2, from, to) - row_mean(g, row, from, to);
        for (int column = 0; column < ACROSS; column++)
            if (fabs(place(column)) >= from && fabs(place(column)) < to)
                g->scratch[n++] = (float)fabs((double)g->at[row + 2][column] -
                                              (double)g->at[row][column] - across);
    }
    return pl__image_quantile(g->scratch, n, 0.5);
}

bool pl__hull_evidence(const pl_strip *s, const pl_side_line side[2], const pl_ends *end,
                       pl_arena *arena, double out[PL_EVIDENCE_COUNT]) {
    grid *g = pl__arena_alloc(arena, sizeof *g);
    for (int k = 0; k < PL_EVIDENCE_COUNT; k++) out[k] = NAN;
    if (!g) return false;
    double beam = side[1].a - side[0].a;
    if (beam < LEAST_BEAM_PX * s->pixel_m || !lay(s, side, end, g) || !normalise(g)) return true;
    out[PL_CENTRE_LINE] = centre_line(g);
    out[PL_CROSS_BARS] = cross_bars(g);
    out[PL_SHADE] = pl__image_quantile(g->scratch, gather(g, 0, EDGE), 0.1);
    out[PL_PIPING] = log((0.02 + detail(g, 0, PIPES)) / (0.02 + detail(g, PLATES_FROM, PLATES_TO)));
    out[PL_LENGTH_PER_BEAM] = (end->high_u - end->low_u) / beam;
    return true;
}
