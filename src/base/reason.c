/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is each reason called, for scripts and for people? */
#include "base/base.h"

typedef struct reason_row {
    const char *code, *text;
} reason_row;

static const reason_row REASONS[PL_REASON_COUNT] = {
    [PL_SUN_UNKNOWN] = {"sun_unknown",
                        "no sun angles in the metadata and no time for the ephemeris"},
    [PL_VIEW_UNKNOWN] = {"view_unknown", "no view angles: the lean of the side is not known"},
    [PL_SUN_CONTRADICTED] = {"sun_contradicts_ephemeris",
                             "the metadata's sun differs from the ephemeris"},
    [PL_SUN_TOO_LOW] = {"sun_too_low", "the sun is too low for a sharp shadow"},
    [PL_SUN_ALONG_KEEL] =
        {"sun_along_keel",
         "sun and view lie along the keel: neither shadow nor wall on either side"},
    [PL_SHADOW_HIDDEN] = {"shadow_hidden",
                          "the lean of the deck covers the shadow and no wall is seen"},
    [PL_SHADOW_ON_QUAY] = {"shadow_on_quay",
                           "no open water beside the side that would carry the cue"},
    [PL_TOO_COARSE] = {"too_coarse", "shadow or wall would be narrower than a pixel or so"},
    [PL_LOW_CONTRAST] = {"low_contrast", "shadow or wall does not stand out from the water"},
    [PL_EDGE_NOT_FOUND] = {"edge_not_found", "too few cross-sections show both edges"},
    [PL_CUES_DISAGREE] = {"cues_disagree", "the cues contradict each other beyond chance"},
    [PL_SIGMA_TOO_LARGE] = {"sigma_too_large",
                            "the uncertainty is too large to tell load states apart"},
    [PL_DECK_GEAR_SHADOW] = {"deck_gear_shadow", "part of the dark band is cast by deck gear"},
    [PL_OUTLINE_UNCERTAIN] = {"outline_uncertain", "ends or sides of the hull are not well seen"},
    [PL_AT_PICTURE_EDGE] = {"at_picture_edge",
                            "part of the hull or of its shadow lies outside the picture"},
    [PL_SATURATED] = {"saturated", "saturated pixels at the edges that matter"},
    [PL_CLOUD] = {"cloud", "cloud over the hull or its shadow"},
    [PL_ALONGSIDE] =
        {"alongside",
         "a quay, a jetty or another hull touches this one; that side is not measured"},
    [PL_BOW_UNCERTAIN] = {"bow_uncertain", "bow and stern could not be told apart"},
    [PL_CLASS_ASSUMED] = {"class_assumed_tanker",
                          "taken for a tanker without a judgement of its class"},
    [PL_DIMENSIONS_ODD] = {"dimensions_implausible", "length and beam fit no ship"},
    [PL_FREEBOARD_ODD] = {"freeboard_implausible",
                          "the freeboard does not fit a ship of these dimensions"},
    [PL_BALLAST_OR_CARGO] = {"ballast_or_cargo",
                             "a light ship in ballast and one with a little cargo look alike"},
    [PL_WALL_ONLY] = {"wall_only", "only a lit wall was seen, and paint can look like its edges"},
    [PL_VIEW_CONTRADICTED] =
        {"view_contradicts_picture",
         "high parts of ships lean towards the side on which the satellite is said to have been"},
    [PL_NO_GEOREFERENCE] = {"no_georeference", "no georeference: the pixel size was given by hand"},
    [PL_GEOREFERENCE_CONTRADICTED] = {"georeference_contradicted",
                                      "the picture's pixel size or orientation is not what its "
                                      "metadata state"},
    [PL_DEEP_LOADED] = {"deep_loaded", "she lies deeper than her load line allows"},
    [PL_VESSEL_MISMATCH] = {"vessel_mismatch",
                            "length or beam is not that of the vessel that was named"},
    [PL_NO_HULL_HERE] = {"no_hull_here", "no hull can be outlined at the place that was named"},
    [PL_CLASS_UNSURE] = {"class_unsure",
                         "the deck does not tell whether it is a tanker; taken for one"},
    [PL_NOT_A_TANKER] = {"not_a_tanker", "the deck is not a tanker's: no load is inferred"},
    [PL_OUTLINE_BY_SHAPE] = {"outline_by_shape",
                             "a learned judge holds the shape for a ship: no side was measured"},
    [PL_SEEN_ONCE] = {"seen_once", "one picture of the call shows her: what she carried away or "
                                   "brought is not told by it"},
    [PL_ARRIVAL_UNSEEN] = {"arrival_unseen", "no picture shows her as she came"},
    [PL_DEPARTURE_UNSEEN] = {"departure_unseen", "no picture shows her as she left"},
    [PL_SAME_HULL_UNSURE] = {"same_hull_unsure", "two pictures may show two ships"},
    [PL_COVERAGE_GAP] = {"coverage_gap",
                         "between two pictures lies more time than a call takes: there may have "
                         "been another one"},
    [PL_IDENTITY_CONTRADICTED] = {"identity_contradicted",
                                  "size, time or place speak against who she is said to be"},
    [PL_OUTDATED] = {"outdated", "the picture was changed since, and measuring it anew has failed"},
};

const char *pl_reason_code(pl_reason reason) {
    return (unsigned)reason < PL_REASON_COUNT ? REASONS[reason].code : NULL;
}

const char *pl_reason_text(pl_reason reason) {
    return (unsigned)reason < PL_REASON_COUNT ? REASONS[reason].text : NULL;
}

const char *pl_version(void) {
    return PL_VERSION;
}
