#include "data.h"

/*
 * The assembler copies the files. They have a section of their own, away from what every command
 * touches when it starts (src/cmake/static.ld).
 */
#define FILE_OF(name)                                                                \
    __asm__(".pushsection .tables,\"a\",%progbits\n"                                 \
            ".hidden cc_table_" #name "\n.global cc_table_" #name "\n"               \
            ".hidden cc_table_" #name "_end\n.global cc_table_" #name "_end\n"       \
            "cc_table_" #name ":\n.incbin \"" CREDCTL_TABLES "/" #name ".txt\"\n"    \
            "cc_table_" #name "_end:\n.byte 0\n.popsection\n");                      \
    extern const char cc_table_##name[] __attribute__((visibility("hidden")));       \
    extern const char cc_table_##name##_end[] __attribute__((visibility("hidden"))); \
    struct cc_data cc_data_##name(void)                                              \
    {                                                                                \
        return (struct cc_data){cc_table_##name,                                     \
                                (size_t)(cc_table_##name##_end - cc_table_##name)};  \
    }

FILE_OF(schemas)
FILE_OF(types)
FILE_OF(actions)
FILE_OF(ended)
