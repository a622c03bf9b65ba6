# The front door. The work is done by CMake and Ninja; this file says which words start it. `make help` lists them.
# The first two targets need nothing but a Debian 12: they install what is missing (scripts/packages.txt).

BUILD     := build
PREFIX    ?= /usr/local
TEST_JOBS ?= 2
SCENES    ?= ../shared/scenes
REAL      ?= ../shared/real
NAVAL     ?= ../shared/naval
PYTHON    := $(firstword $(wildcard /usr/bin/python3) python3)
# In CI a warning is an error. A build folder made without that is configured again, once.
WERROR    := $(if $(filter true,$(CI)),-DPL_WERROR=ON)

.PHONY: demo check build install deb deb-clean clean format asan bench help packages packages-check configure pages
.NOTPARALLEL:
.DEFAULT_GOAL := help

demo: configure ## install what is missing, build, measure the samples, draw every step into out/demo, write the report
	@ninja -C $(BUILD) src/cli/plimsoll
	@scripts/demo.sh $(BUILD)/src/cli/plimsoll

check: packages-check build ## install what is missing, build all, run all tests
	@ctest --test-dir $(BUILD) --output-on-failure -j$(TEST_JOBS)

build: configure ## build the library, the program and the tests in build/
	@ninja -C $(BUILD)

install: build ## install under PREFIX (/usr/local); DESTDIR is honoured
	@cmake --install $(BUILD) --prefix $(PREFIX)

deb: build ## build/plimsoll_VERSION_ARCH.deb, with what it depends on worked out by dpkg-shlibdeps
	@cd $(BUILD) && cpack -G DEB

deb-clean: build ## install that package in a Debian 12 that has nothing else, and measure a sample there (as root; mmdebstrap)
	@tests/install/deb.sh $(BUILD) --clean

asan: packages ## run the tests under address and undefined-behaviour sanitizers, in build-asan/
	@test -f build-asan/build.ninja || cmake --preset asan
	@ninja -C build-asan
	@ctest --test-dir build-asan --output-on-failure -j$(TEST_JOBS)

bench: configure ## ships found, accuracy on the rendered scenes (SCENES) and on drawn ships, pairs of pictures, the same raw, the cost of workers, batches that are killed, reading speed, a page of 500 hulls, a walk over the real pictures (REAL)
	@ninja -C $(BUILD) src/cli/plimsoll
	@$(PYTHON) -B bench/detect/run.py --scenes $(SCENES) --kge $(REAL)/kge-ships --real $(REAL) --plimsoll $(BUILD)/src/cli/plimsoll
	-@$(PYTHON) -B bench/detect/speed.py --scenes $(SCENES) --plimsoll $(BUILD)/src/cli/plimsoll
	@$(PYTHON) -B bench/accuracy/run.py --scenes $(SCENES) --plimsoll $(BUILD)/src/cli/plimsoll
	@ninja -C $(BUILD) draws
	@$(PYTHON) -B bench/accuracy/run_draws.py --draws $(BUILD)/bench/draws
	-@$(PYTHON) -B bench/compare/run.py --scenes $(SCENES) --plimsoll $(BUILD)/src/cli/plimsoll
	-@$(PYTHON) -B bench/compare/register.py --scenes $(SCENES) --plimsoll $(BUILD)/src/cli/plimsoll --count 1
	@ninja -C $(BUILD) bench_year bench_port_year
	@$(BUILD)/bench/bench_year models 101 20 --known
	@$(BUILD)/bench/bench_year models 101 20
	@$(BUILD)/bench/bench_port_year
	@ninja -C $(BUILD) bench_forecast bench_warps
	@$(BUILD)/bench/bench_forecast 36 1 0
	-@$(BUILD)/bench/bench_warps $(SCENES)/scenes/d00?.tif
	@ninja -C $(BUILD) load_check
	-@for check in "surveys draft_survey_pairs" "pairs draft_survey_pairs" "fleet particulars_marinevessels_tankers" \
	  "hydrostatics hydrostatics_arklow_rainbow_coaster" "hydrostatics hydrostatics_supramax_bulk_unnamed"; do \
	  set -- $$check; $(BUILD)/tests/load/load_check models $$1 $(NAVAL)/$$2.csv; done
	-@$(BUILD)/tests/load/load_check models speed
	-@$(PYTHON) -B bench/load/cross_validate.py --check $(BUILD)/tests/load/load_check --models models $(NAVAL)/particulars_marinevessels_tankers.csv
	@$(PYTHON) -B bench/raw/run.py --scenes $(SCENES) --plimsoll $(BUILD)/src/cli/plimsoll
	@$(PYTHON) -B bench/isolate/run.py --plimsoll $(BUILD)/src/cli/plimsoll
	@ninja -C $(BUILD) evil
	-@$(PYTHON) -B bench/batch/run.py --plimsoll $(BUILD)/src/cli/plimsoll
	@ninja -C $(BUILD) bench_scene_read bench_scene_alone
	@$(PYTHON) -B bench/scene/run.py --build $(BUILD)
	-@$(PYTHON) -B bench/report/run.py --plimsoll $(BUILD)/src/cli/plimsoll
	@$(PYTHON) -B bench/real/run.py --pictures $(REAL) --plimsoll $(BUILD)/src/cli/plimsoll

pages: configure ## write the outputs and the picture that README and docs show anew
	@ninja -C $(BUILD) src/cli/plimsoll
	@scripts/pages.sh $(BUILD)/src/cli/plimsoll

format: ## put every C file into the form of .clang-format
	@command -v clang-format >/dev/null || { echo "clang-format is missing: apt-get install clang-format" >&2; exit 1; }
	@find src include tests bench examples -name '*.[ch]' -exec clang-format -i {} +

clean: ## remove the build folders and out/
	rm -rf build build-* out

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

packages:
	@scripts/packages.sh

packages-check: packages
	@scripts/packages.sh --check

# The marks: build.ninja exists only after a configure that succeeded; CI adds its option to an older folder.
configure: packages
	@test -f $(BUILD)/build.ninja && { test -z '$(WERROR)' || grep -q '^PL_WERROR:BOOL=ON' $(BUILD)/CMakeCache.txt; } || \
	    cmake --preset release $(WERROR)
