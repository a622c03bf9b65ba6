#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Freeboard of each hull in a picture, by libplimsoll through ctypes: measure.py PICTURE MODELS_DIR [LIBRARY]"""
import ctypes
import json
import sys


class Error(ctypes.Structure):  # pl_error
    _fields_ = [("status", ctypes.c_int), ("floor", ctypes.c_char * 16), ("message", ctypes.c_char * 240)]


def measure(picture, models, library="libplimsoll.so.0.1"):
    """The GeoJSON of one picture as a dictionary. Raises RuntimeError with plimsoll's own words."""
    plimsoll, libc = ctypes.CDLL(library), ctypes.CDLL(None)
    plimsoll.pl_measure_file.argtypes = [ctypes.c_char_p] * 3 + [ctypes.POINTER(ctypes.c_char_p), ctypes.POINTER(Error)]
    libc.free.argtypes = [ctypes.c_void_p]
    text, error = ctypes.c_char_p(), Error()
    if plimsoll.pl_measure_file(picture.encode(), models.encode(), b"geojson", ctypes.byref(text), ctypes.byref(error)):
        raise RuntimeError(error.message.decode())
    try:
        return json.loads(text.value)
    finally:
        libc.free(text)


if __name__ == "__main__":
    if not 3 <= len(sys.argv) <= 4:
        sys.exit("usage: measure.py PICTURE MODELS_DIR [LIBRARY]")
    try:
        answer = measure(*sys.argv[1:])
    except (RuntimeError, OSError) as trouble:
        sys.exit(f"{sys.argv[1]}: {trouble}")
    for hull in answer["features"]:
        p = hull["properties"]
        print(p["id"], p["status"], p["freeboard_m"], p["freeboard_sigma_m"], p["reasons"])
