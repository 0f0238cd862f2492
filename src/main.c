#include "credctl/cli/cli.h"
#include "credctl/world/heap.h"

int main(int argc, char **argv)
{
    struct cc_world *world =
        cc_world_real(""); /* first, because it saves the limits that cc_harden changes */

    cc_harden();
    int status = cc_cli_main(world, argc, argv);
    cc_world_close(world);
    return status;
}
