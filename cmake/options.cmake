# One set of compiler options for every floor, and the function that makes a floor.
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON) # newlocale, strtod_l, M_PI-free: GNU/POSIX names
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_CXX_STANDARD 17) # src/image/net.cpp, the one C++ file: OpenCV's dnn has no C API
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

add_library(pl_options INTERFACE)
target_include_directories(pl_options INTERFACE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/include)
target_compile_definitions(pl_options INTERFACE _GNU_SOURCE PL_VERSION="${PROJECT_VERSION}")
# -ffp-contract=off: the same bytes from gcc, clang and any -march (design/architecture.md).
target_compile_options(pl_options INTERFACE -ffp-contract=off -fno-math-errno -Wall -Wextra -Wconversion -Wshadow -Wpointer-arith
  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes> $<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes> -Wwrite-strings -Wvla $<$<BOOL:${PL_WERROR}>:-Werror>)

# pl_floor(NAME SOURCES... LIBRARIES targets): an object library, and an audit that no .c file lies about unlisted.
function(pl_floor floor)
  cmake_parse_arguments(A "" "" "SOURCES;LIBRARIES" ${ARGN})
  file(GLOB found RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} CONFIGURE_DEPENDS *.c)
  foreach(file IN LISTS found)
    if(NOT file IN_LIST A_SOURCES)
      message(FATAL_ERROR "src/${floor}/${file} is not listed in src/${floor}/CMakeLists.txt")
    endif()
  endforeach()
  add_library(pl_floor_${floor} OBJECT ${A_SOURCES})
  target_link_libraries(pl_floor_${floor} PRIVATE pl_options ${A_LIBRARIES})
  set_property(GLOBAL APPEND PROPERTY PL_FLOOR_LIBRARIES ${A_LIBRARIES})
endfunction()
