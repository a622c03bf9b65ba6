#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How are a tanker's length, beam, deadweight, summer draft and tonnage related?

Fits models/tanker_regressions.csv from a file of ship particulars (columns loa_m, beam_m, dwt_t,
max_draught_m, gt, flag_draught_suspect) and prints it:

    /usr/bin/python3 bench/fit_particulars.py particulars.csv > models/tanker_regressions.csv

For each class, ordinary least squares in logarithms, refitted without residuals beyond three
sigma (1.4826 MAD) until nothing changes. log_sigma is the Gaussian sigma whose 90 % range is that
of ALL residuals of the class, (q95 - q05) / 3.29, wrong rows and whole-metre rounding of the inputs
included: a range must hold for the next ship, not for the tidy ones. The correlations are those of
the residuals kept.
"""
import csv
import sys

import numpy as np

SOURCE = ("least squares by bench/fit_particulars.py on MarineVessels "
          "(github rich-iannone/MarineVessels; MIT); draft is AIS maximum draught")
DATE = "2026-11"
HEAD = """# How long, wide, deep and heavy are tankers? A class a group of rows; natural logarithms, metres, tonnes:
#   ln quantity = ln_a + exp_loa ln LOA + exp_beam ln B, scatter log_sigma, corr_* = correlation of the scatter with that of dwt and draft.
# loa is the class's own mean, beam is given length, the others given length and beam. n is also the class's frequency in the fleet.
# To update: /usr/bin/python3 bench/fit_particulars.py PARTICULARS.csv > models/tanker_regressions.csv"""


def number(text):
    try:
        return float(text)
    except ValueError:
        return np.nan


def fit(columns, y):
    """Coefficients, all residuals, and which of them were kept."""
    x = np.column_stack([np.ones(len(y))] + columns)
    keep = np.isfinite(y)
    for _ in range(50):
        b = np.linalg.lstsq(x[keep], y[keep], rcond=None)[0]
        r = y - x @ b
        # half the ships of a class can share one beam: no sigma below a whole metre's rounding
        s = max(1.4826 * np.median(np.abs(r[keep] - np.median(r[keep]))), 0.01)
        again = np.isfinite(y) & (np.abs(r) < 3 * s)
        if (again == keep).all():
            break
        keep = again
    return b, r, keep


def sigma(r):
    return np.diff(np.nanquantile(r, [0.05, 0.95]))[0] / 3.29


def row(name, low, high, quantity, b, s, corr, n):
    b = list(b) + [0.0] * (3 - len(b))
    corr = list(corr) + [0.0] * (2 - len(corr))
    return ",".join([name, str(low), str(high), quantity] + ["%.4f" % v for v in b] + ["%.4f" % s] +
                    ["%.2f" % c for c in corr] + [str(n), SOURCE, DATE])


def columns(rows):
    return [np.array([number(r[k]) for r in rows]) for k in ("loa_m", "beam_m", "dwt_t", "max_draught_m", "gt")]


def sound(rows, loa, beam, dwt, draft):
    """Which rows are fitted to."""
    good = np.array([r["flag_draught_suspect"] == "0" for r in rows])
    return good & (loa > 20) & (beam > 4) & (draft > 1) & (dwt >= 100)


def classes_of(loa, dwt, draft):
    """(name, least and most deadweight, which ships)."""
    river = (loa >= 21 * draft) & (dwt < 9000)
    bounds = [("bunkering", 100, 1000, ~river), ("small sea", 1000, 2500, ~river),
              ("coastal sea", 2500, 8000, ~river), ("river-sea", 100, 9000, river), ("intermediate", 8000, 25000, ~river),
              ("handy and MR", 25000, 60000, ~river), ("panamax and aframax", 60000, 130000, ~river),
              ("suezmax and VLCC", 130000, 600000, ~river)]
    return [(name, low, high, kind & (dwt >= low) & (dwt < high)) for name, low, high, kind in bounds]


def table(rows):
    """The text of models/tanker_regressions.csv."""
    loa, beam, dwt, draft, gt = columns(rows)
    good = sound(rows, loa, beam, dwt, draft)
    lines = [HEAD, "class,dwt_min_t,dwt_max_t,quantity,ln_a,exp_loa,exp_beam,log_sigma,corr_dwt,corr_draft,n,source,date"]
    for name, low, high, kind in classes_of(loa, dwt, draft):
        g = good & kind
        n = int(g.sum())
        l, b = np.log(loa[g]), np.log(beam[g])
        w, t = np.log(dwt[g]), np.log(draft[g])
        v = np.log(np.where(gt[g] > 0, gt[g], np.nan))
        fb = np.polyfit(l, b, 1)[::-1]
        rb = b - fb[0] - fb[1] * l
        fw, rw, kw = fit([l, b], w)
        ft, rt, kt = fit([l, b], t)
        fv, rv, kv = fit([l, b], v)
        both, three = kw & kt, kw & kt & kv
        lines += [row(name, low, high, "loa", [l.mean()], l.std(), [], n),
                  row(name, low, high, "beam", fb, rb.std(), [], n),
                  row(name, low, high, "dwt", fw, sigma(rw), [], n),
                  row(name, low, high, "draft", ft, sigma(rt), [np.corrcoef(rw[both], rt[both])[0, 1]], n),
                  row(name, low, high, "gt", fv, sigma(rv), [np.corrcoef(rw[three], rv[three])[0, 1],
                                                            np.corrcoef(rt[three], rv[three])[0, 1]], n)]
    return "\n".join(lines) + "\n"


def main():
    with open(sys.argv[1], newline="", encoding="utf-8") as file:
        sys.stdout.write(table(list(csv.DictReader(file))))


if __name__ == "__main__":
    main()
