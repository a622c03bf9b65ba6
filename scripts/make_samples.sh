#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Takes the samples from the rendered scenes beside the project (their README allows it): picture and sidecar under a
# telling name, and the truth of each as one line of samples/truth.csv.
#   scripts/make_samples.sh [../shared/scenes]
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
from=${1:-$top/../shared/scenes}
out=$top/samples
echo "sample,scene,status,freeboard_m,draft_m,load_state,heading_deg,length_m,beam_m,source" > "$out/truth.csv"
while read -r name scene status; do
    cp "$from/scenes/$scene.tif" "$out/$name.tif"
    if [ -f "$from/scenes/$scene.json" ]; then
        sed "s/\"id\": \"$scene\"/\"id\": \"$name\"/; s/$scene\.tif/$name.tif/" "$from/scenes/$scene.json" > "$out/$name.json"
    else
        cp "$from/scenes/$scene.IMD" "$out/$name.IMD"
    fi
    chmod 644 "$out/$name".*
    python3 - "$from/truth/$scene.json" "$name" "$scene" "$status" >> "$out/truth.csv" <<'PY'
import json, sys
path, name, scene, status = sys.argv[1:]
h = json.load(open(path))["hulls"][0]
share = h["draft_mid_m"] / h["load_line_draft_m"]
state = "laden" if share > 0.9 else "ballast" if share < 0.62 else "part"
print(",".join(str(x) for x in (name, scene, status, h["freeboard_mid_m"], h["draft_mid_m"], state, h["heading_deg"],
                                h["loa_m"], h["beam_m"], "rendered scene of known truth")))
PY
done <<'LIST'
empty d049 measured
laden d048 measured
berth d044 measured
refused d031 refused
pair_before d057 measured
pair_after d058 measured
LIST
