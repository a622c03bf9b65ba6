# The Debian package: one, with program, library, headers, model tables, manual pages.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "plimsoll developers <plimsoll@invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "Finds ships on the water, measures how high the deck's edge stands above it from shadow and visible side,
 and infers draft, load state and oil volume, each number with its uncertainty.")
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON) # asks dpkg-shlibdeps (dpkg-dev) which packages the libraries are from
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
include(CPack)
