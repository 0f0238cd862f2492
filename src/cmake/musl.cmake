# The musl compiler and the libraries that deps.sh left in CREDCTL_DEPS_PREFIX, and nothing of the
# build machine's own headers and libraries.
# Not a cross build: CMAKE_SYSTEM_NAME stays unset, so that curl may run its checks and find poll().
set(CMAKE_C_COMPILER ${CREDCTL_DEPS_PREFIX}/bin/musl-cc)
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES CREDCTL_DEPS_PREFIX)
set(CMAKE_FIND_ROOT_PATH ${CREDCTL_DEPS_PREFIX})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
