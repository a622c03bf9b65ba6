/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies beside the ship? Quay, jetty, fenders, another ship, a barge, a tug, and foam.
 *
 * None of it heels with her. Berth and neighbour lie to starboard, a barge to port; a tug takes the
 * side that is free, or one by the seed. Sizes are those of small ports: a bunker barge of 30 to 70
 * m, a harbour tug of 26 to 32 m. */
#include <math.h>

#include "synth/synth.h"

static void put(pl_ship *ship, pl_surface surface, double u0, double u1, double w0, double w1,
                double z0, double z1) {
    pl__synth_put(ship, &(pl_box){{pl__min(u0, u1), pl__min(w0, w1), z0},
                                  {pl__max(u0, u1), pl__max(w0, w1), z1},
                                  surface,
                                  true});
}

static double chance(const pl_synth_options *o, uint64_t index) {
    return pl__synth_random(o->seed + 19, index);
}

/* ---- berths ---- */

/* Cylinders between side and berth, drawn as boxes. */
static void fenders(const pl_synth_options *o, double reach_u, pl_ship *ship) {
    enum { COUNT = 9 };
    double side = 0.5 * o->beam_m;
    for (int i = 0; i < COUNT; i++) {
        double u = reach_u * (2.0 * i / (COUNT - 1) - 1);
        put(ship, PL_GEAR, u - 0.7, u + 0.7, side, side + o->berth_gap_m, 0.2,
            pl__min(1.8, o->berth_height_m));
    }
}

static void quay(const pl_synth_options *o, pl_ship *ship) {
    double face = 0.5 * o->beam_m + o->berth_gap_m;
    put(ship, PL_QUAY, -0.8 * o->length_m, 0.8 * o->length_m, face, face + 30, 0,
        o->berth_height_m);
    fenders(o, 0.3 * o->length_m, ship);
}

/* A platform amidships with its loading arms, dolphins fore and aft, walkways between, a trestle
 * to the shore. All but the dolphins stand on piles that are too thin to draw. */
static void jetty(const pl_synth_options *o, pl_ship *ship) {
    double L = o->length_m, face = 0.5 * o->beam_m + o->berth_gap_m, top = o->berth_height_m;
    double half = 0.14 * L, slab = pl__max(0.2, top - 1.2);
    const double dolphin[] = {-0.52, -0.30, 0.30, 0.52};
    put(ship, PL_QUAY, -half, half, face, face + 12, slab, top);
    for (int i = 0; i < 4; i++) {
        double u = dolphin[i] * L;
        put(ship, PL_QUAY, u - 2.5, u + 2.5, face + 1, face + 6, 0, top);
        put(ship, PL_QUAY, u < 0 ? u : half, u < 0 ? -half : u, face + 5, face + 6.2, top - 0.3,
            top);
    }
    for (int i = -1; i <= 1; i++)
        put(ship, PL_GEAR, 4.0 * i - 0.5, 4.0 * i + 0.5, face + 3, face + 4, top, top + 9);
    put(ship, PL_QUAY, half - 6, half, face + 12, face + 80, slab, top);
    fenders(o, 0.9 * half, ship);
}

/* ---- others afloat ---- */

/* Of her own length, beam, freeboard and deck house; the same lines. */
static void neighbour(const pl_synth_options *o, pl_ship *ship) {
    const double gap_m = 3; /* of the fenders between two ships */
    pl_synth_options other = *o;
    other.length_m = o->length_m * (0.7 + 0.35 * chance(o, 0));
    other.beam_m = other.length_m / (5.6 + 1.4 * chance(o, 1));
    other.freeboard_m = other.length_m * (0.015 + 0.035 * chance(o, 2));
    other.trim_m = 0;
    pl_solid *solid = &ship->solid[ship->solids++];
    double end = 0.5 * other.length_m, middle = 0.5 * (o->beam_m + other.beam_m) + gap_m;
    pl__synth_lines(&other, -end, end, 0, 0, solid);
    solid->apart = ship->company = true;
    solid->middle = middle;
    ship->highest = pl__max(ship->highest, solid->highest);
    ship->reach_u = pl__max(ship->reach_u, end);
    ship->reach_w = pl__max(ship->reach_w, middle + 0.5 * other.beam_m);
    put(ship, PL_HOUSE, -0.9 * end, -0.68 * end, middle - 0.4 * other.beam_m,
        middle + 0.4 * other.beam_m, 0, other.freeboard_m + 11);
}

static void barge(const pl_synth_options *o, pl_ship *ship) {
    double length = pl__clamp(0.45 * o->length_m, 25, 70), beam = 0.19 * length;
    double top = 0.6 + 1.4 * chance(o, 3), gap = 0.8;
    double u = (0.3 * chance(o, 4) - 0.15) * o->length_m, w = -0.5 * o->beam_m - gap;
    put(ship, PL_DECK, u - 0.5 * length, u + 0.5 * length, w, w - beam, 0, top);
    put(ship, PL_HOUSE, u - 0.45 * length, u - 0.3 * length, w - 0.2 * beam, w - 0.8 * beam, top,
        top + 4.5);
    put(ship, PL_GEAR, u - 0.2 * length, u + 0.4 * length, w - 0.45 * beam, w - 0.55 * beam, top,
        top + 1);
}

static void add_plume(pl_ship *ship, const pl_plume *plume) {
    if (ship->plumes < PL__PLUMES_MAX) ship->plume[ship->plumes++] = *plume;
}

/* Alongside with her engine ahead, or pushing with the bow against the side; the wash goes astern.
 */
static void tug(const pl_synth_options *o, pl_ship *ship) {
    double length = 26 + 6 * chance(o, 5), beam = 0.34 * length, top = 1.8, gap = 0.5;
    bool berthed = o->quay || o->jetty || o->neighbour;
    double out = berthed || (!o->barge && chance(o, 6) < 0.5) ? -1 : 1; /* to port or starboard */
    double u = (0.6 * chance(o, 7) - 0.3) * o->length_m, w = out * (0.5 * o->beam_m + gap);
    if (chance(o, 8) < 0.5) {
        put(ship, PL_DECK, u - 0.5 * length, u + 0.5 * length, w, w + out * beam, 0, top);
        put(ship, PL_HOUSE, u - 0.1 * length, u + 0.2 * length, w + out * 0.2 * beam,
            w + out * 0.8 * beam, top, top + 7);
        add_plume(
            ship,
            &(pl_plume){
                {u - 0.5 * length, w + out * 0.5 * beam}, {-1, 0}, 0.4 * beam, 0.12, 60, 0.5});
    } else {
        put(ship, PL_DECK, u - 0.5 * beam, u + 0.5 * beam, w, w + out * length, 0, top);
        put(ship, PL_HOUSE, u - 0.3 * beam, u + 0.3 * beam, w + out * 0.3 * length,
            w + out * 0.6 * length, top, top + 7);
        add_plume(ship, &(pl_plume){{u, w + out * length}, {0, out}, 0.4 * beam, 0.12, 60, 0.5});
    }
}

/* From both shoulders along the sides, and astern. At 8 m/s (16 kn) half of it is white. */
static void wake(const pl_synth_options *o, pl_ship *ship) {
    double share = 0.5 * pl__clamp(o->speed_m_s / 8, 0, 1), half = 0.5 * o->beam_m;
    double shoulder = 0.35 * o->length_m;
    for (int side = -1; side <= 1; side += 2)
        add_plume(ship, &(pl_plume){{shoulder, side * 0.9 * half},
                                    {-cos(0.05), side * sin(0.05)},
                                    1.5,
                                    0.05,
                                    0.9 * o->length_m,
                                    share});
    add_plume(
        ship,
        &(pl_plume){{-0.49 * o->length_m, 0}, {-1, 0}, 0.5 * half, 0.06, 2 * o->length_m, share});
}

void pl__synth_beside(const pl_synth_options *o, pl_ship *ship) {
    if (o->quay) quay(o, ship);
    if (o->jetty) jetty(o, ship);
    if (o->neighbour) neighbour(o, ship);
    if (o->barge) barge(o, ship);
    if (o->tug) tug(o, ship);
    if (o->speed_m_s > 0) wake(o, ship);
}
