/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which picture is opened when a metadata file is named, and which names are not followed? */
#include <stdio.h>
#include <stdlib.h>

#include "drawn.h"
#include "scene/sensor.h"

#define ITEM(href)                                                                                 \
    "{\"type\": \"Feature\", \"stac_version\": \"1.0.0\", \"properties\": {}, \"assets\": {"       \
    "\"thumb\": {\"href\": \"t.tif\", \"roles\": [\"thumbnail\"]}, \"a\": {\"href\": \"" href      \
    "\"}}}"

static void look(const char *name, pl_status status, const char *wanted) {
    char picture[512], sidecar[512];
    pl_error error = PL_ERROR_INIT;
    pl_status got =
        pl__sensor_picture(name, NULL, picture, sizeof picture, sidecar, sizeof sidecar, &error);
    if (got != status) fail_msg("%s: status %d: %s", name, got, error.message);
    if (status == PL_OK) {
        assert_string_equal(picture, wanted);
        assert_string_equal(sidecar, name);
    } else if (!strstr(error.message, wanted)) {
        fail_msg("%s: \"%s\" does not say \"%s\"", name, error.message, wanted);
    }
}

static void followed(void **state) {
    (void)state;
    draw_picture("/vsimem/pic/p.tif", 40, 40, 0.5);
    draw_picture("/vsimem/pic/deep/er/q.tif", 40, 40, 0.5);
    write_text("/vsimem/pic/item.json", ITEM("./p.tif"));
    look("/vsimem/pic/item.json", PL_OK, "/vsimem/pic/p.tif");
    write_text("/vsimem/pic/item2.json", ITEM("deep/er/q.tif"));
    look("/vsimem/pic/item2.json", PL_OK, "/vsimem/pic/deep/er/q.tif");
    /* names that the file does not hold: the picture lies beside it */
    write_text("/vsimem/pic/p.IMD",
               "BEGIN_GROUP = IMAGE_1\nsatId = \"WV03\";\nEND_GROUP = IMAGE_1\n");
    look("/vsimem/pic/p.IMD", PL_OK, "/vsimem/pic/p.tif");
    write_text("/vsimem/pic/p_metadata.json", "{\"properties\": {\"item_type\": \"SkySatScene\"}}");
    look("/vsimem/pic/p_metadata.json", PL_OK, "/vsimem/pic/p.tif");
    /* a picture is itself */
    char picture[512], sidecar[512];
    assert_int_equal(pl__sensor_picture("/vsimem/pic/p.tif", NULL, picture, sizeof picture, sidecar,
                                        sizeof sidecar, NULL),
                     PL_OK);
    assert_string_equal(picture, "/vsimem/pic/p.tif");
    assert_string_equal(sidecar, "");
}

static void not_followed(void **state) {
    (void)state;
    static const struct {
        const char *href, *words;
    } ROW[] = {
        {"https://example.com/p.tif", "not on a host that you named"},
        {"s3://bucket/p.tif", "not on a host that you named"},
        {"/vsimem/pic/p.tif", "not a file's name"},
        {"/vsicurl/http://example.com/p.tif", "not a file's name"},
        {"/etc/passwd.tif", "outside its own folder"},
        {"../pic/p.tif", "outside its own folder"},
        {"deep/../../p.tif", "outside its own folder"},
    };
    draw_picture("/vsimem/pic/p.tif", 40, 40, 0.5);
    for (size_t i = 0; i < sizeof ROW / sizeof *ROW; i++) {
        char text[600];
        snprintf(text, sizeof text, ITEM("%s"), ROW[i].href);
        write_text("/vsimem/pic/bad.json", text);
        look("/vsimem/pic/bad.json", PL_E_FORMAT, ROW[i].words);
        snprintf(text, sizeof text,
                 "<Dimap_Document><Data_Access><Data_File><DATA_FILE_PATH href=\"%s\"/></Data_File>"
                 "</Data_Access></Dimap_Document>",
                 ROW[i].href);
        write_text("/vsimem/pic/DIM_bad.XML", text);
        look("/vsimem/pic/DIM_bad.XML", PL_E_FORMAT, ROW[i].words);
    }
}

static void unclear(void **state) {
    (void)state;
    write_text("/vsimem/pic/none.json", "{\"type\": \"Feature\", \"properties\": {}}");
    look("/vsimem/pic/none.json", PL_E_IO, "names no picture and none lies beside it");
    write_text("/vsimem/pic/two.json",
               "{\"properties\": {}, \"assets\": {\"a\": {\"href\": \"a.tif\"}, \"b\": {\"href\": "
               "\"b.jp2\"}}}");
    look("/vsimem/pic/two.json", PL_E_FORMAT, "names 2 pictures: give one of them");
    write_text("/vsimem/pic/notes.txt", "ships seen: 3\n");
    look("/vsimem/pic/notes.txt", PL_E_FORMAT, "neither a picture nor metadata");
    write_text("/vsimem/pic/broken.json", "{");
    look("/vsimem/pic/broken.json", PL_E_FORMAT, "not JSON");
    look("/vsimem/pic/gone.json", PL_E_IO, "gone.json");
    write_text("/vsimem/pic/DIM_two.XML",
               "<Dimap_Document><Data_Access><Data_File><DATA_FILE_PATH href=\"a.tif\"/>"
               "</Data_File><Data_File/></Data_Access></Dimap_Document>");
    look("/vsimem/pic/DIM_two.XML", PL_E_FORMAT, "names several pictures: give one of them");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(followed), cmocka_unit_test(not_followed),
                                       cmocka_unit_test(unclear)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
