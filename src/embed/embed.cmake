# Writes a C file with the bytes of each file as constant data: cc_blob_NAME, for NAME.yaml.
# Usage: cmake -DOUT=blobs.c "-DFILES=a.yaml;b.yaml" -P embed.cmake
set(text "#include \"credctl/templates/template.h\"\n")
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} NAME_WE)
  string(MAKE_C_IDENTIFIER ${name} name)
  file(READ ${file} bytes HEX)
  string(LENGTH "${bytes}" size)
  math(EXPR size "${size} / 2")
  string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(APPEND text
    "\nstatic const unsigned char bytes_of_${name}[] = {\n${bytes}0x00};\n"
    "const struct cc_blob cc_blob_${name} = {bytes_of_${name}, ${size}};\n")
endforeach()
file(WRITE ${OUT} "${text}")
