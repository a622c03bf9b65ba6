/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How is a trained network run? By OpenCV's dnn, which speaks C++ only: nothing of it leaves this
 * file, exceptions least of all.
 *
 * One thread inside a network, always: sums then run in one order, and the bytes are the same on
 * any number of cores. */
#include "image/net.h"

#include <cstdio>
#include <cstring>
#include <exception>
#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/dnn.hpp>

struct pl_net {
    cv::dnn::Net net;
};

namespace {

void tell(char *problem, size_t size, const char *what) {
    if (size > 0) std::snprintf(problem, size, "%s", what);
}

/* OpenCV prints what it does not like, and counts its threads for the whole process: both as they
 * were when we are through. */
class quiet {
  public:
    quiet()
        : level_(cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT)),
          threads_(cv::getNumThreads()) {
        cv::setNumThreads(1);
    }
    ~quiet() {
        cv::setNumThreads(threads_);
        cv::utils::logging::setLogLevel(level_);
    }
    quiet(const quiet &) = delete;
    quiet &operator=(const quiet &) = delete;

  private:
    cv::utils::logging::LogLevel level_;
    int threads_;
};

} // namespace

extern "C" pl_net *pl__net_read(const unsigned char *onnx, size_t size, char *problem,
                                size_t problem_size) {
    pl_net *made = nullptr;
    tell(problem, problem_size, "");
    try {
        quiet silence;
        made = new pl_net;
        made->net = cv::dnn::readNetFromONNX(reinterpret_cast<const char *>(onnx), size);
        if (made->net.empty()) throw std::exception();
        made->net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
        made->net.setPreferableTarget(cv::dnn::DNN_TARGET_CPU);
        return made;
    } catch (const std::exception &e) {
        tell(problem, problem_size, e.what());
    } catch (...) {
        tell(problem, problem_size, "not a network that OpenCV can run");
    }
    delete made;
    return nullptr;
}

extern "C" void pl__net_free(pl_net *net) {
    try {
        delete net;
    } catch (...) {
        return; /* a destructor that throws has lost its memory, and nothing of ours */
    }
}

extern "C" bool pl__net_run(pl_net *net, const float *in, int count, int planes, int height,
                            int width, float *out, int outputs) {
    try {
        quiet silence;
        const int size[] = {count, planes, height, width};
        cv::Mat input(4, size, CV_32F, const_cast<float *>(in));
        net->net.setInput(input);
        cv::Mat result = net->net.forward();
        const size_t wanted = static_cast<size_t>(count) * static_cast<size_t>(outputs);
        if (result.type() != CV_32F || result.total() != wanted || !result.isContinuous())
            return false;
        std::memcpy(out, result.ptr<float>(), wanted * sizeof *out);
        return true;
    } catch (...) {
        return false;
    }
}
