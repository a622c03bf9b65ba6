# SPDX-License-Identifier: GPL-3.0-or-later
"""Has each term of the error budget the right size? Asked of pairs of drawn scenes (run_draws.py --calibrate).

A pair is one scene drawn twice with the same ship, light, water, noise and place in the pixel grid, once with one effect, once
without. What the reading moves by is what that effect does, and nothing else does: `d`. The term's own claim stands in the
error_budget of the scene with the effect: `b`. If the term is right, the mean of d^2 is the mean of b^2.

Printed a term: number of pairs; the mean error with the effect and without; the mean of d with its standard error (an effect that pushes one way asks for a correction, not for a
wider term); rms of d with its standard error; rms of b as claimed now; their ratio with its standard error (jackknife); and the same of the middle
nine tenths of the pairs, so that one odd scene does not decide. Pairs where either is not answered are counted, not used.

Nothing is written back: who changes a constant of src/freeboard/ does it by hand, with the reason beside it. docs/method/calibration.md.
"""
import concurrent.futures
import math
import sys

from drawn import answered, draw, error_m, gather, mean_and_se, pairs_of, quantile, rms, submit

CALIBRATION_SEED = 900000  # with --seed N added: no seed that figures are stated for
# term: class to draw from, what is set in both, what takes the effect away.
TERMS = {
    "fit": ("all", "", "snr=1000000,swell=0.000001"),
    "line_spread": ("all", "", "psf_fwhm_px=1.2,sharpening=0"),
    "tone": ("tone", "", "gamma=1,jpeg=0"),
    "underwater": ("all", "", "attenuation_per_m=100"),
    "deck_edge": ("all", "", "gunwale_radius_m=0,rail_opacity=0,fishplate=0"),
    "deck_gear": ("all", "", "gear=0,trunk=0"),
    "trunk": ("all", "trunk=1", "trunk=0"),
    "heel": ("all", "", "heel_deg=0"),
    "pixel_size": ("shore", "", "shore_slope=0"),
    "view_angles": ("metadata", "", "incidence_error_deg=0,view_across_error_deg=0"),
    "mirror": ("all", "", "wave_slope=0.3"),
}
# further effects that one scene is drawn without by dissect()
OTHERS = {
    "beside": "quay=0,jetty=0,neighbour=0,barge=0,tug=0",
    "raised": "poop=0,forecastle_share=0.08",
    "boot": "boot_topping=0",
    "moving": "moving=0",
    "glint": "sun_glint=0",
    "cloud": "cloud=0",
    "exposure": "exposure=1",
    "colours": "pan_sharpened=0",
}
# what answers for an effect that has no term of its own name
ANSWERS = {"tone": "line_spread", "trunk": "deck_gear", "mirror": "fit"}


def ratio_and_se(moved, claimed):
    """rms(moved) / rms(claimed), and its standard error by leaving out one pair after the other."""
    n, a, b = len(moved), sum(d * d for d in moved), sum(c * c for c in claimed)
    if b <= 0 or n < 3:
        return math.nan, math.nan
    left_out = [math.sqrt(max(0.0, a - d * d) / (b - c * c)) for d, c in zip(moved, claimed) if b - c * c > 0]
    mean = sum(left_out) / len(left_out)
    return math.sqrt(a / b), math.sqrt((n - 1) / n * sum((x - mean) ** 2 for x in left_out))


def rms_and_se(values):
    square, se = mean_and_se([v * v for v in values])
    return math.sqrt(square), se / (2 * math.sqrt(square)) if square > 0 else 0.0


def middle(moved, claimed):
    """The nine tenths of the pairs that moved least."""
    most = quantile([abs(d) for d in moved], 0.9)
    return zip(*[(d, c) for d, c in zip(moved, claimed) if abs(d) <= most])


def judge(*ratios):
    """Of all pairs, and of the nine tenths that moved least."""
    too_small = [ratio - 2 * se > 1 for ratio, se in ratios]
    if all(too_small):
        return "too small"
    if all(ratio + 2 * se < 1 for ratio, se in ratios):
        return "too large, unless it stands for more than is drawn"
    if any(not se < 0.35 * ratio for ratio, se in ratios):
        return "more pairs are needed"
    if too_small[0]:
        return "too small for a few scenes: they want a detector"
    return "as it ought to be"


def report(term, with_it, without):
    name = ANSWERS.get(term, term)
    pairs = [(a, b) for a, b in zip(with_it, without) if answered(a) and answered(b)]
    if len(pairs) < 3:
        print(f"{term:12s} {len(pairs):4d} pairs of {len(with_it)}: too few")
        return
    moved = [float(a["freeboard"]) - float(b["freeboard"]) for a, b in pairs]
    claimed = [pairs_of(a["budget"])[name] for a, _ in pairs]
    bias, bias_se = mean_and_se(moved)
    spread, spread_se = rms_and_se(moved)
    ratio, ratio_se = ratio_and_se(moved, claimed)
    trimmed, trimmed_se = ratio_and_se(*map(list, middle(moved, claimed)))
    verdict = judge((ratio, ratio_se), (trimmed, trimmed_se))
    off = [sum(map(error_m, side)) / len(pairs) for side in zip(*pairs)]
    print(f"{term:12s} {len(pairs):4d}/{len(with_it):<4d} {off[0]:+7.3f} {off[1]:+7.3f} {bias:+7.3f} {bias_se:6.3f}  {spread:6.3f} {spread_se:6.3f}  {rms(claimed):6.3f} {ratio:7.2f} {ratio_se:5.2f} "
          f"{trimmed:7.2f} {trimmed_se:5.2f}  {name}: {verdict}")


def dissect(args):
    """One scene (--dissect CLASS,K) as it is, then without one effect after the other."""
    name, k = args.dissect.split(",")
    first = True
    without = {term: settings for term, (_, _, settings) in TERMS.items()}
    for term, settings in {"as drawn": "", **without, **OTHERS}.items():
        row = draw(args.draws, name, int(k), 1, args.seed, settings)[0]
        if first:
            print(f"truth {row['truth']} m; {row['drawn']}")
            first = False
        print(f"{term:12s} {row['status']:9s} {row['freeboard']:>8s} +- {row['sigma']:7s} {row['cues']} {row['reasons']} {settings}")
        sys.stdout.flush()


def run(args):
    terms = args.terms.split(",")
    unknown = [t for t in terms if t not in TERMS and "deck_" + t not in TERMS]
    if unknown:
        raise SystemExit(f"no term {unknown[0]}; there are {', '.join(TERMS)}")
    terms = [t if t in TERMS else "deck_" + t for t in terms]
    seed = CALIBRATION_SEED + args.seed
    print("effect       pairs       bias  without mean d   +-     rms d  +-      claimed  ratio  +-   of 90 %  +-   term")
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        drawn = {}  # many terms share the scenes with everything in them: those are drawn once

        def scenes(name, *settings):
            key = name, ",".join(filter(None, settings))
            if key not in drawn:
                drawn[key] = submit(pool, args.jobs, args.draws, name, args.count, seed, key[1])
            return drawn[key]

        pairs = {term: (scenes(name, both), scenes(name, both, without)) for term, (name, both, without) in ((term, TERMS[term]) for term in terms)}
        for term in terms:
            report(term, *map(gather, pairs[term]))
            sys.stdout.flush()
