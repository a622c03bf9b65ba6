/* SPDX-License-Identifier: GPL-3.0-or-later */
/* By what is a scene known to be done already? */
#ifndef PL_RUN_KEY_H
#define PL_RUN_KEY_H

#include "plimsoll/pipeline.h"

enum { PL_KEY_SIZE = 65 }; /* SHA-256 in hex digits, NUL */

/**
 * What all scenes of a run share: the program's version, every file of the models' folder, the
 * registry that was named, the area of interest, and the options that can change a result.
 * @param words those options, as text. @param base gets the hash.
 * @return PL_E_IO when one of the files cannot be read.
 */
pl_status pl__key_base(const pl_measure_options *options, const char *words, char base[PL_KEY_SIZE],
                       pl_error *error);

/**
 * The key of one scene: the base, and the bytes of its picture and of every file that speaks of it.
 * @param scene after pl_scene_hash.
 * @return false, and "", when one of them cannot be told from another state of it (a server that
 * says neither ETag nor time): such a scene is never known to be done.
 */
bool pl__key_scene(const char base[PL_KEY_SIZE], const pl_scene_info *scene, char key[PL_KEY_SIZE]);

#endif
