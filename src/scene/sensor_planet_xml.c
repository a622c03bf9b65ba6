/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does Planet's XML say of its picture? <name>_metadata.xml, root EarthObservation.
 *
 * Conventions: illumination angles are the sun's. incidenceAngle is the view's, from the vertical.
 * azimuthAngle is the direction of the image's lines, not of the view, and the sign of
 * spaceCraftViewAngle ("east is positive") does not hold in every item: so the view azimuth stays
 * unknown. The item beside it (<id>_metadata.json) may know it. */
#include <math.h>
#include <string.h>

#include "scene/sensor.h"

static const char FLOOR[] = "scene";

static bool looks_like_planet_xml(const pl_sidecar *sidecar) {
    return strstr(sidecar->text, ":EarthObservation") && strstr(sidecar->text, "planet");
}

static pl_status read_angles(const pl_sidecar *sidecar, const pl_xml *root, pl_facts *facts,
                             pl_error *error) {
    const pl_xml *acquisition = pl__xml_find(root, "Acquisition");
    double view = NAN;
    const pl_element_row row[] = {
        {"illuminationAzimuthAngle", -360, 360, &facts->sun_azimuth_deg},
        {"illuminationElevationAngle", -90, 90, &facts->sun_elevation_deg},
        {"incidenceAngle", 0, 90, &facts->incidence_deg},
        {"spaceCraftViewAngle", -90, 90, &view},
    };
    pl_status status =
        pl__sensor_elements(sidecar, acquisition, row, sizeof row / sizeof *row, error);
    facts->off_nadir_deg = fabs(view);
    facts->incidence_field = "incidenceAngle";
    const pl_xml *time = pl__xml_find(acquisition, "acquisitionDateTime");
    if (status == PL_OK && time)
        status = pl__sensor_time(sidecar, "acquisitionDateTime", time->text, facts, error);
    if (pl__xml_find(acquisition, "azimuthAngle"))
        pl__sensor_note(facts, "azimuthAngle is that of the picture's lines: view azimuth unknown");
    return status;
}

static pl_status read_form(const pl_sidecar *sidecar, const pl_xml *root, pl_facts *facts,
                           pl_error *error) {
    double epsg = NAN;
    const pl_element_row row[] = {{"numRows", 1, 1e9, &facts->height_px},
                                  {"numColumns", 1, 1e9, &facts->width_px},
                                  {"epsgCode", 1, 1e6, &epsg},
                                  {"rowGsd", 1e-3, 1e5, &facts->pixel_m}};
    const pl_xml *product = pl__xml_find(root, "ProductInformation");
    pl_status status = pl__sensor_elements(sidecar, product, row, 4, error);
    if (isfinite(epsg)) facts->epsg = (int)epsg;
    const pl_xml *place = pl__xml_find(root, "geographicLocation");
    for (const pl_xml *corner = place ? place->first : NULL; corner && status == PL_OK;
         corner = corner->next) {
        double lon = NAN, lat = NAN;
        const pl_element_row degrees[] = {{"longitude", -360, 360, &lon},
                                          {"latitude", -90, 90, &lat}};
        status = pl__sensor_elements(sidecar, corner, degrees, 2, error);
        if (isfinite(lon + lat)) pl__sensor_corner(facts, lon, lat);
    }
    return status;
}

static void read_names(const pl_xml *root, pl_facts *facts) {
    const pl_xml *id = pl__xml_find(root, "identifier");
    const pl_xml *platform = pl__xml_find(pl__xml_find(root, "Platform"), "shortName");
    if (id) pl__text_copy(facts->id, sizeof facts->id, id->text);
    if (platform) pl__text_copy(facts->platform, sizeof facts->platform, platform->text);
}

static pl_status read_planet_xml(const pl_sidecar *sidecar, pl_facts *facts, pl_error *error) {
    pl_arena *arena;
    const pl_xml *root;
    const char *file = pl__sensor_base_name(sidecar->file);
    pl_status status = pl__sensor_open_xml(sidecar, &arena, &root, error);
    if (status == PL_OK && strcmp(root->name, "EarthObservation") != 0)
        status = pl__fail(error, PL_REFUSED, FLOOR, "%s: no XML of Planet's", file);
    if (status == PL_OK) status = read_angles(sidecar, root, facts, error);
    if (status == PL_OK) status = read_form(sidecar, root, facts, error);
    if (status == PL_OK) read_names(root, facts);
    pl_arena_free(arena);
    return status;
}

static pl_status picture(const pl_sidecar *sidecar, char *out, size_t size, pl_error *error) {
    pl_arena *arena;
    const pl_xml *root;
    pl_status status = pl__sensor_open_xml(sidecar, &arena, &root, error);
    const pl_xml *name = pl__xml_find(pl__xml_find(root, "ProductInformation"), "fileName");
    pl__text_copy(out, size, name ? name->text : "");
    pl_arena_free(arena);
    return status;
}

const pl_sensor pl__sensor_planet_xml = {.name = "planet_xml",
                                         .beside = {"*_metadata.xml"},
                                         .detect = looks_like_planet_xml,
                                         .read = read_planet_xml,
                                         .picture = picture};
