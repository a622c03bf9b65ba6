# The given packages, each found once and handed to the one floor that may use it.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenMP REQUIRED COMPONENTS C)
pkg_check_modules(GDAL REQUIRED IMPORTED_TARGET gdal>=3.6)
pkg_check_modules(TIFF REQUIRED IMPORTED_TARGET libtiff-4)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)
pkg_check_modules(FFTW REQUIRED IMPORTED_TARGET fftw3)
pkg_check_modules(ERFA REQUIRED IMPORTED_TARGET erfa)
pkg_check_modules(GSL REQUIRED IMPORTED_TARGET gsl)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(EXPAT REQUIRED IMPORTED_TARGET expat)
pkg_check_modules(NETTLE REQUIRED IMPORTED_TARGET nettle) # SHA-256; GDAL's own is not exported
pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp)
# OpenCV's pkg-config file pulls in every module (Qt, VTK, HDF5); core imgproc and dnn are all that image/ needs.
find_path(PL_OPENCV_INCLUDE opencv2/core/core_c.h PATH_SUFFIXES opencv4 REQUIRED)
find_library(PL_OPENCV_CORE opencv_core REQUIRED)
find_library(PL_OPENCV_IMGPROC opencv_imgproc REQUIRED)
find_library(PL_OPENCV_DNN opencv_dnn REQUIRED) # the learned judge of shapes (src/image/net.cpp)
add_library(pl_opencv INTERFACE)
# The C headers include <array> under C too: an empty file of that name and CV_CXX11 make them plain C.
target_include_directories(pl_opencv SYSTEM INTERFACE ${CMAKE_SOURCE_DIR}/src/image/opencv_shim ${PL_OPENCV_INCLUDE})
target_compile_definitions(pl_opencv INTERFACE CV_CXX11=1)
target_link_libraries(pl_opencv INTERFACE ${PL_OPENCV_DNN} ${PL_OPENCV_IMGPROC} ${PL_OPENCV_CORE} stdc++)
