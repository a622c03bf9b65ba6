/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How are independent pieces of work spread over the cores? By OpenMP, one piece at a time to
 * whichever thread is free. Inside another parallel stretch there is one worker: no threads of
 * threads. */
#include <omp.h>

#include "base/base.h"

int pl__workers(void) {
    return omp_in_parallel() ? 1 : omp_get_max_threads();
}

void pl__workers_limit(int most) {
    if (most > 0 && most < omp_get_max_threads()) omp_set_num_threads(most);
}

void pl__parallel(int count, int workers, void (*work)(int index, int worker, void *context),
                  void *context) {
    if (workers < 2 || count < 2) {
        for (int i = 0; i < count; i++) work(i, 0, context);
        return;
    }
#pragma omp parallel for num_threads(workers) schedule(dynamic, 1)
    for (int i = 0; i < count; i++) work(i, omp_get_thread_num(), context);
}
