# Packs the page's parts into C: cmake -D FOLDER=... -D OUT=... -P embed.cmake
# A string literal may not be longer than a compiler likes: bytes in an array, with a NUL at the end.
function(pack name)
  set(hex)
  foreach(file IN LISTS ARGN)
    file(READ ${FOLDER}/${file} part HEX)
    string(APPEND hex ${part})
  endforeach()
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  string(REPLACE "'\\x0a'," "'\\x0a',\n" bytes "${bytes}") # a line of the part is a line here
  file(APPEND ${OUT} "const char ${name}[] = {${bytes}0};\n")
endfunction()

file(WRITE ${OUT} "/* Made by src/report/embed.cmake from src/report/page/. */\n#include \"report/page.h\"\n")
pack(PL__PAGE_HTML page.html)
pack(PL__PAGE_CSS page.css)
pack(PL__PAGE_JS ${SCRIPTS})
