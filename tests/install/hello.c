/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Can a program that knows only what is installed be compiled, linked and run? */
#include <plimsoll/plimsoll.h>
#include <stdio.h>

int main(void) {
    pl_error error = PL_ERROR_INIT;
    pl_scene *scene = NULL;
    pl_scene_options options = PL_SCENE_OPTIONS_INIT;
    pl_status status = pl_scene_open("/nonexistent.tif", &options, &scene, &error);
    printf("%s %d %s\n", pl_version(), (int)status, error.message);
    return status == PL_E_IO && scene == NULL ? 0 : 1;
}
