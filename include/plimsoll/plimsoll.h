/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file plimsoll.h
 * All of libplimsoll, for users; the library's own files include the floor they need.
 */
#ifndef PLIMSOLL_PLIMSOLL_H
#define PLIMSOLL_PLIMSOLL_H

#include "plimsoll/base.h"
#include "plimsoll/findings.h"
#include "plimsoll/freeboard.h"
#include "plimsoll/hull.h"
#include "plimsoll/io.h"
#include "plimsoll/load.h"
#include "plimsoll/pipeline.h"
#include "plimsoll/port.h"
#include "plimsoll/report.h"
#include "plimsoll/results.h"
#include "plimsoll/review.h"
#include "plimsoll/scene.h"
#include "plimsoll/synth.h"
#include "plimsoll/visit.h"
#include "plimsoll/worker.h"

#endif
